"""The model agrees with itself step by step. test_layers.py compares it with openai-whisper's."""

import numpy as np
import pytest

from ironbird.base.errors import UsageError
from tools.whisper_goldens.random_model import (
    random_checkpoint,
    random_features,
    random_tokens,
    small_dimensions,
)
from whisper_pipeline.host_ops import HostOps, gelu_by_erf
from whisper_pipeline.model import Whisper
from whisper_pipeline.ops import Array


@pytest.fixture(scope="module")
def small() -> Whisper:
    return Whisper(random_checkpoint(small_dimensions()), HostOps())


@pytest.fixture(scope="module")
def audio(small: Whisper) -> Array:
    return np.asarray(small.encode(random_features(small.dimensions, 2)))


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


@pytest.mark.parametrize("counts", [(449,), (448, 1)])
def test_a_text_that_is_longer_than_the_context(
    small: Whisper, audio: Array, counts: tuple[int, ...]
) -> None:
    state = small.begin(audio, 2, 1)
    *fitting, last = counts
    for count in fitting:
        state.logits(random_tokens(small.dimensions, 2, count), [0])
    with pytest.raises(UsageError) as found:
        state.logits(random_tokens(small.dimensions, 2, last), [0])
    assert str(found.value) == (
        "a text of 449 tokens is too long for this model\n"
        "  because: its context is 448 tokens\n"
        "  try: a smaller sample_len"
    )
