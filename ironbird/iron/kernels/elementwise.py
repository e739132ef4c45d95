"""Kernels that make one element of one or two or three: zero, copies, sums, products."""

from typing import Any

import numpy as np

from ironbird.base.tolerance import EXACT, Tolerance
from ironbird.iron.kernels.contract import Array, KernelContract, number, taken, written
from ironbird.iron.kernels.library_kernel import (
    LibraryKernel,
    array,
    bfloat16,
    check_dtype,
    check_whole,
    cxx_type,
)

VECTOR_BYTES = 32

# Halves of the largest magnitudes whose sum and product stay finite in bf16.
_SUMMANDS = (-1e38, 1e38)
_FACTORS = (-1e18, 1e18)

ROUNDED_ONCE = Tolerance(
    absolute=1.2e-38,
    relative=2.0**-8,
    evidence="one rounding to 8 bits is at most 2^-9; the fp32 adder aligns the smaller operand "
    "first, which is less. Results below the smallest normal fp32 are flushed (AM020 ch4)",
)
PRODUCT_AND_SUM = Tolerance(
    absolute=2.0**-6,
    relative=2.0**-8,
    evidence="as a sum rounded once; where product and addend cancel, what is left of the "
    "product's alignment and of a factor rounded to bf16: at most 2^-9 of the operands, below 4",
)


def zero(tile_size: int = 1024, dtype: Any = np.int32) -> LibraryKernel:
    """`zero(y)`: y[i] = 0."""
    name = check_dtype(dtype, ("i8", "i16", "i32", "ui8", "bf16", "f32"), of="zero").name
    check_whole(tile_size, _lanes(dtype), of="zero")
    return LibraryKernel(
        f"zero_{name}_{tile_size}",
        "zero.cc",
        [array(tile_size, dtype)],
        KernelContract(
            params=(written("y"),),
            reference=lambda: np.zeros(tile_size, dtype),
            tolerance=EXACT,
        ),
        {"TYPE": cxx_type(dtype), "ELEMENTS": tile_size},
    )


def passthrough(tile_size: int = 1024, dtype: Any = np.uint8) -> LibraryKernel:
    """`passthrough(x, y, n)`: y[i] = x[i]."""
    name = check_dtype(dtype, ("ui8", "i8", "i16", "i32", "bf16", "f32"), of="passthrough").name
    check_whole(tile_size, _lanes(dtype), of="passthrough")
    return LibraryKernel(
        f"passthrough_{name}_{tile_size}",
        "passthrough.cc",
        [array(tile_size, dtype), array(tile_size, dtype), np.int32],
        KernelContract(
            params=(taken("x"), written("y"), number("n", tile_size)),
            reference=lambda x, n: passthrough_ref(x),
            tolerance=EXACT,
        ),
        {"TYPE": cxx_type(dtype)},
    )


def scale(tile_size: int = 1024, dtype: Any = np.int16, vectorized: bool = True) -> LibraryKernel:
    """`scale(x, y, factor, n)`: y[i] = x[i] * factor[0], modulo the type."""
    name = check_dtype(dtype, ("i16", "i32"), of="scale").name
    check_whole(tile_size, 16, of="scale")
    return LibraryKernel(
        f"scale_{name}_{tile_size}" + ("" if vectorized else "_scalar"),
        "scale.cc",
        [array(tile_size, dtype), array(tile_size, dtype), array(1, np.int32), np.int32],
        KernelContract(
            params=(taken("x"), written("y"), taken("factor"), number("n", tile_size)),
            reference=lambda x, factor, n: scale_ref(x, factor),
            tolerance=EXACT,
            operations=tile_size,
        ),
        {"TYPE": cxx_type(dtype), "VECTORIZED": int(vectorized)},
    )


def add(tile_size: int = 1024, dtype: Any = bfloat16) -> LibraryKernel:
    """`add(x, y, z)`: z[i] = x[i] + y[i]."""
    return _binary("add", add_ref, tile_size, dtype, sized=False)


def add_sized(tile_size: int = 1024, dtype: Any = bfloat16) -> LibraryKernel:
    """`add_sized(x, y, z, n)`."""
    return _binary("add", add_ref, tile_size, dtype, sized=True)


def mul(tile_size: int = 1024, dtype: Any = bfloat16) -> LibraryKernel:
    """`mul(x, y, z)`: z[i] = x[i] * y[i]."""
    return _binary("mul", mul_ref, tile_size, dtype, sized=False)


