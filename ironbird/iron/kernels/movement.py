"""Kernels that move elements: into another type, or into another place."""

from typing import Any

import numpy as np

from ironbird.base.tolerance import EXACT, Tolerance
from ironbird.iron.kernels.contract import Array, KernelContract, taken, written
from ironbird.iron.kernels.library_kernel import (
    LibraryKernel,
    array,
    bfloat16,
    check_dtype,
    check_whole,
    cxx_type,
)

ROUNDED = Tolerance(bf16_ulps=0, evidence="rounded to nearest even on both sides")


def convert_copy(
    tile_size: int = 1024, input_dtype: Any = np.float32, output_dtype: Any = bfloat16
) -> LibraryKernel:
    """`convert_copy(x, y)`: float32 to bf16, rounded to nearest even, or bf16 to float32."""
    source = check_dtype(input_dtype, ("f32", "bf16"), of="convert_copy").name
    target = check_dtype(output_dtype, ("f32", "bf16"), of="convert_copy").name
    check_whole(tile_size, 16, of="convert_copy")
    return LibraryKernel(
        f"convert_copy_{source}_{target}_{tile_size}",
        "convert_copy.cc",
        [array(tile_size, input_dtype), array(tile_size, output_dtype)],
        KernelContract(
            params=(taken("x", -1e6, 1e6), written("y")),
            reference=lambda x: convert_copy_ref(x, output_dtype),
            tolerance=ROUNDED if target == "bf16" else EXACT,
        ),
        {
            "TYPE": cxx_type(input_dtype),
            "TYPE_OUT": cxx_type(output_dtype),
            "ELEMENTS": tile_size,
        },
    )


def transpose(dim_m: int = 32, dim_n: int = 32, dtype: Any = np.int32) -> LibraryKernel:
    """`transpose(x, y)`: x is [dim_m, dim_n] and y [dim_n, dim_m], each flat in memory."""
    name = check_dtype(dtype, ("ui8", "i8", "i16", "i32", "bf16", "f32"), of="transpose").name
    return LibraryKernel(
        f"transpose_{name}_{dim_m}x{dim_n}",
        "transpose.cc",
        [array(dim_m * dim_n, dtype), array(dim_m * dim_n, dtype)],
        KernelContract(
            params=(taken("x"), written("y")),
            reference=lambda x: transpose_ref(x, dim_m, dim_n),
            tolerance=EXACT,
        ),
        {"TYPE": cxx_type(dtype), "ROWS": dim_m, "COLUMNS": dim_n},
    )


def convert_copy_ref(x: Array, output_dtype: Any = bfloat16) -> Array:
    """x in another type."""
    return x.astype(output_dtype)


def transpose_ref(x: Array, dim_m: int, dim_n: int) -> Array:
    """Flat: rows and columns of [dim_m, dim_n] changed places."""
    return x.reshape(dim_m, dim_n).T.reshape(-1)
