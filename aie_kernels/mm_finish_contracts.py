"""Contracts of what follows a matrix product: narrowing, residual, GELU and requantising."""

from collections.abc import Mapping

import numpy as np

from aie_kernels.blocks import blocked, unblocked
from aie_kernels.contract import Array, KernelContract, Role, buffer, scalar
from aie_kernels.gelu_table import FIRST_RANK, LAST_RANK, gelu_reference
from aie_kernels.mm_contracts import BLOCKS
from aie_kernels.scale_tiles import requantising_scales
from ironbird.base.tolerance import EXACT, Tolerance

NARROWED_SUM_TOLERANCE = Tolerance(
    relative_l2=4e-3,
    evidence="one rounding to 8 significant bits changes an element by at most 2^-8 = 3.91e-3 of "
    "it; the sum in fp32 adds 2^-23 of the largest addend, nothing beside it unless most of an "
    "array cancels",
)

GELU_OF_SUM_TOLERANCE = Tolerance(
    absolute=1.5e-3,
    relative=2.0**-8 + 2.0**-16,
    evidence="rounding x to 8 bits changes gelu(-|x|) by at most 2^-8 |x gelu'(-|x|)|, and that "
    "product is at most 0.20; for x > 0 gelu(-x) itself is rounded too, at most 0.17 x 2^-8: "
    "together 1.45e-3. The result's own rounding is at most 2^-8 of it",
)

LARGEST_ADDEND = 1e38
"""Two of these still add up to a finite number (the largest is 3.39e38)."""

GELU_TABLE_BYTES = 4 * 2 * (LAST_RANK - FIRST_RANK + 1)
"""What mm_finish_gelu.cc holds of a core's memory: four copies of entries of two bytes."""


def mm_finish(m: int = 64, n: int = 64, *, residual: bool = False) -> KernelContract:
    """y = c [+ residual] in bf16, for one tile in blocks of 4x4; the residual in blocks of 4x8."""
    sizes = BLOCKS["bf16", "f32"]
    added = []
    if residual:
        added.append(buffer("residual", Role.IN, "bf16", m * n, largest=LARGEST_ADDEND))

    def reference(c: Array, residual: Array | None = None, **_: object) -> Mapping[str, Array]:
        sums = c.astype(np.float64)
        if residual is not None:
            plain = unblocked(residual, m, n, sizes.rows, sizes.depth).astype(np.float64)
            sums += blocked(plain, sizes.rows, sizes.columns).reshape(-1)
        return {"y": sums}

    return KernelContract(
        symbol=f"mm_finish{'_residual' * residual}_f32_bf16",
        source="mm_finish.cc",
        defines=(("DIM_M", m), ("DIM_N", n)),
        arguments=(
            buffer("c", Role.IN, "f32", m * n, largest=LARGEST_ADDEND),
            *added,
            buffer("y", Role.OUT, "bf16", m * n),
        ),
        reference=reference,
        tolerance=NARROWED_SUM_TOLERANCE,
        operations=len(added) * m * n,
    )


def mm_finish_gelu(m: int = 64, n: int = 64) -> KernelContract:
    """y = gelu(c) in bf16, by the exact erf."""
    return KernelContract(
        symbol="mm_finish_gelu_f32_bf16",
        source="mm_finish_gelu.cc",
        defines=(("DIM_M", m), ("DIM_N", n)),
        arguments=(
            buffer("c", Role.IN, "f32", m * n, largest=LARGEST_ADDEND),
            buffer("y", Role.OUT, "bf16", m * n),
        ),
        reference=lambda c, **_: {"y": gelu_reference(c)},
        tolerance=GELU_OF_SUM_TOLERANCE,
        operations=m * n,
    )


def mm_requantise_i32_i8(m: int = 64, n: int = 64) -> KernelContract:
    """y = c multipliers / 2^shift, rounded to nearest even and saturated, in blocks of 4x8."""

    def reference(c: Array, multipliers: Array, shift: int, **_: object) -> Mapping[str, Array]:
        return {"y": _requantised(c, multipliers, shift, m)}

    return KernelContract(
        symbol="mm_requantise_i32_i8",
        source="mm_finish.cc",
        defines=(("DIM_M", m), ("DIM_N", n)),
        arguments=(
            buffer("c", Role.IN, "i32", m * n),
            buffer("multipliers", Role.IN, "i16", n),
            buffer("y", Role.OUT, "i8", m * n),
            scalar("shift", 15, *range(15), *range(16, 32)),
        ),
        reference=reference,
        tolerance=EXACT,
        operations=m * n,
    )


def mm_requantise_tile(m: int = 64, k: int = 64, n: int = 64) -> KernelContract:
    """The same, multipliers and shift coming as a tile of B (aie_kernels/scale_tiles.py)."""

    def reference(c: Array, scales: Array, **_: object) -> Mapping[str, Array]:
        multipliers, shift = requantising_scales(scales, n)
        return {"y": _requantised(c, multipliers, shift, m)}

    return KernelContract(
        symbol="mm_requantise_tile_i32_i8",
        source="mm_finish.cc",
        defines=(("DIM_M", m), ("DIM_N", n)),
        arguments=(
            buffer("c", Role.IN, "i32", m * n),
            buffer("scales", Role.IN, "i8", k * n),
            buffer("y", Role.OUT, "i8", m * n),
        ),
        reference=reference,
        tolerance=EXACT,
        operations=m * n,
    )


def requantised(sums: Array, multipliers: Array, shift: int) -> Array:
    """Sums times multipliers / 2^shift, to nearest even, as int8."""
    products = sums.astype(np.int64) * multipliers.astype(np.int64)
    return np.clip(rounded_shift(products, shift), -128, 127).astype(np.int8)


def rounded_shift(numbers: Array, shift: int) -> Array:
    """numbers / 2^shift, rounded to the nearest integer, halves to the even one.

    Dtypes  int64 in and out; exact below 2^62.
    """
    floor = numbers >> shift
    twice_the_rest = 2 * (numbers - (floor << shift))
    is_above = (twice_the_rest > 1 << shift) | ((twice_the_rest == 1 << shift) & (floor % 2 == 1))
    return np.asarray(floor + is_above)


def _requantised(c: Array, multipliers: Array, shift: int, rows: int) -> Array:
    """Of one tile: the multipliers repeated down the rows, in the blocks of C."""
    sizes = BLOCKS["i8", "i32"]
    matrix = np.broadcast_to(multipliers, (rows, multipliers.size))
    return requantised(c, blocked(matrix, sizes.rows, sizes.columns).reshape(-1), shift)
