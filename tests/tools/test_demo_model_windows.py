"""Training windows: what is written is what can be heard, when it can be heard."""

import re
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.demo_model_speech import WORD_SAMPLES, tone_bank
from tools.demo_model import grammar, windows
from tools.demo_model import vocabulary as tokens
from tools.demo_model.espeak import SAMPLES_PER_SECOND, Utterance, Voice, speak
from tools.demo_model.speech_bank import (
    BREATHY_VARIANTS,
    HELD_OUT_VARIANTS,
    TRAINED_VARIANTS,
    SpeechBank,
    speak_bank,
    write_bank,
)
from tools.demo_model.vocabulary import whisper_vocabulary
from tools.demo_model.windows import IGNORED, Window, WindowKind, draw_window
from whisper_pipeline.tokenizer import SECONDS_PER_TIMESTAMP, tokenizer_for

VOCABULARY = whisper_vocabulary()
SHORT = WindowKind(seconds=8.0, most_sentences=3, dense_share=0.3)
FULL = WindowKind(seconds=30.0, most_sentences=3, dense_share=0.7, prompt_share=0.5)
SEEDS = st.integers(0, 2**32)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> SpeechBank:
    return tone_bank(tmp_path_factory.mktemp("speech") / "bank")


def drawn(bank: SpeechBank, kind: WindowKind, seed: int) -> Window:
    return draw_window(bank, VOCABULARY, kind, np.random.default_rng(seed))


def written(window: Window) -> list[int]:
    """The tokens after the last start of transcript."""
    found = [VOCABULARY.ids[row] for row in window.rows]
    return found[found.index(tokens.START_OF_TRANSCRIPT) :]


def sentences_of(window: Window) -> list[str]:
    """What is said, sentence by sentence."""
    text = tokenizer_for(tokens.TOKEN_COUNT).decode([VOCABULARY.ids[row] for row in window.spoken])
    return [sentence.strip() for sentence in re.findall(r"[^.?]+[.?]", text)]


def seconds_of(window: Window, token: int) -> float:
    return (token - tokens.FIRST_TIMESTAMP) * SECONDS_PER_TIMESTAMP - window.offset_seconds


@pytest.mark.parametrize("kind", [SHORT, FULL], ids=["short", "full"])
@given(seed=SEEDS)
def test_each_position_predicts_the_row_that_follows(
    bank: SpeechBank, kind: WindowKind, seed: int
) -> None:
    window = drawn(bank, kind, seed)
    assert len(window.rows) == len(window.targets) == len(window.spans)
    assert window.targets[-1] == VOCABULARY.row[tokens.END_OF_TEXT]
    silent = VOCABULARY.row[tokens.NO_SPEECH]
    for target, following in zip(window.targets, window.rows[1:], strict=False):
        assert target in (IGNORED, following, silent)
    assert (silent in window.targets) == (not window.spoken)


@pytest.mark.parametrize("kind", [SHORT, FULL], ids=["short", "full"])
@given(seed=SEEDS)
def test_timestamps_rise_and_enclose_whole_sentences(
    bank: SpeechBank, kind: WindowKind, seed: int
) -> None:
    window = drawn(bank, kind, seed)
    after = written(window)[3:]
    if tokens.NO_TIMESTAMPS in after or not window.spoken:
        return
    moments = [seconds_of(window, token) for token in after if token >= tokens.FIRST_TIMESTAMP]
    assert moments == sorted(moments)
    assert -0.011 <= moments[0] <= windows.FIRST_SPEECH_SECONDS + 0.011
    assert moments[-1] <= kind.seconds + 0.011
    assert len(moments) % 2 == window.cut
    for start, end in zip(moments[::2], moments[1::2], strict=False):
        heard = window.sound[round(start * SAMPLES_PER_SECOND) : round(end * SAMPLES_PER_SECOND)]
        assert np.abs(heard).max() > 0.01


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_digit_strings_are_drawn_by_their_share_or_by_chance(tmp_path: Path, share: float) -> None:
    bank = tone_bank(tmp_path / "bank", count=60)
    kind = replace(FULL, digits_share=share, prompt_share=0.0)
    digits = [
        grammar.is_digit_string(sentence)
        for seed in range(20)
        for sentence in sentences_of(drawn(bank, kind, seed))
    ]
    assert len(digits) > 100
    by_chance = len(bank.digit_strings) / len(bank.utterances)
    assert 0.0 < by_chance < 0.2
    assert np.mean(digits) == pytest.approx(share + (1 - share) * by_chance, abs=0.1 * (1 - share))


