"""Y = X W' for 1 to 16 rows of X on the whole array: a decoder's products, bf16 -> f32.

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
cut W and X into blocks and turn Y, which the kernel makes transposed. The host fills everything up
to whole tiles with zeros.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import ObjectFifo, Program, Runtime, TaskGroup, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1, Tile

from aie_kernels.mm_contracts import BlockSizes, product_reference
from aie_kernels.mv_contracts import MOST_ROWS, MV_BLOCKS, mv
from aie_kernels.row_contracts import zero
from designs.block_layout import to_blocks
from designs.case import (
    BFLOAT16,
    Array,
    draw_bfloat16,
    next_multiple,
    padded,
    poisoned,
)
from designs.kernels import array_type, external
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

ARRAY_COLUMNS = 4
CORES_PER_COLUMN = 4

MOST_STEPS = 64
"""Times that a shim's descriptor repeats (AM020 ch5); each step is n outputs for every core."""

STACK_BYTES = 3328
"""For spilled accumulators on the chip, as in designs/matmul.py."""

FLOAT32 = np.dtype(np.float32)
_BLOCKS = MV_BLOCKS["bf16", "f32"]

_TOLERANCE = Tolerance(
    relative_l2=1e-5,
    evidence="each step of eight products rounds to 24 bits; errors of 256 steps over a depth of "
    "2048 add like a random walk to 16 x 2^-23",
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """y [rows, columns] = x [rows, depth] times the transpose of weights [columns, depth].

    k, n: the depth and the outputs of a core's tile.
    """

    name: str
    rows: int
    depth: int
    columns: int
    k: int = 128
    n: int = 64
    tolerance: Tolerance = _TOLERANCE

    def __post_init__(self) -> None:
        if not 1 <= self.rows <= MOST_ROWS:
            raise ValueError(f"a product of {self.rows} rows; mv takes 1 to {MOST_ROWS}")
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
            next_multiple(self.rows, _BLOCKS.columns),
            next_multiple(self.depth, self.k),
            next_multiple(self.columns, self.columns_per_step),
        )

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x [rows, depth], weights [columns, depth], bf16."""
        return {
            "x": draw_bfloat16(rng, (self.rows, self.depth)),
            "weights": draw_bfloat16(rng, (self.columns, self.depth)),
        }

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [rows, columns] float."""
        return {"y": ((self.rows, self.columns), FLOAT32)}


