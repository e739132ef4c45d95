"""Contracts of the calls of which attention is made (attention.cc tells their order).

References work on plain matrices: scores [64 queries, 32 keys], weighted values [64 queries, 64
columns]. The functions `..._of` at the end read and write the layouts that attention.cc names.
"""

from collections.abc import Mapping

import numpy as np

from aie_kernels.blocks import blocked, unblocked
from aie_kernels.contract import (
    Argument,
    Array,
    KernelContract,
    NotFinite,
    Reference,
    Role,
    buffer,
    scalar,
)
from ironbird.base.element_types import ELEMENT_TYPES
from ironbird.base.tolerance import EXACT, Tolerance

WIDTH = 64
PIECE_ROWS = 32
QUERIES = 2 * PIECE_ROWS
GROUPS = QUERIES // 4
PIECE_ELEMENTS = PIECE_ROWS * WIDTH
MASK_ELEMENTS = PIECE_ROWS * QUERIES
LENGTH_ELEMENTS = 8

ONE_OVER_ROOT_OF_WIDTH = 0.125
SMALLEST_EXPONENT = -87.0
ALLOWED_EXCESS = 8.0
LARGEST_INPUT = 1e3
"""Of queries, keys and values: the fp32 error of a score, which is at most 8e6, then stays below 1.
"""

_BF16 = ELEMENT_TYPES["bf16"].dtype
LOWEST_BF16 = np.array(0xFF7F, dtype=np.uint16).view(_BF16)

STACK_BYTES = 4096
"""The scores of 16 queries and 32 keys are 2,048; the rest is frames and spilled registers."""

WEIGHTS_TOLERANCE = Tolerance(
    absolute=1e-36,
    relative=2.0**-7,
    evidence="a weight is rounded once to bf16, 2^-8 at most. Before it: the power is good to "
    "2^-12; its exponent is held to 2^-15 of it, 4e-4 of a power at e^-14 and 2.6e-3 at e^-87; a "
    "sum rescaled by another power adds as much. What is more than 87 below the reference, 2e-38 "
    "of what it weighs, is 0",
)

FINISH_TOLERANCE = Tolerance(
    absolute=1e-30,
    relative=2.0**-8,
    evidence="one rounding to bf16 is at most 2^-8 - 2^-16; the emulated inverse, three Newton "
    "steps in fp32, is good to 1.3e-7",
)

ACCUMULATE_TOLERANCE = Tolerance(
    relative_l2=1e-6,
    evidence="four steps of eight products, each rounded to 24 bits",
)


