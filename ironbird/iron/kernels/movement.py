"""Kernels that move elements: into another type, or into another place."""

from typing import Any

import numpy as np

from ironbird.base.tolerance import EXACT, Tolerance
from ironbird.iron.kernels.contract import Array, KernelContract, taken, written
from ironbird.iron.kernels.elementwise import ROUNDED_ONCE
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


def expand(tile_size: int = 1024, group_size: int = 32) -> LibraryKernel:
    """`expand(x, y)`: unsigned four-bit numbers times a scale for each group of them, to bf16.

    x is uint8: tile_size / 2 bytes of pairs, the low nibble first, then the scales in bf16.
    Upstream's layout is unknown; this one is assumed.
    """
    check_whole(group_size, 32, of="expand", name="group_size")
    check_whole(tile_size, group_size, of="expand")
    return LibraryKernel(
        f"expand_ui4_bf16_{tile_size}x{group_size}",
        "expand.cc",
        [array(tile_size // 2 + 2 * tile_size // group_size, np.uint8), array(tile_size, bfloat16)],
        KernelContract(
            # The bytes of a sample are scales too: below 0x3F the upper byte makes them small.
            params=(taken("x", 0, 0x3F), written("y")),
            reference=lambda x: expand_ref(x, tile_size, group_size),
            tolerance=ROUNDED_ONCE,
            operations=tile_size,
        ),
        {"ELEMENTS": tile_size, "GROUP": group_size},
    )


def convert_copy_ref(x: Array, output_dtype: Any = bfloat16) -> Array:
    """x in another type."""
    return x.astype(output_dtype)


def transpose_ref(x: Array, dim_m: int, dim_n: int) -> Array:
    """Flat: rows and columns of [dim_m, dim_n] changed places."""
    return x.reshape(dim_m, dim_n).T.reshape(-1)


def expand_ref(x: Array, tile_size: int = 1024, group_size: int = 32) -> Array:
    """[tile_size] in float64: nibbles, low one first, times the scale of their group."""
    pairs, scales = x[: tile_size // 2], x[tile_size // 2 :].copy().view(bfloat16)
    nibbles = np.stack([pairs & 15, pairs >> 4], axis=1).reshape(-1, group_size)
    return np.asarray(nibbles * scales.astype(np.float64)[:, None]).reshape(-1)
