"""The grid of a decoder's products, Y = X W' for 1 to 16 rows of X.

         W_0        W_1        W_2        W_3      each cut in four down its column
          |          |          |          |
    core(0,5)  core(1,5)  core(2,5)  core(3,5)
    core(0,4)  core(1,4)  core(2,4)  core(3,4)
    core(0,3)  core(1,3)  core(2,3)  core(3,3)
    core(0,2)  core(1,2)  core(2,2)  core(3,2)
          |          |          |          |
         Y_0        Y_1        Y_2        Y_3      four runs of outputs joined, then to DDR

W is [columns, depth], as checkpoints have it: a column of Y is a row of W, an output. Sixteen
cores own n outputs each at a time, and all rows; every weight is read once, which is what bounds
the time. Memory tile (0, 1) broadcasts X to all of them, once for each 16 n outputs. Memory tiles
turn Y, which the kernels make transposed. What a tile of X or W holds is the design's to say.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import ObjectFifo, Program, Runtime, TaskGroup
from aie.iron.device import NPU1, Tile

from aie_kernels.mm_contracts import BlockSizes
from aie_kernels.mv_contracts import MOST_ROWS
from designs.case import check_counts, next_multiple
from designs.kernels import array_type

ARRAY_COLUMNS = 4
CORES_PER_COLUMN = 4

MOST_STEPS = 64
"""Times that a shim's descriptor repeats (AM020 ch5); each step is n outputs for every core."""

STACK_BYTES = 3328
"""For spilled accumulators on the chip, as in designs/matmul.py."""

FLOAT32 = np.dtype(np.float32)


@dataclass(frozen=True, kw_only=True)
class FewRowsCase:
    """y [rows, columns] float, each element a sum over `depth`.

    k, n: the depth and the outputs of a core's tile. Raises ValueError for what the grid does not
    take.
    """

    design_name: ClassVar[str]
    blocks: ClassVar[BlockSizes]

    name: str
    rows: int
    depth: int
    columns: int
    k: int = 128
    n: int = 64

    def __post_init__(self) -> None:
        if not 1 <= self.rows <= MOST_ROWS:
            raise ValueError(
                f"a product of {self.rows} rows; {self.design_name} takes 1 to {MOST_ROWS}"
            )
        check_counts("a product of rows", k=self.k, n=self.n)
        if min(self.depth, self.columns) < 1:
            raise ValueError(f"weights of {self.columns}x{self.depth} are empty")
        most_columns = MOST_STEPS * self.columns_per_step
        if self.columns > most_columns:
            raise ValueError(
                f"{self.columns} columns in tiles of {self.n}; there are at most {most_columns}"
            )

    @property
    def columns_per_step(self) -> int:
        """Outputs that all cores together make at a time."""
        return ARRAY_COLUMNS * CORES_PER_COLUMN * self.n

    @property
    def padded_sizes(self) -> tuple[int, int, int]:
        """Rows in whole blocks, depth and columns in whole tiles of the whole array."""
        return (
            next_multiple(self.rows, self.blocks.columns),
            next_multiple(self.depth, self.k),
            next_multiple(self.columns, self.columns_per_step),
        )

    @property
    def steps(self) -> int:
        """Times that every core makes n outputs."""
        return self.padded_sizes[2] // self.columns_per_step

    @property
    def pieces(self) -> int:
        """Pieces that the depth comes in."""
        return self.padded_sizes[1] // self.k

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [rows, columns] float."""
        return {"y": ((self.rows, self.columns), FLOAT32)}


@dataclass(frozen=True, kw_only=True)
class Operand:
    """X or W on its way to the cores.

    shape, dtype:   of the tensor in DDR.
    tile_elements:  what a core takes at a time.
    walks:          the order in which DDR is read: one for X, one a column of the array for W.
    to_stream:      the layout that a memory tile gives each tile; None leaves it as it is.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    tile_elements: int
    walks: list[Any]
    to_stream: Any = None


MakeWorker = Callable[[Any, Any, Any, Any], Any]
"""A core's worker, given its tile and the fifos of its weights, of X, and of its outputs."""


