"""The model through designs on the array agrees with the model on the host."""

import numpy as np
import pytest

from ironbird.base.errors import UsageError
from tools.whisper_goldens.random_model import random_checkpoint, random_features, random_tokens
from whisper_pipeline.dimensions import ModelDimensions
from whisper_pipeline.host_ops import HostOps
from whisper_pipeline.ledger import Ledger
from whisper_pipeline.model import Whisper
from whisper_pipeline.npu.buffers import Buffer
from whisper_pipeline.npu_ops import NpuOps
from whisper_pipeline.ops import Array

SMALL = ModelDimensions(80, 1500, 128, 2, 2, 51865, 448, 128, 2, 2)
"""As the shipped model."""

STATES_BAR, LOGITS_BAR = 0.015, 0.02
"""Relative L2: two and a half times what products in bf16 make of tiny's four layers."""

AUDIOS, ROWS_PER_AUDIO = 2, 2
PROMPT = 3


def relative_l2(found: Array, expected: Array) -> float:
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


@pytest.fixture(scope="module")
def host() -> Whisper:
    return Whisper(random_checkpoint(SMALL), HostOps())


@pytest.fixture(scope="module")
def device() -> Whisper:
    return Whisper(random_checkpoint(SMALL), NpuOps(Ledger()))


@pytest.fixture(scope="module")
def audio(host: Whisper, device: Whisper) -> tuple[Array, Buffer]:
    features = random_features(SMALL, AUDIOS)
    return np.asarray(host.encode(features)), device.encode(features)


def test_states_of_audio(audio: tuple[Array, Buffer]) -> None:
    expected, found = audio
    states = found.fetched()
    assert states.shape == expected.shape
    for window in range(AUDIOS):
        assert relative_l2(states[window], expected[window]) < STATES_BAR


def test_logits_of_a_prompt_and_steps(
    host: Whisper, device: Whisper, audio: tuple[Array, Buffer]
) -> None:
    """Two texts about each window, which change places in between."""
    expected_texts, texts = (
        model.begin(of, AUDIOS, ROWS_PER_AUDIO)
        for model, of in zip((host, device), audio, strict=True)
    )
    row_count = AUDIOS * ROWS_PER_AUDIO
    tokens = random_tokens(SMALL, row_count, PROMPT + 2)
    for first, count, positions in ((0, PROMPT, (0, PROMPT - 1)), (PROMPT, 1, (0,)), (4, 1, (0,))):
        given = tokens[:, first : first + count]
        expected = expected_texts.logits(given, positions)
        found = texts.logits(given, positions)
        assert found.shape == expected.shape
        for row in range(row_count):
            assert relative_l2(found[row], expected[row]) < LOGITS_BAR
        for each in (expected_texts, texts):
            each.rearrange([1, 1, 3, 2])


def test_a_model_with_other_heads_is_refused() -> None:
    narrow = ModelDimensions(80, 1500, 128, 4, 2, 51865, 448, 128, 2, 2)
    with pytest.raises(
        UsageError,
        match=r"^this model cannot run on the array: n_audio_state is 128 and n_audio_head 4\n"
        r"  because: attention on the array is of heads 64 wide\n  try: --device host$",
    ):
        NpuOps(Ledger()).check(narrow)