def design(case: Case) -> Any:
    """The program."""
    rows, depth, columns = case.padded_sizes
    x_fifo, x_blocks = _x_fifos(case)
    array = [_column_fifos(case, column) for column in range(ARRAY_COLUMNS)]
    clear = external(zero("f32", rows * case.n))
    multiply = external(mv("bf16", "f32", rows, case.k, case.n))

    def make_outputs(w_in: Any, x_in: Any, y_out: Any, clear: Any, multiply: Any) -> None:
        y = y_out.acquire(1)
        clear(y, rows * case.n)
        for _ in range_(depth // case.k):
            w, x = w_in.acquire(1), x_in.acquire(1)
            multiply(w, x, y)
            w_in.release(1)
            x_in.release(1)
        y_out.release(1)

    workers = [
        Worker(
            make_outputs,
            [
                fifos.w_tiles[core].cons(),
                x_blocks.cons(),
                fifos.y_tiles[core].prod(),
                clear,
                multiply,
            ],
            tile=Tile(column, 2 + core),
            stack_size=STACK_BYTES,
        )
        for column, fifos in enumerate(array)
        for core in range(CORES_PER_COLUMN)
    ]

    def sequence(x: Any, weights: Any, y: Any, x_in: Any, w_in: Any, y_out: Any) -> None:
        group = TaskGroup()
        x_in.fill(x, tap=_x_walk(case), group=group)
        for column in range(ARRAY_COLUMNS):
            y_out[column].drain(y, tap=_y_walk(case, column), group=group, wait=True)
            w_in[column].fill(weights, tap=_w_walk(case, column), group=group)
        group.finish()

    runtime = Runtime(
        sequence,
        [
            array_type((rows, depth), BFLOAT16),
            array_type((columns, depth), BFLOAT16),
            array_type((rows, columns), FLOAT32),
            x_fifo.prod(tile=Tile(0, 0)),
            [fifos.w.prod(tile=Tile(column, 0)) for column, fifos in enumerate(array)],
            [fifos.y.cons(tile=Tile(column, 0)) for column, fifos in enumerate(array)],
        ],
    )
    return Program(NPU1(), runtime, workers=workers)


def _x_fifos(case: Case) -> tuple[Any, Any]:
    """The fifo from DDR, and the one with its blocks for every core."""
    rows, _, _ = case.padded_sizes
    fifo = ObjectFifo(array_type((rows, case.k), BFLOAT16), name="x")
    return fifo, fifo.cons().forward(
        tile=Tile(0, 1),
        obj_type=array_type(rows * case.k, BFLOAT16),
        name="x_blocks",
        to_stream=to_blocks(rows, case.k, _BLOCKS.columns, _BLOCKS.depth),
    )


@dataclass(frozen=True)
class _ColumnFifos:
    """Between DDR and one column: weights and outputs, of all its cores and of each."""

    w: Any
    w_tiles: list[Any]
    y: Any
    y_tiles: list[Any]


def _column_fifos(case: Case, column: int) -> _ColumnFifos:
    rows, _, _ = case.padded_sizes
    memory = Tile(column, 1)
    w = ObjectFifo(array_type((CORES_PER_COLUMN * case.n, case.k), BFLOAT16), name=f"w_{column}")
    w_tiles = w.cons().split(
        [core * case.n * case.k for core in range(CORES_PER_COLUMN)],
        tile=memory,
        obj_types=[array_type(case.n * case.k, BFLOAT16)] * CORES_PER_COLUMN,
        names=[f"w_{column}_{core}" for core in range(CORES_PER_COLUMN)],
        to_stream=[to_blocks(case.n, case.k, _BLOCKS.rows, _BLOCKS.depth)] * CORES_PER_COLUMN,
    )
    y = ObjectFifo(
        array_type((CORES_PER_COLUMN, rows, case.n), FLOAT32),
        name=f"y_{column}",
        to_stream=rows_of_transposed_blocks(rows, case.n, _BLOCKS),
    )
    y_tiles = y.prod().join(
        [core * rows * case.n for core in range(CORES_PER_COLUMN)],
        tile=memory,
        obj_types=[array_type(rows * case.n, FLOAT32)] * CORES_PER_COLUMN,
        names=[f"y_{column}_{core}" for core in range(CORES_PER_COLUMN)],
    )
    return _ColumnFifos(w, w_tiles, y, y_tiles)


def rows_of_transposed_blocks(rows: int, columns: int, sizes: BlockSizes) -> Any:
    """The order in which the blocks of a matrix [columns, rows] come out as [rows, columns]."""
    return TensorAccessPattern(
        (rows, columns),
        0,
        [rows // sizes.columns, sizes.columns, columns // sizes.rows, sizes.rows],
        [sizes.rows * sizes.columns, 1, sizes.rows * rows, sizes.columns],
    )


def _x_walk(case: Case) -> Any:
    """Tiles of X along the depth, once for each step."""
    rows, depth, columns = case.padded_sizes
    return TensorAccessPattern(
        (rows, depth),
        0,
        [columns // case.columns_per_step, depth // case.k, rows, case.k],
        [0, case.k, depth, 1],
    )


def _w_walk(case: Case, column: int) -> Any:
    """Tiles of W for the cores of one column along the depth, one step after the other."""
    _, depth, columns = case.padded_sizes
    column_outputs = CORES_PER_COLUMN * case.n
    return TensorAccessPattern(
        (columns, depth),
        column * column_outputs * depth,
        [columns // case.columns_per_step, depth // case.k, column_outputs, case.k],
        [case.columns_per_step * depth, case.k, depth, 1],
    )


def _y_walk(case: Case, column: int) -> Any:
    """Outputs of each core of one column in turn, one step after the other."""
    rows, _, columns = case.padded_sizes
    return TensorAccessPattern(
        (rows, columns),
        column * CORES_PER_COLUMN * case.n,
        [columns // case.columns_per_step, CORES_PER_COLUMN, rows, case.n],
        [case.columns_per_step, case.n, columns, 1],
    )


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """X and W filled up with zeros, and room for Y."""
    rows, depth, columns = case.padded_sizes
    return (
        padded(inputs["x"], (rows, depth)),
        padded(inputs["weights"], (columns, depth)),
        poisoned((rows, columns), FLOAT32),
    )


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The part of Y that was asked for."""
    return {"y": arguments[2][: case.rows, : case.columns]}


def reference(case: Case, x: Array, weights: Array) -> dict[str, Array]:
    """The product in float64."""
    return {"y": product_reference(x, weights.T)}


CASES = (
    Case(name="one_row", rows=1, depth=96, columns=250, k=32, n=16),
    Case(name="ragged", rows=11, depth=75, columns=300, k=32, n=16),
    Case(name="whisper_base", rows=8, depth=512, columns=2048),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