def few_rows_program(case: FewRowsCase, x: Operand, weights: Operand, worker: MakeWorker) -> Any:
    """Tensors: X, W, y in the padded sizes."""
    rows, _, columns = case.padded_sizes
    x_fifo = ObjectFifo(array_type(x.tile_elements, x.dtype), name="x")
    x_tiles = x_fifo.cons().forward(tile=Tile(0, 1), name="x_tiles", to_stream=x.to_stream)
    array = [_column_fifos(case, weights, column) for column in range(ARRAY_COLUMNS)]
    workers = [
        worker(Tile(column, 2 + core), fifos.w_tiles[core], x_tiles, fifos.y_tiles[core])
        for column, fifos in enumerate(array)
        for core in range(CORES_PER_COLUMN)
    ]

    def sequence(x_from: Any, weights_from: Any, y: Any, x_in: Any, w_in: Any, y_out: Any) -> None:
        group = TaskGroup()
        x_in.fill(x_from, tap=x.walks[0], group=group)
        for column in range(ARRAY_COLUMNS):
            y_out[column].drain(y, tap=_y_walk(case, column), group=group, wait=True)
            w_in[column].fill(weights_from, tap=weights.walks[column], group=group)
        group.finish()

    runtime = Runtime(
        sequence,
        [
            array_type(x.shape, x.dtype),
            array_type(weights.shape, weights.dtype),
            array_type((rows, columns), FLOAT32),
            x_fifo.prod(tile=Tile(0, 0)),
            [fifos.w.prod(tile=Tile(column, 0)) for column, fifos in enumerate(array)],
            [fifos.y.cons(tile=Tile(column, 0)) for column, fifos in enumerate(array)],
        ],
    )
    return Program(NPU1(), runtime, workers=workers)


@dataclass(frozen=True)
class _ColumnFifos:
    """Between DDR and one column: weights and outputs, of all its cores and of each."""

    w: Any
    w_tiles: list[Any]
    y: Any
    y_tiles: list[Any]


def _column_fifos(case: FewRowsCase, weights: Operand, column: int) -> _ColumnFifos:
    rows, _, _ = case.padded_sizes
    memory = Tile(column, 1)
    cores = range(CORES_PER_COLUMN)
    w = ObjectFifo(
        array_type(CORES_PER_COLUMN * weights.tile_elements, weights.dtype), name=f"w_{column}"
    )
    w_tiles = w.cons().split(
        [core * weights.tile_elements for core in cores],
        tile=memory,
        obj_types=[array_type(weights.tile_elements, weights.dtype)] * CORES_PER_COLUMN,
        names=[f"w_{column}_{core}" for core in cores],
        to_stream=None if weights.to_stream is None else [weights.to_stream] * CORES_PER_COLUMN,
    )
    y = ObjectFifo(
        array_type((CORES_PER_COLUMN, rows, case.n), FLOAT32),
        name=f"y_{column}",
        to_stream=_rows_of_transposed_blocks(rows, case.n, case.blocks),
    )
    y_tiles = y.prod().join(
        [core * rows * case.n for core in cores],
        tile=memory,
        obj_types=[array_type(rows * case.n, FLOAT32)] * CORES_PER_COLUMN,
        names=[f"y_{column}_{core}" for core in cores],
    )
    return _ColumnFifos(w, w_tiles, y, y_tiles)


def _rows_of_transposed_blocks(rows: int, columns: int, sizes: BlockSizes) -> Any:
    """The order in which the blocks of a matrix [columns, rows] come out as [rows, columns]."""
    return TensorAccessPattern(
        (rows, columns),
        0,
        [rows // sizes.columns, sizes.columns, columns // sizes.rows, sizes.rows],
        [sizes.rows * sizes.columns, 1, sizes.rows * rows, sizes.columns],
    )


def _y_walk(case: FewRowsCase, column: int) -> Any:
    """Outputs of each core of one column in turn, one step after the other."""
    rows, _, columns = case.padded_sizes
    return TensorAccessPattern(
        (rows, columns),
        column * CORES_PER_COLUMN * case.n,
        [case.steps, CORES_PER_COLUMN, rows, case.n],
        [case.columns_per_step, case.n, columns, 1],
    )
