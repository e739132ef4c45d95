"""Work of a window of Whisper, against published counts of parameters and hand arithmetic."""

import pytest

from tools.whisper_goldens.random_model import BASE, TINY
from tools.whisper_work import WhisperWork
from whisper_pipeline.dimensions import ModelDimensions


@pytest.mark.parametrize(
    ("dimensions", "convolutions", "layers", "pairs", "token_megabytes"),
    [(TINY, 1.9, 7.1 + 13.8 + 14.2, 3.5, 66), (BASE, 3.1, 18.9 + 27.6 + 37.7, 9.4, 116)],
    ids=["tiny", "base"],
)
def test_work_of_a_window(
    dimensions: ModelDimensions,
    convolutions: float,
    layers: float,
    pairs: float,
    token_megabytes: float,
) -> None:
    work = WhisperWork(dimensions)
    assert work.convolutions / 1e9 == pytest.approx(convolutions, abs=0.05)
    assert work.encoder_layers / 1e9 == pytest.approx(layers, abs=0.15)
    assert work.pairs / 1e9 == pytest.approx(pairs, abs=0.05)
    assert work.step_bytes(1) / 1e6 == pytest.approx(token_megabytes, abs=0.6)


def test_weights_are_read_once_for_several_windows() -> None:
    work = WhisperWork(BASE)
    pair_bytes = work.step_bytes(2) - work.step_bytes(1)
    assert pair_bytes == 18_432_000
    assert work.step_bytes(8) - 8 * pair_bytes == 2 * work.decoder_weights
