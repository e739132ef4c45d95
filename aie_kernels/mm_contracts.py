"""Contracts of the matrix product on one core's tile."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from aie_kernels.blocks import blocked, unblocked
from aie_kernels.contract import Array, KernelContract, Role, buffer
from ironbird.base.tolerance import EXACT, Tolerance

BF16_PRODUCT_TOLERANCE = Tolerance(
    relative_l2=2e-6,
    evidence="each step of eight products rounds its addends to 24 bits of the largest, and its "
    "sum to 24 bits: below 2^-22 of the running sum a step, and errors of steps add like a random "
    "walk",
)


@dataclass(frozen=True)
class BlockSizes:
    """The native blocks of a product: A is rows x depth, B depth x columns, C rows x columns."""

    rows: int
    depth: int
    columns: int


BLOCKS = {
    ("i8", "i32"): BlockSizes(4, 8, 8),
    ("i16", "i32"): BlockSizes(4, 4, 4),
    ("bf16", "f32"): BlockSizes(4, 8, 4),
}
"""What `aie::mmul` of AIE2 multiplies in one step (AM020 appendix A), by type in and type out."""


def mm(type_in: str, type_out: str, m: int = 64, k: int = 64, n: int = 64) -> KernelContract:
    """C += A B for one tile, all three in native blocks.

    Raises ValueError for a pair of types without a kernel.
    """
    sizes = BLOCKS.get((type_in, type_out))
    if sizes is None:
        known = ", ".join(f"{first}->{second}" for first, second in BLOCKS)
        raise ValueError(f"no matrix product from {type_in} to {type_out}; there are {known}")

    def reference(a: Array, b: Array, c: Array, **_: object) -> Mapping[str, Array]:
        rows = unblocked(a, m, k, sizes.rows, sizes.depth)
        columns = unblocked(b, k, n, sizes.depth, sizes.columns)
        product = blocked(product_reference(rows, columns), sizes.rows, sizes.columns).reshape(-1)
        return {"c": c + product}

    return KernelContract(
        symbol=f"mm_{type_in}_{type_out}",
        source=f"mm_{type_in}_{type_out}.cc",
        defines=(("DIM_M", m), ("DIM_K", k), ("DIM_N", n)),
        arguments=(
            buffer("a", Role.IN, type_in, m * k, largest=1e18 if type_in == "bf16" else None),
            buffer("b", Role.IN, type_in, k * n, largest=1e18 if type_in == "bf16" else None),
            buffer("c", Role.INOUT, type_out, m * n),
        ),
        reference=reference,
        tolerance=BF16_PRODUCT_TOLERANCE if type_in == "bf16" else EXACT,
        operations=2 * m * k * n,
    )


def product_reference(a: Array, b: Array) -> Array:
    """The matrix product.

    Shapes  a [m, k]; b [k, n]; result [m, n].
    Dtypes  integers give int32, modulo 2^32; floats give float64.
    """
    if not np.issubdtype(a.dtype, np.integer):
        return np.asarray(a.astype(np.float64) @ b.astype(np.float64))
    depth_bits = max(1, (a.shape[1] - 1).bit_length())
    if 2 * (8 * a.dtype.itemsize - 1) + depth_bits <= 53:
        exact = (a.astype(np.float64) @ b.astype(np.float64)).astype(np.int64)
    else:
        exact = a.astype(np.int64) @ b.astype(np.int64)
    return (exact & 0xFFFFFFFF).astype(np.uint32).view(np.int32)
