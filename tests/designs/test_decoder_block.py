"""The decoder's block step by step: against all positions at once, with one program throughout."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from aie_kernels.row_contracts import softmax_reference
from designs import attention_row, decoder_block
from designs.case import Array, draw_bfloat16
from designs.decoder_block import CrossAttention, GrowingSelfAttention
from designs.ffn import Ffn
from ironbird.base.errors import UsageError
from ironbird.session.compile import Executable, compile
from ironbird.session.run import run

CASE = decoder_block.CASES[0]
FIRST = np.array([0, 2, 1], np.int32)
STEPS = 5


@pytest.fixture(scope="module")
def executable() -> Executable:
    return compile(decoder_block.design(CASE))


@pytest.fixture(scope="module")
def inputs() -> dict[str, Array]:
    return CASE.inputs(np.random.default_rng(0))


def steps(
    executable: Executable, inputs: dict[str, Array], x: Array, cache: Array
) -> Iterator[Array]:
    """y [windows, width] after each step of x [steps, windows, width]; the cache grows."""
    given = {**CASE.block.laid_out(inputs), "self_cache": cache}
    for number, row in enumerate(x):
        first = np.minimum(FIRST, number)
        given |= CASE.self_attention.step(cache, first, number + 1)
        arguments = CASE.block.arguments(row, given)
        run(executable, *arguments).raise_for_findings()
        yield arguments[-1][: CASE.windows].astype(np.float64)


def all_at_once(inputs: dict[str, Array], x: Array) -> Array:
    """The block over the positions of one window, x [steps, width], each seeing those before it."""
    own, cross, ffn = CASE.block.parts
    assert isinstance(own, GrowingSelfAttention)
    assert isinstance(cross, CrossAttention)
    assert isinstance(ffn, Ffn)
    _, _, out = own.layers
    wide = x.astype(np.float64)
    q, pairs = own.new_pairs(wide, inputs)
    heads = np.empty_like(q)
    for head in range(q.shape[1]):
        scores = q[:, head] @ pairs[:, head, :64].T / 8
        scores[np.triu_indices(len(x), 1)] = -np.inf
        heads[:, head] = softmax_reference(scores) @ pairs[:, head, 64:]
    wide = wide + out.reference(heads.reshape(wide.shape), inputs)
    return np.asarray(ffn.reference(cross_over_one_window(cross, wide, inputs), inputs))


def cross_over_one_window(part: CrossAttention, x: Array, inputs: dict[str, Array]) -> Array:
    """The second window's, for every row of x."""
    norm, query, out = part.layers
    q = query.reference(norm.reference(x, inputs), inputs).reshape(len(x), -1, 64)
    pairs = inputs["cross_cache"][1].astype(np.float64)
    heads = np.empty_like(q)
    for head in range(q.shape[1]):
        scores = q[:, head] @ pairs[head, :, :64].T / 8
        heads[:, head] = softmax_reference(scores) @ pairs[head, :, 64:]
    return np.asarray(x + out.reference(heads.reshape(x.shape), inputs))


def test_step_by_step_is_all_at_once(executable: Executable, inputs: dict[str, Array]) -> None:
    """The second window begins at the third step; the program is the same at every length."""
    x = draw_bfloat16(np.random.default_rng(1), (STEPS, CASE.windows, CASE.width))
    cache = np.zeros((CASE.positions, CASE.windows, 2, 128), x.dtype)
    found = [y[1] for y in steps(executable, inputs, x, cache)][FIRST[1] :]
    expected = all_at_once(inputs, x[FIRST[1] :, 1])
    assert np.linalg.norm(found - expected) <= 1e-2 * np.linalg.norm(expected)
    assert (cache[:STEPS] != 0).any(axis=(2, 3)).all()
    assert (cache[STEPS:] == 0).all()


def test_positions_not_seen_do_not_count(executable: Executable, inputs: dict[str, Array]) -> None:
    x = draw_bfloat16(np.random.default_rng(2), (STEPS, CASE.windows, CASE.width))
    empty = np.zeros((CASE.positions, CASE.windows, 2, 128), x.dtype)
    noise = draw_bfloat16(np.random.default_rng(3), empty.shape, 50.0)
    for clean, noisy in zip(
        steps(executable, inputs, x, empty), steps(executable, inputs, x, noise), strict=True
    ):
        np.testing.assert_array_equal(noisy, clean)


@pytest.mark.parametrize(
    ("first", "end", "message"),
    [
        (
            [0, 0, 4],
            4,
            "first is [0, 0, 4] and end is 4\n"
            "  because: each of 3 windows sees a position from its first to before end",
        ),
        (
            [0, 0],
            4,
            "first is [0, 0] and end is 4\n"
            "  because: each of 3 windows sees a position from its first to before end",
        ),
        (
            [0, 0, 0],
            65,
            "end is 65\n  because: a cache holds 64 positions and no more",
        ),
    ],
)
def test_bounds_that_no_cache_has_are_refused(first: list[int], end: int, message: str) -> None:
    case = CASE.self_attention.attention
    with pytest.raises(UsageError) as refused:
        attention_row.bounds_of(case, np.array(first, np.int32), end)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: attention_row.Case(name="x", windows=4, heads=1, positions=32, sharing=3),
            "3 of 4 windows share a cache that does not grow; it is a divisor of the windows, and "
            "1 if it grows",
        ),
        (
            lambda: decoder_block.Case(name="x", windows=17, width=64),
            "a decoder block of 17 windows of 64; there are 1 to 16 windows, and the width is a "
            "multiple of 64",
        ),
        (
            lambda: decoder_block.Case(name="x", windows=1, width=64, positions=449),
            "a decoder block of 449 positions and 1500 keys; Whisper's longest are 448 and 1500",
        ),
        (
            lambda: attention_row.Case(name="x", windows=3, heads=2, positions=64, tensor_rows=2),
            "attention of 2 heads of 3 windows in 2 rows; there are 1 to 16 windows, a row each",
        ),
        (
            lambda: attention_row.Case(name="x", windows=1, heads=2, positions=100),
            "a cache of 100 positions; it is a multiple of 32, at most 2048",
        ),
    ],
)
def test_what_no_decoder_takes_is_refused(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        make()


@pytest.mark.parametrize(("heads", "units"), [(1, 1), (2, 2), (6, 3), (8, 4), (12, 4), (20, 4)])
def test_groups_hold_every_head_of_every_window_once(heads: int, units: int) -> None:
    case = attention_row.Case(name="x", windows=5, heads=heads, positions=32)
    assert case.units_of_group == units
    groups = [group for column in range(4) for group in case.groups_of_column(column)]
    dealt = [(group.window, group.head + unit) for group in groups for unit in range(units)]
    assert sorted(dealt) == [(window, head) for window in range(5) for head in range(heads)]
