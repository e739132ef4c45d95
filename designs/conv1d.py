"""Convolution over time, kernel 3, stride 1 or 2, with bias, as a product on the whole array.

                 W_0        W_1        W_2        W_3      each down its column
                  |          |          |          |
    X_3 ----> core(0,5)  core(1,5)  core(2,5)  core(3,5)   each X along its row
    X_2 ----> core(0,4)  core(1,4)  core(2,4)  core(3,4)
    X_1 ----> core(0,3)  core(1,3)  core(2,3)  core(3,3)
    X_0 ----> core(0,2)  core(1,2)  core(2,2)  core(3,2)
                  |          |          |          |
                 Y_0        Y_1        Y_2        Y_3      four tiles joined, then to DDR

X is [frames, channels]: the three frames that a result is made of follow one another in memory, so
the rows of the product's left matrix are runs of 3 channels that start `stride` frames apart. The
DMA reads them as they overlap; they are never written out. The host fills channels up to whole
blocks, of which the first beyond the given ones is 1 in every frame: its three weights are the bias
in three bf16 parts, exact to fp32, and no addition is left to do. It adds a frame of zeros on both
sides, and fills everything up to whole tiles.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import Buffer, ObjectFifo, Program, Runtime, TaskGroup, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1, Tile

from aie_kernels.mm_contracts import BLOCKS, mm
from aie_kernels.mm_finish_contracts import NARROWED_SUM_TOLERANCE, mm_finish
from aie_kernels.row_contracts import zero
from designs.block_layout import from_blocks, to_blocks
from designs.case import BFLOAT16, Array, draw_bfloat16, next_multiple, poisoned
from designs.kernels import array_type, external
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

SIDE = 4
"""Cores along each side of the array."""

TAPS = 3
CHANNEL_STEP = 32
"""Channels are filled up to a multiple: three times that is whole tiles of the depth."""

DEPTH_OF_TILE = TAPS * CHANNEL_STEP

MOST_REPEATS = 64
"""Times that a shim's descriptor repeats (AM020 ch5)."""

GROUPS_IN_FLIGHT = 2
STACK_BYTES = 3328
"""As in designs/matmul.py."""

_BLOCKS = BLOCKS["bf16", "f32"]


@dataclass(frozen=True, kw_only=True)
class Case:
    """y [result_frames, outputs] from x [frames, channels], weights [outputs, channels, 3], bias.

    m, n: frames and outputs of a core's tile.
    """

    name: str
    frames: int
    channels: int
    outputs_count: int
    stride: int = 1
    m: int = 32
    n: int = 64
    tolerance: Tolerance = NARROWED_SUM_TOLERANCE

    def __post_init__(self) -> None:
        if self.stride not in (1, 2):
            raise ValueError(f"a convolution of stride {self.stride}; there are 1 and 2")
        if min(self.frames, self.channels, self.outputs_count) < 1:
            raise ValueError(
                f"a convolution of {self.frames} frames from {self.channels} to "
                f"{self.outputs_count} channels is empty"
            )
        most_outputs = MOST_REPEATS * SIDE * self.n
        if self.outputs_count > most_outputs:
            raise ValueError(
                f"{self.outputs_count} outputs in tiles of {self.n}; "
                f"there are at most {most_outputs}"
            )

    @property
    def result_frames(self) -> int:
        """With a frame of zeros on both sides."""
        return (self.frames - 1) // self.stride + 1

    @property
    def padded_channels(self) -> int:
        """With the one that is 1, in whole steps."""
        return next_multiple(self.channels + 1, CHANNEL_STEP)

    @property
    def padded_results(self) -> tuple[int, int]:
        """Frames and outputs in whole tiles of the whole array."""
        return (
            next_multiple(self.result_frames, SIDE * self.m),
            next_multiple(self.outputs_count, SIDE * self.n),
        )

    @property
    def padded_frames(self) -> int:
        """As many as the padded results are made of."""
        return (self.padded_results[0] - 1) * self.stride + TAPS

    @property
    def depth(self) -> int:
        """Of the product."""
        return TAPS * self.padded_channels

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x [frames, channels], weights [outputs, channels, 3] bf16; bias [outputs] float."""
        return {
            "x": draw_bfloat16(rng, (self.frames, self.channels)),
            "weights": draw_bfloat16(rng, (self.outputs_count, self.channels, TAPS), 0.1),
            "bias": rng.standard_normal(self.outputs_count).astype(np.float32),
        }

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [result_frames, outputs] bf16."""
        return {"y": ((self.result_frames, self.outputs_count), BFLOAT16)}


