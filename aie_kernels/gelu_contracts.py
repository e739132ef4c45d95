"""Contracts of GELU."""

import math

import ml_dtypes
import numpy as np

from aie_kernels.contract import Array, KernelContract, Role, buffer, scalar
from aie_kernels.gelu_table import SMALLEST_NORMAL, gelu_reference
from ironbird.base.errors import UsageError
from ironbird.base.tolerance import EXACT, Tolerance

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


I8_TABLE_WORDS = 1024
"""256 entries of 16 bits, four times."""


def gelu_i8(element_count: int = 2048) -> KernelContract:
    """y = the table's entry for x."""
    return KernelContract(
        symbol="gelu_i8",
        source="gelu_i8.cc",
        arguments=(
            buffer("x", Role.IN, "i8", element_count),
            buffer("table", Role.IN, "i16", I8_TABLE_WORDS),
            buffer("y", Role.OUT, "i8", element_count),
            scalar("element_count", element_count),
        ),
        reference=_looked_up,
        tolerance=EXACT,
        operations=element_count,
    )


def gelu_i8_results(scale_in: float, scale_out: float) -> Array:
    """What int8 GELU gives for x = -128..127.

    Shapes  result [256] int8.
    Units   x stands for x * scale_in and y for y * scale_out; y is rounded to the nearest integer,
            ties to even, and clamped to -128..127.
    Raises  UsageError for a scale that is not positive and finite.
    """
    for name, scale in (("scale_in", scale_in), ("scale_out", scale_out)):
        if not (math.isfinite(scale) and scale > 0):
            raise UsageError(
                f"{name} of int8 GELU is {scale}",
                because="a scale is what one step of an int8 stands for: positive and finite",
                fix=f"{name} = the largest magnitude the tensor has, divided by 127",
            )
    results = gelu_reference(np.arange(-128, 128) * scale_in) / scale_out
    return np.clip(np.rint(results), -128, 127).astype(np.int8)


def gelu_i8_table(results: Array) -> Array:
    """The 256 results [256] int8 as the kernel wants them: int16 [2 x 32 rows x 2 copies x 8]."""
    rows = results.astype(np.int16).reshape(32, 1, 8)
    return np.tile(np.repeat(rows, 2, axis=1).ravel(), 2)


def _looked_up(x: Array, table: Array, **_: object) -> dict[str, Array]:
    entries = table.reshape(2, 32, 2, 8)[0, :, 0].ravel().astype(np.int8)
    return {"y": entries[x.astype(np.int16) + 128]}