def _begin_reference(piece: Array, half: int, **before: Array) -> Mapping[str, Array]:
    rows = slice(half * PIECE_ROWS, (half + 1) * PIECE_ROWS)
    groups = slice(half * GROUPS // 2, (half + 1) * GROUPS // 2)
    queries = before["queries"].reshape(GROUPS, -1).copy()
    scaled = rows_of_piece(piece).astype(np.float64) * ONE_OVER_ROOT_OF_WIDTH
    every_row = np.zeros((QUERIES, WIDTH))
    every_row[rows] = scaled
    queries[groups] = queries_of(every_row.astype(_BF16)).reshape(GROUPS, -1)[groups]
    result = {"queries": queries.reshape(-1)}
    for name, value in (("reference", LOWEST_BF16), ("sums", 0), ("accumulated", 0)):
        array = before[name].reshape(GROUPS, -1).copy()
        array[groups] = value
        result[name] = array.reshape(-1)
    return result


def scores_of_piece(
    keys: Array, queries: Array, valid_keys: int, mask: Array | None = None
) -> Array:
    """The scores [64 queries, 32 keys] in float64; keys not valid score minus infinity."""
    scores = rows_of_queries(queries).astype(np.float64) @ rows_of_piece(keys).T.astype(np.float64)
    if mask is not None:
        scores += scores_of_mask(mask).astype(np.float64)
    scores[:, max(valid_keys, 0) :] = -np.inf
    return np.asarray(scores)


def _weights_reference(
    keys: Array,
    queries: Array,
    reference: Array,
    sums: Array,
    accumulated: Array,
    valid_keys: int,
    mask: Array | None = None,
    settled: Array | None = None,
    **_: object,
) -> Mapping[str, Array]:
    """settled: the reference that the kernel chose, if known: a score's last bit may decide."""
    scores = scores_of_piece(keys, queries, valid_keys, mask)
    old = reference.reshape(GROUPS, 4, 4)[:, 0, :].astype(np.float64)
    top = scores.max(axis=1).reshape(GROUPS, 4)
    group_moves = (top - old > ALLOWED_EXCESS).any(axis=1, keepdims=True)
    new = np.where(group_moves, np.maximum(top, old), old)
    if settled is not None:
        new = settled.reshape(GROUPS, 4, 4)[:, 0, :].astype(np.float64)
    factor = np.where(old - new < SMALLEST_EXPONENT, 0, np.exp(old - new))
    exponents = scores - new.reshape(QUERIES, 1)
    powers = np.where(exponents < SMALLEST_EXPONENT, 0, np.exp(exponents))
    partial_sums = powers.reshape(GROUPS, 4, 8, 4).sum(axis=2).transpose(0, 2, 1)
    return {
        "weights": weights_of(powers),
        "reference": np.repeat(new[:, None, :], 4, axis=1).reshape(-1),
        "sums": (sums.reshape(GROUPS, 4, 4) * factor[:, None, :] + partial_sums).reshape(-1),
        "accumulated": (accumulated.reshape(GROUPS, 16, 4, 4) * factor[:, None, None, :]).reshape(
            -1
        ),
    }


def _accumulate_reference(
    values: Array, weights: Array, accumulated: Array, **_: object
) -> Mapping[str, Array]:
    powers = powers_of_weights(weights).astype(np.float64)
    added = powers @ rows_of_piece(values).astype(np.float64)
    return {"accumulated": accumulated.astype(np.float64) + accumulated_of(added)}


def _finish_reference(
    accumulated: Array, sums: Array, piece: Array, half: int, **_: object
) -> Mapping[str, Array]:
    total = sums.reshape(GROUPS, 4, 4).astype(np.float64).sum(axis=1).reshape(QUERIES, 1)
    rows = rows_of_accumulated(accumulated).astype(np.float64) / np.maximum(total, 0.5)
    half_rows = rows[half * PIECE_ROWS : (half + 1) * PIECE_ROWS]
    return {"piece": blocked(half_rows, 4, 8).reshape(-1)}


def _state(role: Role) -> tuple[Argument, ...]:
    return (
        buffer("reference", role, "f32", GROUPS * 16),
        buffer("sums", role, "f32", GROUPS * 16),
        buffer("accumulated", role, "f32", QUERIES * WIDTH),
    )


def _weights(symbol: str, reference: Reference, *mask: Argument) -> KernelContract:
    return KernelContract(
        symbol=symbol,
        source="attention.cc",
        arguments=(
            buffer("keys", Role.IN, "bf16", PIECE_ELEMENTS, largest=LARGEST_INPUT),
            buffer("queries", Role.IN, "bf16", QUERIES * WIDTH, largest=LARGEST_INPUT),
            *mask,
            buffer("weights", Role.OUT, "bf16", QUERIES * PIECE_ROWS),
            *_state(Role.INOUT),
            scalar("valid_keys", PIECE_ROWS, *range(PIECE_ROWS)),
        ),
        reference=reference,
        tolerance=WEIGHTS_TOLERANCE,
        not_finite=NotFinite.AS_HEADER,
        operations=2 * QUERIES * PIECE_ROWS * WIDTH + 8 * QUERIES * PIECE_ROWS,
        stack_bytes=STACK_BYTES,
    )


ATTENTION_BEGIN_BF16 = KernelContract(
    symbol="attention_begin_bf16",
    source="attention.cc",
    arguments=(
        buffer("piece", Role.IN, "bf16", PIECE_ELEMENTS, largest=LARGEST_INPUT),
        buffer("queries", Role.INOUT, "bf16", QUERIES * WIDTH),
        *_state(Role.INOUT),
        scalar("half", 0, 1),
    ),
    reference=_begin_reference,
    tolerance=EXACT,
    operations=PIECE_ELEMENTS,
    stack_bytes=STACK_BYTES,
)

ATTENTION_LENGTH_BF16_I32 = KernelContract(
    symbol="attention_length_bf16_i32",
    source="attention.cc",
    arguments=(
        buffer("piece", Role.IN, "bf16", PIECE_ELEMENTS),
        buffer("length", Role.OUT, "i32", LENGTH_ELEMENTS),
    ),
    reference=lambda piece, **_: {"length": piece.view(np.int32)[:LENGTH_ELEMENTS]},
    tolerance=EXACT,
    operations=0,
    stack_bytes=STACK_BYTES,
)

ATTENTION_WEIGHTS_BF16 = _weights("attention_weights_bf16", _weights_reference)

ATTENTION_WEIGHTS_MASKED_BF16 = _weights(
    "attention_weights_masked_bf16",
    _weights_reference,
    buffer("mask", Role.IN, "bf16", MASK_ELEMENTS),
)

ATTENTION_ACCUMULATE_BF16_F32 = KernelContract(
    symbol="attention_accumulate_bf16_f32",
    source="attention.cc",
    arguments=(
        buffer("values", Role.IN, "bf16", PIECE_ELEMENTS, largest=LARGEST_INPUT),
        buffer("weights", Role.IN, "bf16", QUERIES * PIECE_ROWS, largest=2981.0),
        buffer("accumulated", Role.INOUT, "f32", QUERIES * WIDTH, largest=1e10),
    ),
    reference=_accumulate_reference,
    tolerance=ACCUMULATE_TOLERANCE,
    operations=2 * QUERIES * PIECE_ROWS * WIDTH,
    stack_bytes=STACK_BYTES,
)

ATTENTION_FINISH_F32_BF16 = KernelContract(
    symbol="attention_finish_f32_bf16",
    source="attention.cc",
    arguments=(
        buffer("accumulated", Role.IN, "f32", QUERIES * WIDTH, largest=1e10),
        buffer("sums", Role.IN, "f32", GROUPS * 16, largest=1e10),
        buffer("piece", Role.OUT, "bf16", PIECE_ELEMENTS),
        scalar("half", 0, 1),
    ),
    reference=_finish_reference,
    tolerance=FINISH_TOLERANCE,
    not_finite=NotFinite.AS_HEADER,
    operations=PIECE_ELEMENTS,
    stack_bytes=STACK_BYTES,
)

ATTENTION_CONTRACTS = (
    ATTENTION_BEGIN_BF16,
    ATTENTION_LENGTH_BF16_I32,
    ATTENTION_WEIGHTS_BF16,
    ATTENTION_WEIGHTS_MASKED_BF16,
    ATTENTION_ACCUMULATE_BF16_F32,
    ATTENTION_FINISH_F32_BF16,
)


def rows_of_piece(piece: Array) -> Array:
    """A piece's rows: [32, 64]."""
    return unblocked(piece, PIECE_ROWS, WIDTH, 4, 8)


def queries_of(rows: Array) -> Array:
    """The layout `queries` of [64, 64] rows."""
    return np.ascontiguousarray(blocked(rows, 4, 8).transpose(0, 1, 3, 2)).reshape(-1)


def rows_of_queries(queries: Array) -> Array:
    """The rows [64, 64] of the layout `queries`."""
    return unblocked(queries.reshape(GROUPS, 8, 8, 4).transpose(0, 1, 3, 2), QUERIES, WIDTH, 4, 8)


def mask_of(scores: Array) -> Array:
    """The layout `mask` of [64 queries, 32 keys] numbers."""
    return blocked(np.ascontiguousarray(scores.T), 4, 8).reshape(-1)


def scores_of_mask(mask: Array) -> Array:
    """The numbers [64 queries, 32 keys] of the layout `mask`."""
    return unblocked(mask, PIECE_ROWS, QUERIES, 4, 8).T


def weights_of(powers: Array) -> Array:
    """The layout `weights` of [64 queries, 32 keys] powers."""
    return np.ascontiguousarray(powers.reshape(GROUPS, 4, 8, 4).transpose(0, 2, 3, 1)).reshape(-1)


def powers_of_weights(weights: Array) -> Array:
    """The powers [64 queries, 32 keys] of the layout `weights`."""
    return weights.reshape(GROUPS, 8, 4, 4).transpose(0, 3, 1, 2).reshape(QUERIES, PIECE_ROWS)


def accumulated_of(rows: Array) -> Array:
    """The layout `accumulated` of [64, 64] rows."""
    return np.ascontiguousarray(rows.reshape(GROUPS, 4, 16, 4).transpose(0, 2, 3, 1)).reshape(-1)


def rows_of_accumulated(accumulated: Array) -> Array:
    """The rows [64, 64] of the layout `accumulated`."""
    return accumulated.reshape(GROUPS, 16, 4, 4).transpose(0, 3, 1, 2).reshape(QUERIES, WIDTH)
