"""Kernels that make one element of many."""

from collections.abc import Callable
from typing import Any

import numpy as np

from ironbird.base.tolerance import EXACT
from ironbird.iron.kernels.contract import Array, KernelContract, number, taken, written
from ironbird.iron.kernels.library_kernel import (
    LibraryKernel,
    array,
    check_dtype,
    check_whole,
    cxx_type,
)

Reference = Callable[[Array], Array]


def reduce_add(tile_size: int = 1024, dtype: Any = np.int32) -> LibraryKernel:
    """`reduce_add(x, y, n)`: y[0] = the sum, modulo 2^32."""
    return _reduction("add", reduce_add_ref, tile_size, dtype, ("i32",))


def reduce_min(tile_size: int = 1024, dtype: Any = np.int32) -> LibraryKernel:
    """`reduce_min(x, y, n)`: y[0] = the least."""
    return _reduction("min", reduce_min_ref, tile_size, dtype, ("i32", "bf16"))


def reduce_max(tile_size: int = 1024, dtype: Any = np.int32) -> LibraryKernel:
    """`reduce_max(x, y, n)`: y[0] = the largest."""
    return _reduction("max", reduce_max_ref, tile_size, dtype, ("i32", "bf16"))


def compute_max(dtype: Any = np.int32) -> LibraryKernel:
    """`compute_max(x, y, z)`: z[0] = the larger of x[0] and y[0]."""
    name = check_dtype(dtype, ("i32", "bf16"), of="compute_max").name
    one = array(1, dtype)
    return LibraryKernel(
        f"compute_max_{name}",
        "compute_max.cc",
        [one, one, one],
        KernelContract(
            params=(taken("x"), taken("y"), written("z")),
            reference=compute_max_ref,
            tolerance=EXACT,
            operations=1,
        ),
        {"TYPE": cxx_type(dtype)},
    )


def reduce_add_ref(x: Array) -> Array:
    """[1]: the sum, modulo the type."""
    return np.add.reduce(x.ravel(), dtype=x.dtype, keepdims=True)


def reduce_min_ref(x: Array) -> Array:
    """[1]: the least."""
    return np.asarray(x.min()).reshape(1)


def reduce_max_ref(x: Array) -> Array:
    """[1]: the largest."""
    return np.asarray(x.max()).reshape(1)


def compute_max_ref(x: Array, y: Array) -> Array:
    """[1]: the larger."""
    return np.maximum(x, y)


def _reduction(
    operation: str, reference: Reference, tile_size: int, dtype: Any, known: tuple[str, ...]
) -> LibraryKernel:
    of = f"reduce_{operation}"
    name = check_dtype(dtype, known, of=of).name
    check_whole(tile_size, 16, of=of)
    return LibraryKernel(
        f"{of}_{name}_{tile_size}",
        "reduce.cc",
        [array(tile_size, dtype), array(1, dtype), np.int32],
        KernelContract(
            params=(taken("x"), written("y"), number("n", tile_size)),
            reference=lambda x, n: reference(x),
            tolerance=EXACT,
            operations=tile_size,
        ),
        {"TYPE": cxx_type(dtype), "OPERATION": operation},
    )
