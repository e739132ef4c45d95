"""Contracts of the product of a few rows with a matrix of weights, on one core's tile."""

from collections.abc import Mapping

from aie_kernels.blocks import blocked, unblocked
from aie_kernels.contract import Array, KernelContract, Role, buffer
from aie_kernels.mm_contracts import BF16_PRODUCT_TOLERANCE, BlockSizes, product_reference
from ironbird.base.tolerance import EXACT

MOST_ROWS = 16
"""Rows of activations; from here on the accumulators do not fit, and `mm` is no slower."""

MV_BLOCKS = {("bf16", "f32"): BlockSizes(4, 8, 4)}
"""By type in and type out: `rows` are outputs, `columns` rows of activations (mv.hpp)."""


def mv(type_in: str, type_out: str, m: int = 4, k: int = 64, n: int = 64) -> KernelContract:
    """Y += X W' for m rows of k activations and n outputs, all in native blocks.

    Raises ValueError for a pair of types without a kernel, and for a number of rows it cannot take.
    """
    sizes = MV_BLOCKS.get((type_in, type_out))
    if sizes is None:
        known = ", ".join(f"{first}->{second}" for first, second in MV_BLOCKS)
        raise ValueError(f"no product of rows from {type_in} to {type_out}; there are {known}")
    if m % sizes.columns or not 0 < m <= MOST_ROWS:
        raise ValueError(
            f"a product of {m} rows in {type_in}; it takes multiples of {sizes.columns} "
            f"up to {MOST_ROWS}"
        )

    def reference(weights: Array, x: Array, y: Array, **_: object) -> Mapping[str, Array]:
        matrix = unblocked(weights, n, k, sizes.rows, sizes.depth)
        rows = unblocked(x, m, k, sizes.columns, sizes.depth)
        product = blocked(product_reference(matrix, rows.T), sizes.rows, sizes.columns)
        return {"y": y + product.reshape(-1)}

    largest = 1e18 if type_in == "bf16" else None
    return KernelContract(
        symbol=f"mv_{type_in}_{type_out}",
        source=f"mv_{type_in}_{type_out}.cc",
        defines=(("DIM_M", m), ("DIM_K", k), ("DIM_N", n)),
        arguments=(
            buffer("weights", Role.IN, type_in, n * k, largest=largest),
            buffer("x", Role.IN, type_in, m * k, largest=largest),
            buffer("y", Role.INOUT, type_out, n * m),
        ),
        reference=reference,
        tolerance=BF16_PRODUCT_TOLERANCE if type_in == "bf16" else EXACT,
        operations=2 * m * k * n,
    )
