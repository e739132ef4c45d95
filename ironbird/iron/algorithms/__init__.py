"""Whole designs by their shape: apply a function to a tensor tile by tile, row by row, or at once.

Each builds a program and returns its module, so a jit generator ends with one:
`return transform(lambda a: a + 1, tensor_type, tile_size=64)`. Programs of April 2026 give tensors
in the place of the type: `iron.jit(transform)(lambda a: a + 1, x, y, tile_size=64)`.
"""

from ironbird.iron.algorithms.reduce import reduce
from ironbird.iron.algorithms.rows import (
    row_at_a_time,
    row_at_a_time_tiled,
    row_at_a_time_with_skip,
    sliding_3row,
)
from ironbird.iron.algorithms.transform import (
    for_each,
    transform,
    transform_binary,
    transform_parallel,
    transform_parallel_binary,
)

__all__ = [
    "for_each",
    "reduce",
    "row_at_a_time",
    "row_at_a_time_tiled",
    "row_at_a_time_with_skip",
    "sliding_3row",
    "transform",
    "transform_binary",
    "transform_parallel",
    "transform_parallel_binary",
]