def mul_sized(tile_size: int = 1024, dtype: Any = bfloat16) -> LibraryKernel:
    """`mul_sized(x, y, z, n)`."""
    return _binary("mul", mul_ref, tile_size, dtype, sized=True)


def mul_add(tile_size: int = 1024) -> LibraryKernel:
    """`mul_add(x, y, addend, z)` in bf16: z[i] = x[i] * y[i] + addend[i]."""
    check_whole(tile_size, 16, of="mul_add")
    tile = array(tile_size, bfloat16)
    return LibraryKernel(
        f"mul_add_bf16_{tile_size}",
        "multiply_add.cc",
        [tile, tile, tile, tile],
        KernelContract(
            params=(
                taken("x", -2, 2),
                taken("y", -2, 2),
                taken("addend", -4, 4),
                written("z"),
            ),
            reference=mul_add_ref,
            tolerance=PRODUCT_AND_SUM,
            operations=2 * tile_size,
        ),
        {"ELEMENTS": tile_size, "AXPY": 0},
    )


def axpy(tile_size: int = 1024) -> LibraryKernel:
    """`axpy(x, y, factor, z)`: z[i] = factor[0] * x[i] + y[i] in bf16, the factor in float32."""
    check_whole(tile_size, 16, of="axpy")
    tile = array(tile_size, bfloat16)
    return LibraryKernel(
        f"axpy_bf16_{tile_size}",
        "multiply_add.cc",
        [tile, tile, array(1, np.float32), tile],
        KernelContract(
            params=(
                taken("x", -2, 2),
                taken("y", -4, 4),
                taken("factor", -2, 2),
                written("z"),
            ),
            reference=axpy_ref,
            tolerance=PRODUCT_AND_SUM,
            operations=2 * tile_size,
        ),
        {"ELEMENTS": tile_size, "AXPY": 1},
    )


def passthrough_ref(x: Array) -> Array:
    """x."""
    return np.array(x)


def scale_ref(x: Array, factor: Array) -> Array:
    """x * factor[0], modulo the type of x."""
    return (x.astype(np.int64) * int(np.ravel(factor)[0])).astype(x.dtype)


def add_ref(x: Array, y: Array) -> Array:
    """x + y; integers wrap, floats in float64."""
    return x + y if x.dtype.kind in "iu" else x.astype(np.float64) + y.astype(np.float64)


def mul_ref(x: Array, y: Array) -> Array:
    """x * y; integers wrap, floats in float64."""
    return x * y if x.dtype.kind in "iu" else x.astype(np.float64) * y.astype(np.float64)


def mul_add_ref(x: Array, y: Array, addend: Array) -> Array:
    """x * y + addend in float64."""
    return np.asarray(x.astype(np.float64) * y.astype(np.float64) + addend.astype(np.float64))


def axpy_ref(x: Array, y: Array, factor: Array) -> Array:
    """factor[0] * x + y in float64."""
    return np.asarray(float(np.ravel(factor)[0]) * x.astype(np.float64) + y.astype(np.float64))


def _binary(
    operation: str, reference: Any, tile_size: int, dtype: Any, *, sized: bool
) -> LibraryKernel:
    of = operation + ("_sized" if sized else "")
    found = check_dtype(dtype, ("bf16", "i16", "i32"), of=of)
    check_whole(tile_size, _lanes(dtype), of=of)
    tile = array(tile_size, dtype)
    limits = (_FACTORS if operation == "mul" else _SUMMANDS) if found.is_float else (None, None)
    return LibraryKernel(
        f"{of}_{found.name}_{tile_size}",
        "binary.cc",
        [tile, tile, tile, *([np.int32] if sized else [])],
        KernelContract(
            params=(
                taken("x", *limits),
                taken("y", *limits),
                written("z"),
                *([number("n", tile_size)] if sized else []),
            ),
            reference=lambda x, y, *n: reference(x, y),
            tolerance=ROUNDED_ONCE if found.is_float else EXACT,
            operations=tile_size,
        ),
        {
            "TYPE": cxx_type(dtype),
            "OPERATION": operation,
            **({} if sized else {"ELEMENTS": tile_size}),
        },
    )


def _lanes(dtype: Any) -> int:
    return int(VECTOR_BYTES // np.dtype(dtype).itemsize)
