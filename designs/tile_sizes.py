"""How large a core's tile is, chosen for a shape: as large as fits, filled up as little."""

from dataclasses import dataclass

from designs.case import next_multiple

TILE_STEP = 16
"""mm_bf16_f32 takes groups of four blocks."""

ROWS_SLACK = 0.2
"""Larger tiles are worth that many more rows. Widths stay: one layer's is the next one's depth."""


@dataclass(frozen=True)
class TileSizes:
    """A core's tile of a product: m x k of A, k x n of B."""

    m: int
    k: int
    n: int


def largest_step(largest: int, *lengths: tuple[int, int], slack: float = 0) -> int:
    """The largest side of a tile that fills lengths up as little as the least, or little more.

    lengths: each with the number of cores that share it. slack: how much more, of the whole.
    """
    for step in range(largest, TILE_STEP, -TILE_STEP):
        if all(
            next_multiple(length, cores * step)
            <= next_multiple(length, cores * TILE_STEP) * (1 + slack)
            for length, cores in lengths
        ):
            return step
    return TILE_STEP
