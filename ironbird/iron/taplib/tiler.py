"""Common ways to walk over a matrix in tiles, as sequences of 4-dimensional patterns.

The shim's descriptor has four dimensions, so every pattern here has: outermost first, padded with
steps of one.
"""

from collections.abc import Sequence

from ironbird.base.access_pattern import left_padded
from ironbird.iron.taplib.grid import TileGrid
from ironbird.iron.taplib.pattern import TensorAccessPattern
from ironbird.iron.taplib.sequence import TensorAccessSequence
from ironbird.iron.taplib.walk_checks import tap_error, whole_numbers

SHIM_DIMENSIONS = 4


class TensorTiler2D:
    """Makes sequences over a matrix of `tensor_dims` in tiles of `tile_dims` (rows, columns).

    tile_col_major, tile_group_col_major, iter_col_major: visit elements of a tile, tiles of a
    group, groups of the matrix column by column. pattern_repeat: each step visits its group that
    often.
    """

    def __init__(self) -> None:
        raise tap_error("TensorTiler2D makes no objects", fix="TensorTiler2D.simple_tiler(...)")

    @classmethod
    def simple_tiler(
        cls,
        tensor_dims: Sequence[int],
        tile_dims: Sequence[int] | None = None,
        tile_col_major: bool = False,
        iter_col_major: bool = False,
        pattern_repeat: int = 1,
        prune_step: bool = True,
    ) -> TensorAccessSequence:
        """One tile in each step."""
        return cls.group_tiler(
            tensor_dims,
            tile_dims if tile_dims is not None else tensor_dims,
            tile_col_major=tile_col_major,
            iter_col_major=iter_col_major,
            pattern_repeat=pattern_repeat,
            prune_step=prune_step,
        )

    @classmethod
    def group_tiler(
        cls,
        tensor_dims: Sequence[int],
        tile_dims: Sequence[int],
        tile_group_dims: Sequence[int] | None = None,
        tile_col_major: bool = False,
        tile_group_col_major: bool = False,
        iter_col_major: bool = False,
        pattern_repeat: int = 1,
        allow_partial: bool = False,
        prune_step: bool = True,
    ) -> TensorAccessSequence:
        """A group of neighbouring tiles in each step."""
        return cls.step_tiler(
            tensor_dims,
            tile_dims,
            tile_group_dims if tile_group_dims is not None else (1, 1),
            tile_col_major=tile_col_major,
            tile_group_col_major=tile_group_col_major,
            iter_col_major=iter_col_major,
            allow_partial=allow_partial,
            pattern_repeat=pattern_repeat,
            prune_step=prune_step,
        )

    @classmethod
    def step_tiler(
        cls,
        tensor_dims: Sequence[int],
        tile_dims: Sequence[int],
        tile_group_repeats: Sequence[int],
        tile_group_steps: Sequence[int] | None = None,
        tile_col_major: bool = False,
        tile_group_col_major: bool = False,
        iter_col_major: bool = False,
        allow_partial: bool = False,
        pattern_repeat: int = 1,
        prune_step: bool = True,
    ) -> TensorAccessSequence:
        """A group of tiles in each step, `tile_group_steps` tiles apart.

        A step without a tile never arises here, so `prune_step` changes nothing.
        """
        matrix = whole_numbers("tensor_dims", tensor_dims, least=1)
        if len(matrix) != 2:
            raise tap_error(f"TensorTiler2D walks over matrices, not over {list(matrix)}")
        grid = TileGrid.of(TensorAccessPattern.full(matrix), tile_dims)
        if tile_col_major:
            grid = grid.permute_tile(*reversed(range(len(grid.tile_shape))))
        grid = grid.order("col" if iter_col_major else "row").group(
            tile_group_repeats,
            tile_group_steps,
            order="col" if tile_group_col_major else "row",
            partial=allow_partial,
        )
        return TensorAccessSequence.from_taps(_shim_form(tap, pattern_repeat) for tap in grid)


def _shim_form(tap: TensorAccessPattern, pattern_repeat: int) -> TensorAccessPattern:
    """`tap` in four dimensions, the repeat outermost with stride 0."""
    if pattern_repeat == 1 and tap.rank == SHIM_DIMENSIONS:
        return tap
    used = [(size, stride) for size, stride in tap.transformation_dims if size > 1]
    if len(used) > SHIM_DIMENSIONS - 1:
        compact = tap.pattern.simplified()
        used = list(zip(compact.sizes, compact.strides, strict=True))
    if len(used) > SHIM_DIMENSIONS - 1:
        raise tap_error(
            f"pattern_repeat={pattern_repeat} does not fit",
            because=f"the groups take all {SHIM_DIMENSIONS} dimensions: {list(tap.sizes)}",
            fix="smaller groups, or TensorAccessPattern.repeat with a larger tile",
        )
    lower = SHIM_DIMENSIONS - 1
    sizes = left_padded([size for size, _ in used] or [1], lower, 1)
    strides = left_padded([stride for _, stride in used] or [1], lower, 0)
    return TensorAccessPattern(tap.tensor_dims, tap.offset, [pattern_repeat, *sizes], [0, *strides])
