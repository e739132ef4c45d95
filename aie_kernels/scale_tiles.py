"""Scales as one more tile of a product of int8, and back: what a core finds at its start.

A memory tile cuts every tile into blocks; these are laid out so that the core receives them whole.
"""

import numpy as np

from aie_kernels.blocks import unblocked
from aie_kernels.contract import Array
from aie_kernels.mm_contracts import BLOCKS

SHIFT_BYTES = 4
BYTES_BESIDE = 128
"""Columns that a row's scale takes beside a matrix of int8 (quantise.cc): as many as a tile of
linear_w8a8 has, where DDR gives runs of that length.
"""


def requantising_tile(multipliers: Array, shift: int, k: int) -> Array:
    """Multipliers [n] and their shift as int8 [k, n]. Raises ValueError if they do not fit."""
    return _as_tile([multipliers.astype(np.int16), np.array([shift], np.int32)], k)


def requantising_scales(tile: Array, n: int) -> tuple[Array, int]:
    """The multipliers [n] int16 and the shift in a tile as the core receives it."""
    multipliers = np.ascontiguousarray(tile[: 2 * n]).view(np.int16)
    shift = np.ascontiguousarray(tile[2 * n : 2 * n + SHIFT_BYTES]).view(np.int32)
    return multipliers, int(shift[0]) & 31


def dequantising_tile(scales: Array, biases: Array, k: int) -> Array:
    """Scales [n] and biases [n] as int8 [k, n]. Raises ValueError if they do not fit."""
    return _as_tile([scales.astype(np.float32), biases.astype(np.float32)], k)


def dequantising_scales(tile: Array, n: int) -> tuple[Array, Array]:
    """The scales [n] and the biases [n] float in a tile as the core receives it."""
    floats = np.ascontiguousarray(tile[: 8 * n]).view(np.float32)
    return floats[:n], floats[n:]


def _as_tile(parts: list[Array], k: int) -> Array:
    sizes, n = BLOCKS["i8", "i32"], parts[0].size
    written = np.concatenate([part.view(np.int8) for part in parts])
    if written.size > k * n:
        raise ValueError(f"{written.size} bytes of scales do not fit a tile of {k}x{n}")
    held = np.zeros(k * n, np.int8)
    held[: written.size] = written
    return unblocked(held, k, n, sizes.depth, sizes.columns)
