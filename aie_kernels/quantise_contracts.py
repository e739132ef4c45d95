"""The contracts of int8 with a scale for each row: into it, and out of a product of it."""

from collections.abc import Mapping

import ml_dtypes
import numpy as np

from aie_kernels.blocks import blocked, unblocked
from aie_kernels.contract import Array, KernelContract, Role, buffer, scalar
from aie_kernels.mm_contracts import BLOCKS
from aie_kernels.scale_tiles import BYTES_BESIDE, dequantising_scales
from ironbird.base.tolerance import Tolerance

LARGEST_INT8 = 127
SMALLEST_ROW = 1e-30
"""Of its largest magnitude; a row below it counts as zeros."""

QUANTISED_TOLERANCE = Tolerance(
    absolute=1,
    relative_l2=1e-2,
    evidence="the reference's products have 25 bits, the kernel's sums 24: a number may fall on "
    "the other side of a tie that it is within 2^-17 of, one step away. One such in 32 of a row "
    "is 4e-3 of it; truncation, for one, is 1.7e-2",
)

DEQUANTISED_TOLERANCE = Tolerance(
    relative_l2=4e-3,
    evidence="one rounding to 8 significant bits changes an element by at most 2^-8 = 3.91e-3 of "
    "it; sum and scales have 16 bits, products lack 2^-16 of themselves: 1e-4 together, nothing "
    "beside it unless biases cancel most of an array",
)


def quantise_bf16_i8(element_count: int = 1024) -> KernelContract:
    """y = one row x as int8 and, in the bytes behind, its scale."""
    return KernelContract(
        symbol="quantise_bf16_i8",
        source="quantise.cc",
        arguments=(
            buffer("x", Role.IN, "bf16", element_count, largest=3e38),
            buffer("y", Role.OUT, "i8", element_count + BYTES_BESIDE),
            scalar("element_count", element_count),
        ),
        reference=lambda x, **_: {"y": quantised_rows(x[None, :])[0]},
        tolerance=QUANTISED_TOLERANCE,
        operations=2 * element_count,
    )


def quantised_rows(x: Array) -> Array:
    """Rows as the kernel leaves them.

    Shapes  x [rows, width] bf16; result [rows, width + 128] int8.
    Units   a row stands for its first `width` numbers times its scale: the largest magnitude over
            127, which is the float in the next four bytes; 1 for a row of zeros.
    """
    largest = np.abs(x.astype(np.float32)).max(axis=1)
    is_zero = largest < SMALLEST_ROW
    inverses = np.where(is_zero, 0, LARGEST_INT8 / np.where(is_zero, 1, largest)).astype(np.float32)
    upper = inverses.astype(ml_dtypes.bfloat16).astype(np.float32)
    lower = (inverses - upper).astype(ml_dtypes.bfloat16)
    factors = upper.astype(np.float64) + lower.astype(np.float64)
    beside = np.zeros((x.shape[0], BYTES_BESIDE), np.int8)
    scales = np.where(is_zero, 1, largest / np.float32(LARGEST_INT8)).astype(np.float32)
    beside[:, :4] = scales[:, None].view(np.int8)
    numbers = np.rint(x.astype(np.float64) * factors[:, None])
    return np.concatenate([np.clip(numbers, -128, 127).astype(np.int8), beside], axis=1)


def scales_of_rows(quantised: Array) -> Array:
    """The scales [rows] float of quantised rows [rows, width + 128]."""
    return np.ascontiguousarray(quantised[:, -BYTES_BESIDE:][:, :4]).view(np.float32)[:, 0]


def mm_dequantise(m: int = 64, k: int = 64, n: int = 64) -> KernelContract:
    """y = c times the scales of rows and columns, plus biases, in bf16, in blocks of 4x8."""
    sizes = BLOCKS["i8", "i32"]

    def reference(c: Array, columns: Array, rows: Array, **_: object) -> Mapping[str, Array]:
        column_scales, biases = dequantising_scales(columns, n)
        beside = unblocked(rows, m, k, sizes.rows, sizes.depth)
        row_scales = np.ascontiguousarray(beside[:, :4]).view(np.float32)
        sums = unblocked(c, m, n, sizes.rows, sizes.columns).astype(np.float64)
        scaled = sums * row_scales.astype(np.float64) * column_scales.astype(np.float64) + biases
        return {"y": blocked(scaled, sizes.rows, sizes.columns).reshape(-1)}

    return KernelContract(
        symbol="mm_dequantise_i32_bf16",
        source="mm_dequantise.cc",
        defines=(("DIM_M", m), ("DIM_K", k), ("DIM_N", n)),
        arguments=(
            buffer("c", Role.IN, "i32", m * n),
            buffer("columns", Role.IN, "i8", k * n),
            buffer("rows", Role.IN, "i8", m * k),
            buffer("y", Role.OUT, "bf16", m * n),
        ),
        reference=reference,
        tolerance=DEQUANTISED_TOLERANCE,
        operations=3 * m * n,
    )
