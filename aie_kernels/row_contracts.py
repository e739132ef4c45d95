"""Contracts of the kernels that work on one run of elements."""

from collections.abc import Mapping

import numpy as np

from aie_kernels.contract import Array, KernelContract, Role, buffer, scalar
from ironbird.base.element_types import ELEMENT_TYPES
from ironbird.base.tolerance import EXACT, Tolerance

LARGEST_SAFE_BF16 = 1.5e38
"""Two of these still add up to a finite bf16 (the largest is 3.39e38)."""


def passthrough_i32(element_count: int = 1024) -> KernelContract:
    """y = x."""
    return KernelContract(
        symbol="passthrough_i32",
        source="passthrough.cc",
        arguments=(
            buffer("x", Role.IN, "i32", element_count),
            buffer("y", Role.OUT, "i32", element_count),
            scalar("element_count", element_count),
        ),
        reference=lambda x, **_: {"y": x},
        tolerance=EXACT,
        operations=0,
    )


def add(type_name: str, element_count: int = 1024) -> KernelContract:
    """z = x + y, for `i32` and `bf16`."""
    is_float = ELEMENT_TYPES[type_name].is_float
    largest = LARGEST_SAFE_BF16 if is_float else None
    return KernelContract(
        symbol=f"add_{type_name}",
        source="add.cc",
        arguments=(
            buffer("x", Role.IN, type_name, element_count, largest=largest),
            buffer("y", Role.IN, type_name, element_count, largest=largest),
            buffer("z", Role.OUT, type_name, element_count),
            scalar("element_count", element_count),
        ),
        reference=_add_reference,
        tolerance=ADD_BF16_TOLERANCE if is_float else EXACT,
        operations=element_count,
    )


ADD_BF16_TOLERANCE = Tolerance(
    absolute=1.2e-38,
    relative=2.0**-8,
    evidence="one rounding to 8 significant bits changes a sum by less than 2^-8 of it, at most by "
    "2^-8 - 2^-16. The fp32 adder first rounds the smaller operand to the larger's 24th bit, where "
    "8-bit operands leave nothing to round unless they are 2^16 apart, and then it changes 2^-24. "
    "Results below the smallest normal fp32, 1.2e-38, are flushed (AM020 ch4)",
)


def scale_i32(element_count: int = 1024) -> KernelContract:
    """y = x * factor."""
    return KernelContract(
        symbol="scale_i32",
        source="scale.cc",
        arguments=(
            buffer("x", Role.IN, "i32", element_count),
            buffer("y", Role.OUT, "i32", element_count),
            scalar("factor"),
            scalar("element_count", element_count),
        ),
        reference=_scale_reference,
        tolerance=EXACT,
        operations=element_count,
    )


def reduce_max_i32(element_count: int = 1024) -> KernelContract:
    """largest = max(largest, x...)."""
    return KernelContract(
        symbol="reduce_max_i32",
        source="reduce_max.cc",
        arguments=(
            buffer("x", Role.IN, "i32", element_count),
            buffer("largest", Role.INOUT, "i32", 1),
            scalar("element_count", element_count),
        ),
        reference=lambda x, largest, **_: {"largest": np.maximum(largest, x.max())},
        tolerance=EXACT,
        operations=element_count,
    )


def zero(type_name: str, element_count: int = 1024) -> KernelContract:
    """y = 0, for `f32` and `i32`."""
    dtype = ELEMENT_TYPES[type_name].dtype
    return KernelContract(
        symbol=f"zero_{type_name}",
        source="zero.cc",
        arguments=(
            buffer("y", Role.OUT, type_name, element_count),
            scalar("element_count", element_count),
        ),
        reference=lambda **_: {"y": np.zeros(element_count, dtype)},
        tolerance=EXACT,
        operations=0,
    )


LONGEST_SOFTMAX_ROW = 4096
"""Elements: the kernels keep two bytes of each beside the row, in 8 KiB of their own."""

SOFTMAX_TOLERANCE = Tolerance(
    absolute=2e-38,
    relative=2.0**-7,
    relative_l2=5e-3,
    evidence="one rounding to bf16 is at most 2^-8 of the share, and a row of equal shares is off "
    "by as much as one. Before it: the exponent is held to 2^-16 of it, 1.5e-3 of a power at "
    "e^-87; the cubic, its coefficients in bf16, is within 2.4e-4. What is more than 87 below the "
    "largest, 1.6e-38 of it, counts as 0. "
    "tests/kernels/test_softmax.py asks more of realistic rows: a relative L2 of 3e-3",
)


def softmax_bf16(element_count: int = 1024) -> KernelContract:
    """One row of softmax. Raises ValueError if it is too long to be kept twice."""
    check_softmax_row(element_count)
    return KernelContract(
        symbol="softmax_bf16",
        source="softmax.cc",
        arguments=(
            buffer("x", Role.IN, "bf16", element_count, largest=1e4),
            buffer("y", Role.OUT, "bf16", element_count),
            scalar("element_count", element_count),
        ),
        reference=lambda x, **_: {"y": softmax_reference(x)},
        tolerance=SOFTMAX_TOLERANCE,
        operations=5 * element_count,
    )


def check_softmax_row(element_count: int) -> None:
    """Raise ValueError for a row that the kernels have no room for."""
    if element_count > LONGEST_SOFTMAX_ROW:
        raise ValueError(
            f"softmax of {element_count} elements at once; the most is {LONGEST_SOFTMAX_ROW}"
        )


def softmax_reference(x: Array) -> Array:
    """Softmax along the last axis.

    Shapes  x [..., width]; result [..., width].
    Dtypes  any float in; float64 inside and out.
    """
    wide = x.astype(np.float64)
    powers = np.exp(wide - wide.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _add_reference(x: Array, y: Array, **_: object) -> Mapping[str, Array]:
    if np.issubdtype(x.dtype, np.integer):
        return {"z": x + y}
    return {"z": x.astype(np.float64) + y.astype(np.float64)}


def _scale_reference(x: Array, factor: int, **_: object) -> Mapping[str, Array]:
    product = x.astype(np.int64) * np.int64(factor)
    return {"y": (product & 0xFFFFFFFF).astype(np.uint32).view(np.int32)}
