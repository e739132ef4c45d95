"""Contracts of the four calls of which a decoder's attention is made (attention_row.cc).

References work on plain arrays: one query [64], scores [32], weighted values [64].
"""

from collections.abc import Mapping

import numpy as np

from aie_kernels.attention_contracts import (
    LARGEST_INPUT,
    ONE_OVER_ROOT_OF_WIDTH,
    PIECE_ROWS,
    SMALLEST_EXPONENT,
    WIDTH,
)
from aie_kernels.blocks import unblocked
from aie_kernels.contract import (
    Argument,
    Array,
    KernelContract,
    NotFinite,
    Role,
    buffer,
    scalar,
)
from ironbird.base.element_types import ELEMENT_TYPES
from ironbird.base.tolerance import EXACT, Tolerance

COPIES = 4
LANES = 16
LOWEST = float(np.float32(-3.3895314e38))
CORES = 4
STACK_BYTES = 2048
"""Scores and weights of 32 keys in four copies are 768; the rest is frames and spills."""

FOLD_TOLERANCE = Tolerance(
    relative_l2=4e-3,
    evidence="a weight is rounded to 8 bits, 2^-9, and its power good to 2^-12: 2.2e-3 of what it "
    "weighs; over the 64 columns of values errors and results cancel alike",
)

FINISH_TOLERANCE = Tolerance(
    absolute=1e-30,
    relative=2.0**-8,
    evidence="one rounding to bf16 is at most 2^-9; the emulated inverse is good to 1.3e-7",
)


def query_in_copies(query: Array) -> Array:
    """The layout `queries` of one query [64]."""
    return np.repeat(query.reshape(8, 8, 1), COPIES, axis=2).reshape(-1)


def values_in_copies(values: Array) -> Array:
    """The layout `accumulated` of weighted values [64]."""
    return np.repeat(values.reshape(WIDTH, 1), COPIES, axis=1).reshape(-1)


