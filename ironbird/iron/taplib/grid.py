"""A walk cut into tiles: a grid whose every cell is an access pattern.

`group` lets a step visit several tiles; `order` says in which order steps follow one another.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ironbird.iron.taplib.pattern import TensorAccessPattern
from ironbird.iron.taplib.walk_checks import tap_error, whole_numbers

Order = Literal["row", "col"] | Sequence[int]


@dataclass(frozen=True)
class GridAxis:
    """One axis of the grid.

    starts: the first tile of each cell. counts: how many tiles each cell groups along this axis.
    step: tiles between two of a group. stride: elements from one tile to the next.
    """

    starts: tuple[int, ...]
    counts: tuple[int, ...]
    step: int
    stride: int

    @classmethod
    def of_tiles(cls, tile_count: int, stride: int) -> "GridAxis":
        """One tile in each cell."""
        return cls(tuple(range(tile_count)), (1,) * tile_count, 1, stride)

    def grouped(self, count: int, step: int, partial: bool) -> "GridAxis":
        """Cells of `count` tiles, `step` apart; `step` of them interleave in count * step tiles."""
        tiles = len(self.starts)
        run = count * step
        if tiles % run and not partial:
            raise tap_error(
                f"groups of {count} tiles, {step} apart, do not divide {tiles} tiles",
                because=f"{tiles % run} are left over",
                fix="allow partial groups",
            )
        starts = tuple(
            start
            for first in range(0, tiles, run)
            for start in range(first, min(first + step, tiles))
        )
        ends = (min(tiles, start // run * run + run) for start in starts)
        counts = tuple(
            len(range(start, end, step)) for start, end in zip(starts, ends, strict=True)
        )
        return GridAxis(starts, counts, step, self.stride)

    @property
    def cell_stride(self) -> int:
        """Elements from one cell to the next. Refuses cells that are not equally far apart."""
        gaps = {after - before for before, after in itertools.pairwise(self.starts)}
        if len(gaps) > 1:
            raise tap_error(f"cells that start at tiles {list(self.starts)} have no single stride")
        return self.stride * gaps.pop() if gaps else 0


@dataclass(frozen=True)
class TileGrid(Sequence[TensorAccessPattern]):
    """Steps over a grid of tiles, each an access pattern over the same tensor.

    tile_shape, tile_strides: the walk inside one tile, outermost first.
    step_order: the grid's axes in the sequence of steps, slowest first.
    group_order: the axes in the order in which a group visits its tiles; empty if not grouped.
    repeats: how often each step visits what it visits; 0 stands for once, without a dimension.
    """

    tensor_dims: tuple[int, ...]
    offset: int
    axes: tuple[GridAxis, ...]
    tile_shape: tuple[int, ...]
    tile_strides: tuple[int, ...]
    step_order: tuple[int, ...]
    group_order: tuple[int, ...] = ()
    repeats: int = 0

    @classmethod
    def of(cls, whole: TensorAccessPattern, tile_dims: Sequence[int]) -> "TileGrid":
        """`whole` cut into tiles along its last `len(tile_dims)` dimensions."""
        dims = whole_numbers("tile_dims", tile_dims, least=1)
        if len(dims) > whole.rank:
            raise tap_error(f"a tile of {len(dims)} dimensions in a walk of {whole.rank}")
        leading = whole.rank - len(dims)
        tile = (1,) * leading + dims
        for axis, (size, part) in enumerate(zip(whole.sizes, tile, strict=True)):
            if size % part:
                raise tap_error(
                    f"tiles of {list(dims)} do not divide a walk of {list(whole.sizes)}",
                    because=f"dimension {axis} of {size} leaves {size % part} over",
                )
        axes = tuple(
            GridAxis.of_tiles(size // part, stride * part)
            for size, stride, part in zip(whole.sizes, whole.strides, tile, strict=True)
        )
        return cls(
            tensor_dims=whole.tensor_dims,
            offset=whole.offset,
            axes=axes,
            tile_shape=dims,
            tile_strides=whole.strides[leading:],
            step_order=tuple(range(whole.rank)),
        )

    @property
    def grid_shape(self) -> tuple[int, ...]:
        """How many cells each axis has."""
        return tuple(len(axis.starts) for axis in self.axes)

    @property
    def grid_strides(self) -> tuple[int, ...]:
        """Elements from one cell to the next along each axis."""
        return tuple(axis.cell_stride for axis in self.axes)

    @property
    def num_steps(self) -> int:
        """How many patterns the grid has."""
        return math.prod(self.grid_shape)

    @property
    def is_grouped(self) -> bool:
        """Whether a step visits groups of tiles."""
        return bool(self.group_order)

    @property
    def is_symbolic(self) -> bool:
        """Whether any number is known only with a call; here none ever is."""
        return False

    @property
    def tap(self) -> TensorAccessPattern:
        """All steps as one walk, in their order. Refuses cells of different sizes."""
        if any(len(set(axis.counts)) > 1 for axis in self.axes):
            raise tap_error("a grid with partial groups is not one pattern")
        step = self[0]
        strides = self.grid_strides
        return TensorAccessPattern(
            self.tensor_dims,
            self.offset,
            [*(self.grid_shape[axis] for axis in self.step_order), *step.sizes],
            [*(strides[axis] for axis in self.step_order), *step.strides],
        )

    def order(self, order: Order) -> "TileGrid":
        """The same cells, stepped through row by row, column by column, or by a permutation."""
        natural = tuple(range(len(self.axes)))
        if order == "row":
            return replace(self, step_order=natural)
        if order == "col":
            return replace(self, step_order=natural[::-1])
        if isinstance(order, str) or sorted(order) != list(natural):
            raise tap_error(
                f"the order {order!r} is not known",
                because=f"it is 'row', 'col' or a permutation of {list(natural)}",
            )
        return replace(self, step_order=tuple(order))

    def permute_tile(self, *axes: int) -> "TileGrid":
        """The same cells, each tile visited with its dimensions in another order."""
        if sorted(axes) != list(range(len(self.tile_shape))):
            raise tap_error(f"axes {axes} are no permutation of {len(self.tile_shape)} dimensions")
        return replace(
            self,
            tile_shape=tuple(self.tile_shape[axis] for axis in axes),
            tile_strides=tuple(self.tile_strides[axis] for axis in axes),
        )

    def repeat(self, n: int) -> "TileGrid":
        """Each step visits its cell `n` times."""
        whole_numbers("repeat", (n,), least=1)
        return replace(self, repeats=n * max(1, self.repeats))

    def group(
        self,
        repeats: Sequence[int],
        steps: Sequence[int] | None = None,
        order: Literal["row", "col"] = "row",
        partial: bool = False,
    ) -> "TileGrid":
        """Each step visits `repeats` tiles along each axis, `steps` tiles apart.

        order: of the tiles within a group. partial: the last groups may have fewer tiles.
        """
        if self.is_grouped:
            raise tap_error("this grid is grouped already")
        counts = whole_numbers("repeats", repeats, least=1)
        apart = whole_numbers("steps", steps or (1,) * len(counts), least=1)
        if len(counts) != len(self.axes) or len(apart) != len(self.axes):
            raise tap_error(
                f"a group of {list(counts)} tiles, {list(apart)} apart",
                because=f"the grid has {len(self.axes)} dimensions: {list(self.grid_shape)}",
            )
        natural = tuple(range(len(counts)))
        return replace(
            self,
            axes=tuple(
                axis.grouped(count, step, partial)
                for axis, count, step in zip(self.axes, counts, apart, strict=True)
            ),
            group_order=natural if order == "row" else natural[::-1],
        )

    def __len__(self) -> int:
        return self.num_steps

    def __getitem__(self, index: int | tuple[int, ...]) -> TensorAccessPattern:  # type: ignore[override]
        """The pattern of a step, or of the cell `(i, j)`."""
        cell = index if isinstance(index, tuple) else self._cell_of_step(index)
        if len(cell) != len(self.axes) or not all(
            0 <= at < count for at, count in zip(cell, self.grid_shape, strict=True)
        ):
            raise tap_error(f"cell {cell} is outside the grid {self.grid_shape}")
        here = list(zip(self.axes, cell, strict=True))
        sizes = [here[axis][0].counts[cell[axis]] for axis in self.group_order]
        strides = [here[axis][0].step * here[axis][0].stride for axis in self.group_order]
        if self.repeats:
            sizes.insert(0, self.repeats)
            strides.insert(0, 0)
        return TensorAccessPattern(
            self.tensor_dims,
            self.offset + sum(axis.starts[at] * axis.stride for axis, at in here),
            [*sizes, *self.tile_shape],
            [*strides, *self.tile_strides],
        )

    def __iter__(self) -> Iterator[TensorAccessPattern]:
        return (self[step] for step in range(self.num_steps))

    def _cell_of_step(self, step: int) -> tuple[int, ...]:
        if not -self.num_steps <= step < self.num_steps:
            # What Python's sequence protocol expects at the end of an iteration.
            raise IndexError(f"step {step} of a grid of {self.num_steps} steps")
        left = step % self.num_steps
        cell = [0] * len(self.axes)
        for axis in reversed(self.step_order):
            left, cell[axis] = divmod(left, self.grid_shape[axis])
        return tuple(cell)
