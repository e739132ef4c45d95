"""Contracts of GELU."""

import ml_dtypes
import numpy as np

from aie_kernels.contract import Array, KernelContract, Role, buffer, scalar
from aie_kernels.gelu_table import SMALLEST_NORMAL, gelu_reference
from ironbird.base.tolerance import Tolerance

GELU_BF16_TOLERANCE = Tolerance(
    evidence="a table of steps for each bf16 magnitude from 2^-9 to 13.4375; below, gelu(x) / x is "
    "within 0.16 % of 1/2, less than half a step; above, gelu(x) is x, or below the smallest "
    "normal number. tests/kernels/test_gelu.py compares all 65,536 values",
)


def gelu_bf16(element_count: int = 1024) -> KernelContract:
    """y = x Phi(x), rounded to the nearest bf16."""
    return KernelContract(
        symbol="gelu_bf16",
        source="gelu.cc",
        arguments=(
            buffer("x", Role.IN, "bf16", element_count),
            buffer("y", Role.OUT, "bf16", element_count),
            scalar("element_count", element_count),
        ),
        reference=lambda x, **_: {"y": rounded_gelu(x)},
        tolerance=GELU_BF16_TOLERANCE,
        operations=element_count,
    )


def rounded_gelu(x: Array) -> Array:
    """GELU as bfloat16, results below the smallest normal number flushed to zero (AM020 ch4)."""
    exact = gelu_reference(x)
    rounded = exact.astype(ml_dtypes.bfloat16)
    return np.where(np.abs(exact) < SMALLEST_NORMAL, 0, rounded).astype(ml_dtypes.bfloat16)
