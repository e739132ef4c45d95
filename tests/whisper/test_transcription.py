"""Transcripts of scripted models are openai-whisper's, recorded and live; and what is our own."""

import gzip
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from ironbird.base.errors import UsageError
from tools.whisper_goldens import heard
from tools.whisper_goldens.scripted_model import ScriptedModel, scripted_features
from tools.whisper_goldens.transcripts import FILE, all_runs, scripted
from whisper_pipeline.host_ops import HostOps
from whisper_pipeline.model import Whisper
from whisper_pipeline.segments import Segment
from whisper_pipeline.transcription import Listener, transcribe_audio, transcribe_features
from whisper_pipeline.transcription_options import TranscriptionOptions
from whisper_pipeline.word_timing import warp

GOLDENS = Path(__file__).parent / "goldens"
RECORDED = json.loads(gzip.decompress((GOLDENS / FILE).read_bytes()))
HEARD = json.loads(gzip.decompress((GOLDENS / heard.FILE).read_bytes()))


def agrees(found: Any, expected: Any) -> bool:
    """Equal to the type, the order of keys and the last letter; floats to 1e-4."""
    if isinstance(expected, dict):
        same_keys = isinstance(found, dict) and list(found) == list(expected)
        return same_keys and all(agrees(found[key], expected[key]) for key in expected)
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(agrees, found, expected))
    if isinstance(expected, float):
        return isinstance(found, float) and found == pytest.approx(expected, rel=1e-4, abs=1e-5)
    return type(found) is type(expected) and found == expected


def run(seed: int, vocabulary: int, options: dict[str, Any]) -> dict[str, Any]:
    """In sequence, as openai-whisper transcribes."""
    in_sequence = TranscriptionOptions(batch_size=1, **options)
    return transcribe_features(*scripted(seed, vocabulary), in_sequence)


@pytest.mark.parametrize(
    ("name", "seed", "vocabulary", "options"),
    all_runs(),
    ids=[f"{name}-{seed}" for name, seed, *_ in all_runs()],
)
def test_transcripts_are_the_recorded_ones(
    name: str, seed: int, vocabulary: int, options: dict[str, Any]
) -> None:
    found, expected = run(seed, vocabulary, options), RECORDED[f"{name}-{seed}"]
    assert agrees(found, expected), (found, expected)


def test_the_recorded_stories_meet_every_branch() -> None:
    segments = [segment for result in RECORDED.values() for segment in result["segments"]]
    assert {0.0, 1.0} < {segment["temperature"] for segment in segments}
    assert any(segment["words"] for segment in segments if "words" in segment)
    assert any(segment["text"] == "" for segment in segments)
    assert any(segment["no_speech_prob"] > 0.6 for segment in segments)
    assert max(len(result["segments"]) for result in RECORDED.values()) >= 8
    assert {result["language"] for result in RECORDED.values()} > {"en", "de"}


@pytest.mark.full
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", [102, 103])
def test_transcripts_agree_with_openai_whisper(openai_whisper: ModuleType, seed: int) -> None:
    from tools.whisper_goldens.openai_stand_in import openai_transcribe

    options: dict[str, Any] = {"word_timestamps": True, "hallucination_silence_threshold": 0.5}
    expected = openai_transcribe(*scripted(seed, 51865), options)
    assert agrees(run(seed, 51865, options), json.loads(json.dumps(expected)))


def whole_model_hears(name: str) -> dict[str, Any]:
    """From samples to words through every layer, with random weights."""
    checkpoint, sound = heard.model_and_sound()
    model = Whisper(checkpoint, HostOps())
    options = TranscriptionOptions(batch_size=1, **heard.options_of(name))
    return transcribe_audio(model, sound, options)


@pytest.mark.parametrize("name", heard.RECORDED)
def test_a_whole_model_hears_what_was_recorded(name: str) -> None:
    found, expected = whole_model_hears(name), HEARD[name]
    assert len(expected["segments"]) > 1
    assert agrees(found, expected), (found, expected)


@pytest.mark.full
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", heard.SWEEP)
def test_a_whole_model_hears_what_openai_whisper_hears(
    openai_whisper: ModuleType, name: str
) -> None:
    found, expected = whole_model_hears(name), heard.openai_hears(name)
    assert agrees(found, expected), (found, expected)


