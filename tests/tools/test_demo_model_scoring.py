"""Word errors and timestamp errors, counted on transcripts whose faults are known."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.demo_model_speech import tone_bank
from tools.demo_model.espeak import SAMPLES_PER_SECOND
from tools.demo_model.scoring import Clip, Score, draw_clip, word_errors
from tools.demo_model.speech_bank import SpeechBank

WORDS = st.lists(st.sampled_from(["on", "off", "lamp"]), max_size=6)
TRUTH = [(0.5, 1.5, "Turn on the lamp."), (2.0, 2.4, "Stop.")]


@given(WORDS, WORDS)
def test_word_errors_are_the_least_edits(reference: list[str], heard: list[str]) -> None:
    @cache
    def least(kept: int, found: int) -> int:
        if not kept or not found:
            return kept + found
        other = reference[kept - 1] != heard[found - 1]
        return min(
            least(kept - 1, found) + 1,
            least(kept, found - 1) + 1,
            least(kept - 1, found - 1) + other,
        )

    assert word_errors(reference, heard) == least(len(reference), len(heard))


def transcript(*segments: tuple[float, float, str]) -> dict[str, Any]:
    return {
        "text": "".join(f" {text}" for _, _, text in segments),
        "segments": [{"start": start, "end": end} for start, end, _ in segments],
    }


@pytest.mark.parametrize(
    ("result", "rate", "exact", "rightly_cut", "error_seconds"),
    [
        (transcript(*TRUTH), 0.0, 1, 1, 0.0),
        (transcript((0.5, 1.5, "Turn on the lamp."), (2.0, 2.4, "stop")), 0.2, 0, 1, 0.0),
        (transcript((0.5, 2.4, "Turn on the lamp. Stop.")), 0.0, 1, 0, float("inf")),
        (transcript((0.6, 1.5, "Turn on the lamp."), (2.0, 2.48, "Stop.")), 0.0, 1, 1, 0.045),
        (transcript(), 1.0, 0, 0, float("inf")),
    ],
    ids=["right", "wrong word", "one segment", "late", "nothing heard"],
)
def test_a_score_counts_what_differs(
    result: dict[str, Any], rate: float, exact: int, rightly_cut: int, error_seconds: float
) -> None:
    score = Score()
    score.add(Clip(np.zeros(1, np.float32), TRUTH), result)
    assert score.word_error_rate == rate
    assert (score.exact, score.rightly_cut) == (exact, rightly_cut)
    assert score.timestamp_error_seconds == pytest.approx(error_seconds)


def test_scores_add_up_and_read_as_a_row() -> None:
    right, deaf = Score(), Score()
    right.add(Clip(np.zeros(1, np.float32), TRUTH), transcript(*TRUTH))
    deaf.add(Clip(np.zeros(1, np.float32), TRUTH), transcript())
    assert str(right + deaf) == " 50.0 % | 1/2 |    0 ms (1/2)"


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> SpeechBank:
    return tone_bank(tmp_path_factory.mktemp("speech") / "bank")


@given(seed=st.integers(0, 2**32), count=st.integers(1, 4))
def test_a_clip_holds_its_sentences_where_it_says(bank: SpeechBank, seed: int, count: int) -> None:
    clip = draw_clip(bank, count, np.random.default_rng(seed))
    assert len(clip.sentences) == count
    level = np.abs(clip.sound).max() / 2  # the loudest noise is at half the quietest tone
    for start, end, _ in clip.sentences:
        heard = clip.sound[round(start * SAMPLES_PER_SECOND) : round(end * SAMPLES_PER_SECOND)]
        assert np.abs(heard).max() > level
    loud = np.flatnonzero(np.abs(clip.sound) > level) / SAMPLES_PER_SECOND
    assert clip.sentences[0][0] <= loud[0]
    assert loud[-1] <= clip.sentences[-1][1]
