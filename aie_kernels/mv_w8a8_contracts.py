"""Contracts of the product of a few rows with weights, both int8 with scales, and its packing."""

from collections.abc import Mapping

import numpy as np

from aie_kernels.blocks import blocked, unblocked
from aie_kernels.contract import Array, KernelContract, Role, buffer
from aie_kernels.mm_contracts import BlockSizes, product_reference
from aie_kernels.mv_contracts import MOST_ROWS
from ironbird.base.tolerance import EXACT, Tolerance

W8A8_BLOCKS = BlockSizes(4, 8, 8)
"""`rows` are outputs, `columns` rows of activations, as in mv_contracts.py."""

SCALE_BYTES = 4

SMALLEST_SCALE = 1e-12
LARGEST_SCALE = 1e12
"""Between these no part of the emulated fp32 products is flushed, and none overflows."""

SCALED_SUM_TOLERANCE = Tolerance(
    relative=5e-7,
    evidence="the sum's rounding to fp32 is at most 2^-24 and each emulated product is within one "
    "unit of 24 bits, 2^-23: together 3e-7",
)


def packed_tile_bytes(rows: int, depth: int) -> int:
    """Bytes of `rows` x `depth` int8 and the scale of each row."""
    return rows * (depth + SCALE_BYTES)


def packed_tile(numbers: Array, scales: Array, block_rows: int) -> Array:
    """A tile as the kernels take it: blocks, then the scales of the rows.

    Shapes  numbers [rows, depth]; scales [rows]; result [rows * (depth + 4)].
    Dtypes  int8 and float32 in; int8 out.
    """
    blocks = blocked(numbers.astype(np.int8), block_rows, W8A8_BLOCKS.depth).reshape(-1)
    return np.concatenate([blocks, np.ascontiguousarray(scales, np.float32).view(np.int8)])


def unpacked_tile(tile: Array, rows: int, depth: int, block_rows: int) -> tuple[Array, Array]:
    """The numbers [rows, depth] and the scales [rows] of a packed tile."""
    numbers = unblocked(tile[: rows * depth], rows, depth, block_rows, W8A8_BLOCKS.depth)
    return numbers, np.ascontiguousarray(tile[rows * depth :]).view(np.float32)


def mv_i8_i32(m: int = 8, k: int = 64, n: int = 64) -> KernelContract:
    """sums += X W' for m rows of k activations and n outputs. Raises ValueError for other m."""
    _check_rows(m)

    def reference(weights: Array, x: Array, sums: Array, **_: object) -> Mapping[str, Array]:
        matrix, _weight_scales = unpacked_tile(weights, n, k, W8A8_BLOCKS.rows)
        rows, _row_scales = unpacked_tile(x, m, k, W8A8_BLOCKS.columns)
        product = product_reference(matrix, rows.T)
        return {"sums": sums + blocked(product, *_SUM_BLOCK).reshape(-1)}

    return KernelContract(
        symbol="mv_i8_i32",
        source="mv_w8a8.cc",
        defines=(("DIM_M", m), ("DIM_K", k), ("DIM_N", n)),
        arguments=(
            buffer("weights", Role.IN, "i8", packed_tile_bytes(n, k)),
            buffer("x", Role.IN, "i8", packed_tile_bytes(m, k)),
            buffer("sums", Role.INOUT, "i32", n * m),
        ),
        reference=reference,
        tolerance=EXACT,
        operations=2 * m * k * n,
    )


def mv_scale_i32_f32(m: int = 8, k: int = 64, n: int = 64) -> KernelContract:
    """y = sums times the scales of rows and outputs. Raises ValueError for other m."""
    _check_rows(m)

    def reference(sums: Array, weights: Array, x: Array, **_: object) -> Mapping[str, Array]:
        _matrix, weight_scales = unpacked_tile(weights, n, k, W8A8_BLOCKS.rows)
        _rows, row_scales = unpacked_tile(x, m, k, W8A8_BLOCKS.columns)
        factors = np.outer(weight_scales.astype(np.float64), row_scales.astype(np.float64))
        return {"y": sums.astype(np.float64) * blocked(factors, *_SUM_BLOCK).reshape(-1)}

    return KernelContract(
        symbol="mv_scale_i32_f32",
        source="mv_w8a8.cc",
        defines=(("DIM_M", m), ("DIM_K", k), ("DIM_N", n)),
        arguments=(
            buffer("sums", Role.IN, "i32", n * m),
            buffer("weights", Role.IN, "i8", packed_tile_bytes(n, k)),
            buffer("x", Role.IN, "i8", packed_tile_bytes(m, k)),
            buffer("y", Role.OUT, "f32", n * m),
        ),
        reference=reference,
        tolerance=SCALED_SUM_TOLERANCE,
        operations=2 * m * n,
    )


_SUM_BLOCK = (W8A8_BLOCKS.rows, W8A8_BLOCKS.columns)


def _check_rows(m: int) -> None:
    if m % W8A8_BLOCKS.columns or not 0 < m <= MOST_ROWS:
        raise ValueError(
            f"a product of {m} rows in i8; it takes multiples of {W8A8_BLOCKS.columns} "
            f"up to {MOST_ROWS}"
        )
