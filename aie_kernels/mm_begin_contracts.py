"""The contract of what a product with biases starts from, and biases as a tile."""

from collections.abc import Mapping

import ml_dtypes
import numpy as np

from aie_kernels.blocks import blocked, unblocked
from aie_kernels.contract import Array, KernelContract, Role, buffer
from aie_kernels.mm_contracts import BLOCKS
from ironbird.base.tolerance import Tolerance

PARTS = 3
"""bf16 numbers that add up to an fp32 number: 8 of its 24 bits each."""

LARGEST_BIAS = 1e38
"""Its upper part, rounded up, is still finite."""

_TOLERANCE = Tolerance(
    absolute=1e-30,
    relative=2.0**-22,
    evidence="one step of eight products rounds its addends to 24 bits of the largest, which may "
    "be twice the sum, and its sum to 24 bits. Parts below the smallest normal fp32 are flushed",
)


def mm_begin(m: int = 64, k: int = 64, n: int = 64) -> KernelContract:
    """c = the biases in every row, for one tile in blocks of 4x4."""
    sizes = BLOCKS["bf16", "f32"]

    def reference(bias: Array, **_: object) -> Mapping[str, Array]:
        tile = unblocked(bias, k, n, sizes.depth, sizes.columns).astype(np.float64)
        in_every_row = np.broadcast_to(tile[: sizes.depth].sum(axis=0), (m, n))
        return {"c": blocked(in_every_row, sizes.rows, sizes.columns).reshape(-1)}

    return KernelContract(
        symbol="mm_begin_bf16_f32",
        source="mm_begin.cc",
        defines=(("DIM_M", m), ("DIM_K", k), ("DIM_N", n)),
        arguments=(
            buffer("bias", Role.IN, "bf16", k * n, largest=LARGEST_BIAS / 8),
            buffer("c", Role.OUT, "f32", m * n),
        ),
        reference=reference,
        tolerance=_TOLERANCE,
        operations=m * n,
    )


def bias_rows(bias: Array, row_count: int) -> Array:
    """Biases as rows that add up to them: three bf16 parts, then zeros.

    Shapes  bias [columns]; result [row_count, columns].
    Dtypes  any float in, of which 24 bits count; bf16 out.
    """
    rows = np.zeros((row_count, bias.size), ml_dtypes.bfloat16)
    rest = bias.astype(np.float32)
    for part in range(PARTS):
        rows[part] = rest.astype(ml_dtypes.bfloat16)
        rest = rest - rows[part].astype(np.float32)
    return rows
