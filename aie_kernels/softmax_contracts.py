"""Contracts of softmax with a part of the row hidden, and of softmax in pieces."""

from collections.abc import Mapping

import numpy as np

from aie_kernels.contract import Array, KernelContract, NotFinite, Role, buffer, scalar
from aie_kernels.row_contracts import SOFTMAX_TOLERANCE, check_softmax_row, softmax_reference
from ironbird.base.tolerance import EXACT, Tolerance

COUNT_ELEMENTS = 8
"""Of the buffer whose first element is a number: a vector may be loaded of it."""

LANES = 16
STATE_SHAPE = (2, LANES)
LOWEST = float(np.float32(-3.3895314e38))
LARGEST_ELEMENT = 1e4

STATE_TOLERANCE = Tolerance(
    absolute=1e-30,
    relative=2.0**-8,
    evidence="a power is good to 2^-12, and its exponent to 2^-15 of it, 2.6e-3 of a power at "
    "e^-87, which weighs nothing beside others; lanes' sums have a power each time they move",
)


def softmax_prefix_bf16(element_count: int = 1536) -> KernelContract:
    """One row of softmax, of which the first elements count. Raises ValueError as softmax_bf16."""
    check_softmax_row(element_count)
    return KernelContract(
        symbol="softmax_prefix_bf16",
        source="softmax.cc",
        arguments=(
            buffer("x", Role.IN, "bf16", element_count, largest=LARGEST_ELEMENT),
            buffer("valid_count", Role.IN, "i32", COUNT_ELEMENTS),
            buffer("y", Role.OUT, "bf16", element_count),
            scalar("element_count", element_count),
        ),
        reference=lambda x, valid_count, **_: {"y": softmax_prefix_reference(x, valid_count[0])},
        tolerance=SOFTMAX_TOLERANCE,
        not_finite=NotFinite.AS_HEADER,
        operations=5 * element_count,
        stack_bytes=2048,
    )


def softmax_masked_bf16(element_count: int = 1024) -> KernelContract:
    """One row of softmax, a mask added. Raises ValueError as softmax_bf16."""
    check_softmax_row(element_count)
    return KernelContract(
        symbol="softmax_masked_bf16",
        source="softmax.cc",
        arguments=(
            buffer("x", Role.IN, "bf16", element_count, largest=LARGEST_ELEMENT),
            buffer("mask", Role.IN, "bf16", element_count),
            buffer("y", Role.OUT, "bf16", element_count),
            scalar("element_count", element_count),
        ),
        reference=lambda x, mask, **_: {"y": softmax_masked_reference(x, mask)},
        tolerance=SOFTMAX_TOLERANCE,
        operations=6 * element_count,
        stack_bytes=2048,
    )


SOFTMAX_BEGIN_F32 = KernelContract(
    symbol="softmax_begin_f32",
    source="softmax_pieces.cc",
    arguments=(buffer("state", Role.OUT, "f32", *STATE_SHAPE),),
    reference=lambda **_: {"state": state_of(LOWEST, np.zeros(LANES))},
    tolerance=EXACT,
    operations=0,
    stack_bytes=2048,
)


def softmax_fold_bf16_f32(element_count: int = 512) -> KernelContract:
    """A piece of a row, folded into what is known of the row."""
    return KernelContract(
        symbol="softmax_fold_bf16_f32",
        source="softmax_pieces.cc",
        arguments=(
            buffer("x", Role.IN, "bf16", element_count, largest=LARGEST_ELEMENT),
            buffer("state", Role.INOUT, "f32", *STATE_SHAPE),
            scalar("element_count", element_count),
        ),
        reference=_fold_reference,
        tolerance=STATE_TOLERANCE,
        not_finite=NotFinite.AS_HEADER,
        operations=4 * element_count,
        stack_bytes=2048,
    )


def softmax_shares_bf16(element_count: int = 512) -> KernelContract:
    """A piece's part of the softmax of the row that `state` knows."""
    return KernelContract(
        symbol="softmax_shares_bf16",
        source="softmax_pieces.cc",
        arguments=(
            buffer("x", Role.IN, "bf16", element_count, largest=LARGEST_ELEMENT),
            buffer("state", Role.IN, "f32", *STATE_SHAPE),
            buffer("y", Role.OUT, "bf16", element_count),
            scalar("element_count", element_count),
        ),
        reference=_shares_reference,
        tolerance=SOFTMAX_TOLERANCE,
        not_finite=NotFinite.NAN_FOR_INFINITY,
        operations=4 * element_count,
        stack_bytes=2048,
    )


def softmax_prefix_reference(x: Array, valid_count: int) -> Array:
    """Softmax of the first elements along the last axis, and zeros."""
    valid_count = min(max(int(valid_count), 0), x.shape[-1])
    result = np.zeros(x.shape)
    if valid_count:
        result[..., :valid_count] = softmax_reference(x[..., :valid_count])
    return result


def softmax_masked_reference(x: Array, mask: Array) -> Array:
    """Softmax of x + mask along the last axis; zeros where the mask hides all."""
    wide = x.astype(np.float64) + mask.astype(np.float64)
    hidden = (wide == -np.inf).all(axis=-1, keepdims=True)
    return np.where(hidden, 0, softmax_reference(np.where(hidden, 0, wide)))


def state_of(largest: float, sums: Array) -> Array:
    """What is known of a row: the largest element, and each lane's sum of powers."""
    return np.stack([np.full(LANES, largest), sums])


def _merged(one: Array, two: Array) -> Array:
    one, two = one.astype(np.float64), two.astype(np.float64)
    largest = max(one[0, 0], two[0, 0])
    return state_of(largest, sum(state[1] * np.exp(state[0] - largest) for state in (one, two)))


def _fold_reference(x: Array, state: Array, **_: object) -> Mapping[str, Array]:
    wide = x.astype(np.float64)
    largest = max(wide.max(), LOWEST)
    powers = np.exp(wide - largest).reshape(-1, LANES)
    return {"state": _merged(state_of(largest, powers.sum(axis=0)), state)}


def _shares_reference(x: Array, state: Array, **_: object) -> Mapping[str, Array]:
    wide = state.astype(np.float64)
    return {"y": np.exp(x.astype(np.float64) - wide[0, 0]) / max(wide[1].sum(), 0.5)}


SOFTMAX_MERGE_F32 = KernelContract(
    symbol="softmax_merge_f32",
    source="softmax_pieces.cc",
    arguments=(
        buffer("other", Role.IN, "f32", *STATE_SHAPE),
        buffer("state", Role.INOUT, "f32", *STATE_SHAPE),
    ),
    reference=lambda other, state, **_: {"state": _merged(other, state)},
    tolerance=STATE_TOLERANCE,
    not_finite=NotFinite.NAN_FOR_INFINITY,
    operations=8 * LANES,
    stack_bytes=2048,
)
SOFTMAX_PREFIX_BF16 = softmax_prefix_bf16()
SOFTMAX_MASKED_BF16 = softmax_masked_bf16()
SOFTMAX_FOLD_BF16_F32 = softmax_fold_bf16_f32()
SOFTMAX_SHARES_BF16 = softmax_shares_bf16()

SOFTMAX_CONTRACTS = (
    SOFTMAX_PREFIX_BF16,
    SOFTMAX_MASKED_BF16,
    SOFTMAX_BEGIN_F32,
    SOFTMAX_FOLD_BF16_F32,
    SOFTMAX_MERGE_F32,
    SOFTMAX_SHARES_BF16,
)
