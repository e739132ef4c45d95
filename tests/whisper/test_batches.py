"""Spans decoded together: the same text for every batch size, cut where it is quiet."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from ironbird.base.errors import UsageError
from tools.whisper_goldens.scripted_model import ScriptedModel, scripted_features
from whisper_pipeline import transcription
from whisper_pipeline.decoding import decode
from whisper_pipeline.decoding_options import DecodingOptions
from whisper_pipeline.log_mel import WINDOW_FRAMES
from whisper_pipeline.spans import SEARCHED_FRAMES, spans
from whisper_pipeline.transcription import transcribe_features
from whisper_pipeline.transcription_options import TranscriptionOptions


def test_the_batch_size_makes_no_difference() -> None:
    model, features = ScriptedModel(1), scripted_features(14_000)
    results = [
        transcribe_features(
            model,
            features,
            TranscriptionOptions(
                batch_size=batch_size,
                temperature=0.0,
                initial_prompt="Names: Ada.",
                word_timestamps=True,
            ),
        )
        for batch_size in (2, 3, 8)
    ]
    assert results[0] == results[1] == results[2]
    seeks = [segment["seek"] for segment in results[0]["segments"]]
    assert len(set(seeks)) > 3
    assert seeks == sorted(seeks)
    assert [segment["id"] for segment in results[0]["segments"]] == list(range(len(seeks)))


@pytest.mark.parametrize("clips", ["0", "0,0,3,28.5,90,95"])
@pytest.mark.parametrize("seed", [0, 3])
def test_audio_of_one_window_is_transcribed_in_sequence(seed: int, clips: str) -> None:
    """Its windows are given the text before them, and only the first one the initial prompt.

    Clips without a frame are no windows.
    """
    model, features = ScriptedModel(seed), scripted_features(2_900)
    results = [
        transcribe_features(
            model,
            features,
            TranscriptionOptions(
                initial_prompt="Names: Ada.",
                word_timestamps=True,
                batch_size=batch_size,
                clip_timestamps=clips,
            ),
        )
        for batch_size in (1, TranscriptionOptions().batch_size)
    ]
    assert TranscriptionOptions().batch_size == 8
    assert results[0] == results[1]


def test_every_window_of_a_batch_is_given_the_initial_prompt_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prompts = []

    def noted(model: Any, audio: Any, count: int, options: DecodingOptions, random: Any) -> Any:
        prompts.append(options.prompt)
        return decode(model, audio, count, options, random)

    monkeypatch.setattr(transcription, "decode", noted)
    options = TranscriptionOptions(batch_size=3, temperature=0.0, initial_prompt="Names: Ada.")
    model = ScriptedModel(1)
    transcribe_features(model, scripted_features(14_000), options)
    assert len(prompts) > 3
    assert all(prompt == model.tokenizer.encode(" Names: Ada.") for prompt in prompts)


def test_failures_go_on_alone_and_clips_hold() -> None:
    options = TranscriptionOptions(batch_size=4, clip_timestamps="10,80", language="en")
    result = transcribe_features(ScriptedModel(0), scripted_features(14_000), options)
    segments = result["segments"]
    assert len({segment["temperature"] for segment in segments}) > 1
    assert all(1_000 <= segment["seek"] < 8_000 for segment in segments)


def test_spans_end_at_the_quietest_place() -> None:
    features = np.ones((80, 10_000), np.float32)
    features[:, 2_700:2_740] = -1
    features[:, 5_090:5_120] = 0
    first, second, *_ = spans(features, 0, 10_000)
    assert (first, second) == ((0, 2_710), (2_710, 5_100))


@pytest.mark.parametrize("frames", [1, 2_999, 3_000, 3_001, 50_000])
def test_spans_cover_the_audio_and_fit_a_window(frames: int) -> None:
    features = np.random.default_rng(0).standard_normal((80, frames + 7)).astype(np.float32)
    found = spans(features, 7, frames + 7)
    assert [found[0][0], found[-1][1]] == [7, frames + 7]
    assert all(before[1] == after[0] for before, after in pairwise(found))
    assert all(0 < end - start <= WINDOW_FRAMES for start, end in found)
    assert all(end - start > WINDOW_FRAMES - SEARCHED_FRAMES for start, end in found[:-1])


def test_a_batch_of_nothing() -> None:
    with pytest.raises(UsageError) as found:
        TranscriptionOptions(batch_size=0)
    assert str(found.value) == "batch_size=0 is below 1"