def bounds_of(first: Array, end: Array, unit_elements: int) -> Array:
    """The layout `bounds` of units [number], each the keys from its first to before its end."""
    words = np.zeros((first.size, unit_elements // 2), np.int32)
    words[:, 0], words[:, 1] = first, end
    return words.view(ELEMENT_TYPES["bf16"].dtype)


def _begin_reference(rows: Array, offset: int, **_: object) -> Mapping[str, Array]:
    scaled = rows[offset : offset + WIDTH].astype(np.float64) * ONE_OVER_ROOT_OF_WIDTH
    return {
        "queries": query_in_copies(scaled.astype(rows.dtype)),
        "reference": np.full(LANES, LOWEST, np.float32),
        "sums": np.zeros(LANES, np.float32),
        "accumulated": np.zeros(COPIES * WIDTH, np.float32),
    }


def _append_reference(rows: Array, offset: int, **_: object) -> Mapping[str, Array]:
    return {"part": rows[offset : offset + WIDTH]}


def _fold_reference(
    piece: Array,
    queries: Array,
    bounds: Array,
    reference: Array,
    sums: Array,
    accumulated: Array,
    offset: int,
    number: int,
) -> Mapping[str, Array]:
    first, end = (int(word) - number * PIECE_ROWS for word in bounds[offset:].view(np.int32)[:2])
    seen = slice(max(first, 0), max(min(end, PIECE_ROWS), 0))
    before = {"reference": reference, "sums": sums, "accumulated": accumulated}
    if seen.start >= seen.stop:
        return before
    rows = unblocked(piece, PIECE_ROWS, 2 * WIDTH, 4, 8).astype(np.float64)
    scores = np.full(PIECE_ROWS, -np.inf)
    scores[seen] = rows[seen, :WIDTH] @ queries.reshape(WIDTH, COPIES)[:, 0].astype(np.float64)
    top = max(float(scores.max()), float(reference[0]))
    factor = np.exp(max(float(reference[0]) - top, SMALLEST_EXPONENT))
    powers = np.exp(scores - top)
    every_fourth = powers.reshape(8, 4).sum(axis=0)
    return {
        "reference": np.full(LANES, top),
        "sums": sums * factor + np.repeat(every_fourth, COPIES),
        "accumulated": accumulated * factor + values_in_copies(powers @ rows[:, WIDTH:]),
    }


def _finish_reference(accumulated: Array, sums: Array, **_: object) -> Mapping[str, Array]:
    total = sums.reshape(4, COPIES)[:, 0].astype(np.float64).sum()
    return {"result": accumulated.reshape(WIDTH, COPIES)[:, 0].astype(np.float64) / total}


def _state(role: Role) -> tuple[Argument, ...]:
    return (
        buffer("reference", role, "f32", LANES),
        buffer("sums", role, "f32", LANES),
        buffer("accumulated", role, "f32", COPIES * WIDTH),
    )


def attention_row_begin(unit_elements: int = WIDTH, units: int = CORES) -> KernelContract:
    """Takes the query that one of the `units`, of so many elements each, begins with."""
    return KernelContract(
        symbol="attention_row_begin_bf16",
        source="attention_row.cc",
        arguments=(
            buffer("rows", Role.IN, "bf16", units * unit_elements, largest=LARGEST_INPUT),
            buffer("queries", Role.OUT, "bf16", COPIES * WIDTH),
            *_state(Role.OUT),
            scalar("offset", *range(0, units * unit_elements, unit_elements)),
        ),
        reference=_begin_reference,
        tolerance=EXACT,
        operations=WIDTH,
        stack_bytes=STACK_BYTES,
    )


def attention_row_append(units: int = CORES) -> KernelContract:
    """Hands on the key or the value of one of the `units`."""
    return KernelContract(
        symbol="attention_row_append_bf16",
        source="attention_row.cc",
        arguments=(
            buffer("rows", Role.IN, "bf16", units * 3 * WIDTH),
            buffer("part", Role.OUT, "bf16", WIDTH),
            scalar("offset", *range(0, units * 3 * WIDTH, WIDTH)),
        ),
        reference=_append_reference,
        tolerance=EXACT,
        operations=0,
        stack_bytes=STACK_BYTES,
    )


def attention_row_fold(unit_elements: int = WIDTH, units: int = CORES) -> KernelContract:
    """Folds a piece in; bounds of the `units` stand so many elements apart."""
    return KernelContract(
        symbol="attention_row_fold_bf16_f32",
        source="attention_row.cc",
        arguments=(
            buffer("piece", Role.IN, "bf16", 2 * PIECE_ROWS * WIDTH, largest=LARGEST_INPUT),
            buffer("queries", Role.IN, "bf16", COPIES * WIDTH, largest=LARGEST_INPUT),
            buffer("bounds", Role.IN, "bf16", units * unit_elements),
            *_state(Role.INOUT),
            scalar("offset", *range(0, units * unit_elements, unit_elements)),
            scalar("number", 0),
        ),
        reference=_fold_reference,
        tolerance=FOLD_TOLERANCE,
        not_finite=NotFinite.AS_HEADER,
        operations=4 * PIECE_ROWS * WIDTH,
        stack_bytes=STACK_BYTES,
    )


ATTENTION_ROW_FINISH_F32_BF16 = KernelContract(
    symbol="attention_row_finish_f32_bf16",
    source="attention_row.cc",
    arguments=(
        buffer("accumulated", Role.IN, "f32", COPIES * WIDTH, largest=1e10),
        buffer("sums", Role.IN, "f32", LANES, largest=1e10),
        buffer("result", Role.OUT, "bf16", WIDTH),
    ),
    reference=_finish_reference,
    tolerance=FINISH_TOLERANCE,
    operations=2 * WIDTH,
    stack_bytes=STACK_BYTES,
)

ATTENTION_ROW_BEGIN_BF16 = attention_row_begin()
ATTENTION_ROW_APPEND_BF16 = attention_row_append()
ATTENTION_ROW_FOLD_BF16_F32 = attention_row_fold()

ATTENTION_ROW_CONTRACTS = (
    ATTENTION_ROW_BEGIN_BF16,
    ATTENTION_ROW_APPEND_BF16,
    ATTENTION_ROW_FOLD_BF16_F32,
    ATTENTION_ROW_FINISH_F32_BF16,
)
