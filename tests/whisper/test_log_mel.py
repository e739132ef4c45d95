"""Log-mel features agree with openai-whisper's, recorded and live."""

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from tools.whisper_goldens.log_mel import EVERY, MEL_COUNTS, PADDING_SAMPLES
from tools.whisper_goldens.sounds import all_sounds, speech_like
from whisper_pipeline import log_mel as module
from whisper_pipeline.log_mel import WINDOW_FRAMES, log_mel, mel_filters, window_of

BAR = 1e-4
"""In feature units; the other side's transform is float32."""

RECORDED = np.load(Path(__file__).parent / "goldens" / "log_mel.npz")


@pytest.mark.parametrize("name", RECORDED.files)
def test_features_agree_with_the_recorded_ones(name: str) -> None:
    sound, mel_count = all_sounds()[name.rpartition("_")[0]], int(name.rpartition("_")[2])
    features = log_mel(sound, mel_count, padding_samples=PADDING_SAMPLES)
    assert features.dtype == np.float32
    assert np.abs(features[:, ::EVERY] - RECORDED[name]).max() < BAR


@pytest.mark.parametrize("mel_count", MEL_COUNTS)
def test_features_agree_with_openai_whisper(openai_whisper: ModuleType, mel_count: int) -> None:
    for sound in all_sounds().values():
        theirs = openai_whisper.log_mel_spectrogram(sound, mel_count, padding=480_000).numpy()
        assert np.abs(log_mel(sound, mel_count, padding_samples=480_000) - theirs).max() < BAR


def test_pieces_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = speech_like(3)
    whole = log_mel(sound, 80)
    monkeypatch.setattr(module, "FRAMES_AT_ONCE", 37)
    assert np.array_equal(log_mel(sound, 80), whole)


def test_the_floor_is_that_of_the_whole_audio() -> None:
    quiet, loud = speech_like(1) * np.float32(1e-4), speech_like(1)
    alone = log_mel(quiet, 80)
    beside = log_mel(np.concatenate([quiet, loud]), 80)[:, : alone.shape[1] - 2]
    assert beside.min() > alone.min() + 0.5


@pytest.mark.parametrize("samples", [0, 1, 159, 160, 200, 201])
def test_audio_shorter_than_a_frame(samples: int) -> None:
    features = log_mel(np.ones(samples, np.float32), 80)
    assert features.shape == (80, samples // 160)
    assert np.isfinite(features).all()


def test_a_short_window_is_filled_with_zeros() -> None:
    features = np.ones((80, 4000), np.float32)
    window = window_of(features, 3500, 400)
    assert window.shape == (80, WINDOW_FRAMES)
    assert window[:, :400].all()
    assert not window[:, 400:].any()


@pytest.mark.parametrize(("mel_count", "non_zero"), [(80, 391), (128, 394)])
def test_filters_are_as_sparse_as_the_published_ones(mel_count: int, non_zero: int) -> None:
    assert np.count_nonzero(mel_filters(mel_count) > 1e-9) == non_zero
