"""The model agrees with openai-whisper's layer by layer, and with itself step by step."""

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from ironbird.base.errors import UsageError
from tools.whisper_goldens.random_model import (
    BASE,
    TINY,
    random_checkpoint,
    random_features,
    random_tokens,
    small_dimensions,
)
from tools.whisper_goldens.states import EVERY_STATE, EVERY_TOKEN, TOKEN_COUNT, torch_model
from whisper_pipeline.dimensions import ModelDimensions
from whisper_pipeline.host_ops import HostOps, gelu_by_erf
from whisper_pipeline.model import Whisper
from whisper_pipeline.ops import Array

RECORDED = np.load(Path(__file__).parent / "goldens" / "states.npz")

BAR = 5e-6
"""Relative L2 of float32 against float32; measured 4e-7 (tiny, after all layers)."""


class RecordingOps(HostOps):
    """Keeps the residual stream after each sublayer."""

    def __init__(self) -> None:
        self.stream: list[Array] = []

    def project(self, x, weights, *, gelu=False, residual=None):  # type: ignore[no-untyped-def]
        result = super().project(x, weights, gelu=gelu, residual=residual)
        if residual is not None:
            self.stream.append(result)
        return result


def relative_l2(found: Array, expected: Array) -> float:
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


@pytest.fixture(scope="module")
def small() -> Whisper:
    return Whisper(random_checkpoint(small_dimensions()), HostOps())


@pytest.fixture(scope="module")
def audio(small: Whisper) -> Array:
    return np.asarray(small.encode(random_features(small.dimensions, 2)))


def test_states_and_logits_agree_with_the_recorded_ones(small: Whisper, audio: Array) -> None:
    assert relative_l2(audio[:, ::EVERY_STATE], RECORDED["states"]) < BAR
    tokens = random_tokens(small.dimensions, 2, TOKEN_COUNT)
    logits = small.begin(audio, 2, 1).logits(tokens, range(TOKEN_COUNT))
    assert relative_l2(logits[..., ::EVERY_TOKEN], RECORDED["logits"]) < BAR


@pytest.mark.full
@pytest.mark.parametrize("dimensions", [TINY, BASE], ids=["tiny", "base"])
def test_every_layer_agrees_with_openai_whisper(
    openai_whisper: ModuleType, dimensions: ModelDimensions
) -> None:
    import torch

    checkpoint = random_checkpoint(dimensions)
    theirs, ops = torch_model(checkpoint), RecordingOps()
    expected: list[Array] = []
    for block in (*theirs.encoder.blocks, *theirs.decoder.blocks):
        block.register_forward_hook(lambda _, __, output: expected.append(output.numpy()))
    ours = Whisper(checkpoint, ops)
    features, tokens = random_features(dimensions, 1), random_tokens(dimensions, 1, TOKEN_COUNT)
    with torch.no_grad():
        audio = theirs.encoder(torch.tensor(features))
        logits = theirs.decoder(torch.tensor(tokens), audio)
    found_audio = ours.encode(features)
    encoder_stream, ops.stream = ops.stream, []
    found_logits = ours.begin(found_audio, 1, 1).logits(tokens, range(TOKEN_COUNT))
    found = [*encoder_stream[1::2], *ops.stream[2::3]]
    assert len(found) == len(expected)
    errors = [relative_l2(*pair) for pair in zip(found, expected, strict=True)]
    errors += [relative_l2(found_audio, audio.numpy()), relative_l2(found_logits, logits.numpy())]
    assert max(errors) < BAR, errors


def test_cached_steps_equal_one_pass(small: Whisper, audio: Array) -> None:
    tokens = random_tokens(small.dimensions, 2, 40)
    whole = small.begin(audio, 2, 1).logits(tokens, range(40))
    state = small.begin(audio, 2, 1)
    parts = [state.logits(tokens[:, :7], range(7))]
    parts += [state.logits(tokens[:, n : n + 1], [0]) for n in range(7, 40)]
    assert np.abs(np.concatenate(parts, axis=1) - whole).max() < 1e-4


def test_rows_of_an_audio_share_its_keys_and_can_be_rearranged(
    small: Whisper, audio: Array
) -> None:
    tokens = random_tokens(small.dimensions, 6, 5)
    state = small.begin(audio, 2, 3)
    state.logits(tokens, [4])
    sources = [2, 2, 0, 3, 5, 3]
    state.rearrange(sources)
    following = random_tokens(small.dimensions, 6, 1)
    found = state.logits(following, [0])
    for row, source in enumerate(sources):
        alone = small.begin(audio[row // 3 : row // 3 + 1], 1, 1)
        history = np.concatenate([tokens[source], following[row]])[None]
        assert np.abs(found[row] - alone.logits(history, [5])[0]).max() < 1e-4


def test_timing_scores_are_those_of_the_later_half(small: Whisper, audio: Array) -> None:
    assert small.timing_heads == ((1, 0), (1, 1))
    tokens = list(range(8))
    logits, scores = small.timing_scores(tokens, audio[:1])
    assert scores.shape == (2, 8, 1500)
    plain = small.begin(audio[:1], 1, 1).logits(np.array([tokens]), range(8))[0]
    assert np.array_equal(logits, plain)


def test_gelu_is_exact_at_its_ends() -> None:
    x = np.array([-np.inf, -7, -6, 0, 6, 7, np.inf], np.float32)
    assert np.abs(gelu_by_erf(x)[1:-1] - [0, 0, 0, 6, 7]).max() < 1e-8
    assert list(gelu_by_erf(x)[[0, -1]]) == [0, np.inf]


def test_a_window_of_the_wrong_shape(small: Whisper) -> None:
    with pytest.raises(UsageError) as found:
        small.encode(np.zeros((1, 128, 3000), np.float32))
    assert str(found.value) == (
        "features of shape [1, 128, 3000] are not windows for this model\n"
        "  because: a window is [80, 3000]"
    )