def test_a_run_can_be_repeated_and_reseeded() -> None:
    model = ScriptedModel(0)
    options = TranscriptionOptions(temperature=1.0, language="en", no_speech_threshold=None)
    features = scripted_features(3_000)
    first, again, other = (
        transcribe_features(model, features, options, seed=seed)["text"] for seed in (1, 1, 2)
    )
    assert first == again != other


def test_a_clip_ends_with_the_audio() -> None:
    """openai-whisper goes on decoding empty windows for ever."""
    result = run(4, 51865, {"clip_timestamps": "35,9999", "language": "en"})
    assert all(segment["start"] >= 35 for segment in result["segments"])
    assert all(segment["seek"] < 4_000 + 1_337 for segment in result["segments"])


@pytest.mark.parametrize("seed", [0, 3])
def test_a_window_always_moves_on(seed: int) -> None:
    """With a threshold below 0 a hallucination at its very start would begin it anew for ever."""
    reached = [0]

    def rises(done: int, total: int) -> None:
        assert done > reached[-1]
        reached.append(done)

    options = TranscriptionOptions(
        batch_size=1,
        language="en",
        temperature=0.0,
        no_speech_threshold=None,
        word_timestamps=True,
        hallucination_silence_threshold=-1.0,
    )
    transcribe_features(
        ScriptedModel(seed), scripted_features(3_000), options, listener=Listener(progress=rises)
    )
    assert reached[-1] == 3_000


def test_audio_without_a_frame_has_no_text() -> None:
    result = transcribe_features(ScriptedModel(0), scripted_features(0), TranscriptionOptions())
    assert (result["text"], result["segments"]) == ("", [])


def test_the_listener_hears_language_segments_and_progress() -> None:
    languages: list[str] = []
    heard: list[Segment] = []
    progress: list[tuple[int, int]] = []
    listener = Listener(
        language=languages.append,
        segments=heard.extend,
        progress=lambda done, total: progress.append((done, total)),
    )
    model, features = scripted(1, 51865)
    result = transcribe_features(model, features, TranscriptionOptions(), listener=listener)
    assert languages == [result["language"]]
    assert len(heard) == len(result["segments"])
    assert progress[-1] == (5_337, 5_337)
    assert [done for done, _ in progress] == sorted(done for done, _ in progress)


CLIPS = "  try: start,end,start,end,... in seconds"


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (
            {"clip_timestamps": "5,2"},
            f"clip_timestamps='5,2' do not rise from 0\n{CLIPS}",
        ),
        ({"clip_timestamps": "a"}, f"clip_timestamps='a' are not numbers\n{CLIPS}"),
        (
            {"temperature": ()},
            "temperature holds no value\n  try: 0.0, or several to fall back to",
        ),
        ({"beam_size": 2, "length_penalty": 3.0}, "length_penalty=3.0 is not between 0 and 1"),
        (
            {"hallucination_silence_threshold": 1.0},
            "hallucination_silence_threshold needs word_timestamps\n"
            "  because: the silence around a text is measured between its words",
        ),
    ],
)
def test_options_that_are_refused(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(UsageError) as found:
        TranscriptionOptions(**options)
    assert str(found.value) == problem


def slow_warp(cost: np.ndarray) -> list[tuple[int, int]]:
    """The textbook's recurrence, cell by cell."""
    rows, columns = cost.shape
    total = np.full((rows + 1, columns + 1), np.inf, np.float32)
    total[0, 0] = 0
    for i in range(1, rows + 1):
        for j in range(1, columns + 1):
            before = min(total[i - 1, j - 1], total[i - 1, j], total[i, j - 1])
            total[i, j] = cost[i - 1, j - 1] + before
    i, j, path = rows, columns, []
    while i and j:
        path.append((i - 1, j - 1))
        _, i, j = min(
            (total[i - 1, j - 1], i - 1, j - 1),
            (total[i - 1, j], i - 1, j),
            (total[i, j - 1], i, j - 1),
        )
    return path[::-1]


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (5, 30), (30, 5), (12, 12)])
def test_the_path_is_the_cheapest(shape: tuple[int, int]) -> None:
    cost = np.random.default_rng(0).standard_normal(shape)
    tokens, positions = warp(cost)
    assert list(zip(tokens.tolist(), positions.tolist(), strict=True)) == slow_warp(cost)