@given(seed=SEEDS)
def test_the_guided_head_looks_at_the_word_that_is_written(bank: SpeechBank, seed: int) -> None:
    window = drawn(bank, SHORT, seed)
    lengths = [
        (span[1] - span[0]) * SAMPLES_PER_SECOND / WORD_SAMPLES
        for target, span in zip(window.targets, window.spans, strict=True)
        if span is not None and 0 <= target < VOCABULARY.text_count
    ]
    shortest, longest = windows.STRETCHES
    assert len(lengths) == len(window.spoken)
    assert all(shortest - 0.01 < length < longest + 0.01 for length in lengths)


@given(seed=SEEDS)
def test_what_ends_in_zero_features_has_ended(bank: SpeechBank, seed: int) -> None:
    window = drawn(bank, FULL, seed)
    assert not window.sound[round(window.content_seconds * SAMPLES_PER_SECOND) :].any()
    assert all(span is None or span[0] < window.content_seconds for span in window.spans)


@given(seed=SEEDS)
def test_a_window_is_drawn_from_its_seed_alone(bank: SpeechBank, seed: int) -> None:
    one, other = drawn(bank, SHORT, seed), drawn(bank, SHORT, seed)
    assert one.rows == other.rows
    assert one.sound.tobytes() == other.sound.tobytes()


def test_a_bank_keeps_what_was_spoken(bank: SpeechBank) -> None:
    for spoken in bank.utterances:
        assert len(bank.samples(spoken)) == spoken.length == WORD_SAMPLES * len(spoken.word_starts)
        assert [spoken.text[place - 1 : place] for place, _ in spoken.word_starts[1:]] == [
            " " for _ in spoken.word_starts[1:]
        ]


def test_a_bank_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    unwritable: Any = [("Stop.", "tone", Utterance(np.zeros(4, np.int16), [("not", object())]))]
    with pytest.raises(TypeError, match=r"^Object of type object is not JSON serializable$"):
        write_bank(tmp_path / "bank", unwritable)
    assert list(tmp_path.iterdir()) == []


def test_no_voice_is_both_trained_and_held_out() -> None:
    assert not set(TRAINED_VARIANTS) & set(HELD_OUT_VARIANTS)
    assert len(set(TRAINED_VARIANTS)) == len(TRAINED_VARIANTS)


def test_espeak_speaks_the_sentences_of_a_bank() -> None:
    pytest.importorskip("espeakng_loader", reason="needs espeakng-loader")
    spoken = speak_bank("held_out_voices", 8)
    for text, voice, utterance in spoken:
        assert grammar.is_for_evaluation(text)
        assert voice.split("+")[1] in HELD_OUT_VARIANTS
        places, moments = zip(*utterance.word_starts, strict=True)
        assert places[0] == 0
        assert list(moments) == sorted(moments)
        assert moments[-1] < len(utterance.samples)
        assert 0.2 < len(utterance.samples) / SAMPLES_PER_SECOND < 8.0


def test_a_process_that_has_not_spoken_speaks_the_same_bank() -> None:
    pytest.importorskip("espeakng_loader", reason="needs espeakng-loader")

    def spoken() -> list[bytes]:
        with get_context("spawn").Pool(1) as speaker:
            bank = speaker.apply(speak_bank, ("trained_voices", 40))
        return [
            utterance.samples.tobytes()
            for _, voice, utterance in bank
            if voice.split("+")[1] not in BREATHY_VARIANTS
        ]

    assert spoken() == spoken()


def test_espeak_names_the_voice_it_does_not_have() -> None:
    pytest.importorskip("espeakng_loader", reason="needs espeakng-loader")
    with pytest.raises(ValueError, match=r"^espeak-ng has no voice 'en-us\+nobody'$"):
        speak("Stop.", Voice(accent="en-us", variant="nobody"))