def design(case: Case) -> Any:
    """The program."""
    x_fifos, x_tiles = _block_fifos("x", case.m, DEPTH_OF_TILE, _BLOCKS.rows, _BLOCKS.depth)
    w_fifos, w_tiles = _block_fifos("w", DEPTH_OF_TILE, case.n, _BLOCKS.depth, _BLOCKS.columns)
    y_fifos, y_tiles = _y_fifos(case)
    workers = [
        _worker(case, Tile(column, 2 + row), x_tiles[row], w_tiles[column], y_tiles[column][row])
        for column in range(SIDE)
        for row in range(SIDE)
    ]
    frames, outputs = case.padded_results

    def sequence(x: Any, weights: Any, y: Any, x_in: Any, w_in: Any, y_out: Any) -> None:
        in_flight: list[Any] = []
        for block in range(frames // (SIDE * case.m)):
            group = TaskGroup()
            for place in range(SIDE):
                y_out[place].drain(y, tap=_y_walk(case, block, place), group=group, wait=True)
                x_in[place].fill(x, tap=_x_walk(case, block, place), group=group)
                w_in[place].fill(weights, tap=_w_walk(case, place), group=group)
            in_flight.append(group)
            if len(in_flight) == GROUPS_IN_FLIGHT:
                in_flight.pop(0).finish()
        for group in in_flight:
            group.finish()

    runtime = Runtime(
        sequence,
        [
            array_type((case.padded_frames, case.padded_channels), BFLOAT16),
            array_type((case.depth, outputs), BFLOAT16),
            array_type((frames, outputs), BFLOAT16),
            [fifo.prod(tile=Tile(row, 0)) for row, fifo in enumerate(x_fifos)],
            [fifo.prod(tile=Tile(column, 0)) for column, fifo in enumerate(w_fifos)],
            [fifo.cons(tile=Tile(column, 0)) for column, fifo in enumerate(y_fifos)],
        ],
    )
    return Program(NPU1(), runtime, workers=workers)


def _worker(case: Case, tile: Any, x_tiles: Any, w_tiles: Any, y_tiles: Any) -> Any:
    tile_elements = case.m * case.n
    held = Buffer(array_type(tile_elements, np.float32), name=f"sums_{tile.col}_{tile.row}")
    clear = external(zero("f32", tile_elements))
    multiply = external(mm("bf16", "f32", case.m, DEPTH_OF_TILE, case.n))
    finish = external(mm_finish(case.m, case.n))

    def make_tiles_of_y(
        x_in: Any, w_in: Any, y_out: Any, sums: Any, clear: Any, multiply: Any, finish: Any
    ) -> None:
        clear(sums, tile_elements)
        for _ in range_(case.depth // DEPTH_OF_TILE):
            multiply(x_in.acquire(1), w_in.acquire(1), sums)
            x_in.release(1)
            w_in.release(1)
        finish(sums, y_out.acquire(1))
        y_out.release(1)

    return Worker(
        make_tiles_of_y,
        [x_tiles.cons(), w_tiles.cons(), y_tiles.prod(), held, clear, multiply, finish],
        tile=tile,
        stack_size=STACK_BYTES,
    )


def _block_fifos(
    name: str, rows: int, columns: int, block_rows: int, block_columns: int
) -> tuple[list[Any], list[Any]]:
    """For each side's place: the fifo from DDR, and the one with the blocks of its tiles."""
    order = to_blocks(rows, columns, block_rows, block_columns)
    fifos = [
        ObjectFifo(array_type((rows, columns), BFLOAT16), name=f"{name}_{place}")
        for place in range(SIDE)
    ]
    return fifos, [
        fifo.cons().forward(
            tile=Tile(place, 1),
            obj_type=array_type(rows * columns, BFLOAT16),
            name=f"{name}_blocks_{place}",
            to_stream=order,
        )
        for place, fifo in enumerate(fifos)
    ]


def _y_fifos(case: Case) -> tuple[list[Any], list[list[Any]]]:
    """For each column of cores: the fifo to DDR, and one for each core that joins in it."""
    fifos, joined = [], []
    for column in range(SIDE):
        fifo = ObjectFifo(
            array_type((SIDE * case.m, case.n), BFLOAT16),
            name=f"y_{column}",
            to_stream=from_blocks(case.m, case.n, _BLOCKS.rows, _BLOCKS.columns),
        )
        fifos.append(fifo)
        joined.append(
            fifo.prod().join(
                [row * case.m * case.n for row in range(SIDE)],
                tile=Tile(column, 1),
                obj_types=[array_type(case.m * case.n, BFLOAT16)] * SIDE,
                names=[f"y_{column}_{row}" for row in range(SIDE)],
            )
        )
    return fifos, joined


def _x_walk(case: Case, block: int, row: int) -> Any:
    """Overlapping runs of three frames for one row of cores, once for each tile column of Y."""
    _, outputs = case.padded_results
    step = case.stride * case.padded_channels
    return TensorAccessPattern(
        (case.padded_frames, case.padded_channels),
        (block * SIDE + row) * case.m * step,
        [outputs // (SIDE * case.n), case.depth // DEPTH_OF_TILE, case.m, DEPTH_OF_TILE],
        [0, DEPTH_OF_TILE, step, 1],
    )


def _w_walk(case: Case, column: int) -> Any:
    """Tiles of the weights down the depth, one tile column of Y after the other."""
    _, outputs = case.padded_results
    return TensorAccessPattern(
        (case.depth, outputs),
        column * case.n,
        [outputs // (SIDE * case.n), case.depth // DEPTH_OF_TILE, DEPTH_OF_TILE, case.n],
        [SIDE * case.n, DEPTH_OF_TILE * outputs, outputs, 1],
    )


def _y_walk(case: Case, block: int, column: int) -> Any:
    """Joined tiles of Y of one column of cores, one tile column after the other."""
    frames, outputs = case.padded_results
    joined_frames = SIDE * case.m
    return TensorAccessPattern(
        (frames, outputs),
        block * joined_frames * outputs + column * case.n,
        [1, outputs // (SIDE * case.n), joined_frames, case.n],
        [0, SIDE * case.n, outputs, 1],
    )


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """X behind a frame of zeros, the weights as a matrix with the bias in it, and room for Y."""
    frames, outputs = case.padded_results
    x = np.zeros((case.padded_frames, case.padded_channels), BFLOAT16)
    x[1 : 1 + case.frames, : case.channels] = inputs["x"]
    x[:, case.channels] = 1
    matrix = np.zeros((TAPS, case.padded_channels, outputs), BFLOAT16)
    matrix[:, : case.channels, : case.outputs_count] = inputs["weights"].transpose(2, 1, 0)
    rest = inputs["bias"].astype(np.float32)
    for tap in range(TAPS):
        part = rest.astype(BFLOAT16)
        matrix[tap, case.channels, : case.outputs_count] = part
        rest = rest - part.astype(np.float32)
    return x, matrix.reshape(case.depth, outputs), poisoned((frames, outputs), BFLOAT16)


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The part of Y that was asked for."""
    return {"y": arguments[2][: case.result_frames, : case.outputs_count]}


def reference(case: Case, x: Array, weights: Array, bias: Array) -> dict[str, Array]:
    """The convolution in float64, frames of zeros beyond both ends."""
    framed = np.pad(x.astype(np.float64), ((1, 1), (0, 0)))
    last = framed.shape[0] - TAPS + 1
    return {
        "y": bias.astype(np.float64)
        + sum(
            framed[tap : tap + last : case.stride] @ weights[:, :, tap].astype(np.float64).T
            for tap in range(TAPS)
        )
    }


CASES = (
    Case(name="stride_1", frames=20, channels=16, outputs_count=24, m=16, n=16),
    Case(name="stride_2", frames=131, channels=40, outputs_count=70, stride=2, m=16, n=16),
    Case(name="whisper_base", frames=3000, channels=80, outputs_count=512),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
