"""Mels of every frame of a recording, on the sixteen cores of the array.

                            +--x_c_0--> core (c, 2) --y_c_0--+
    DDR --x_c--> memory     |--x_c_1--> core (c, 3) --y_c_1--| memory    --y_c--> DDR
                 tile (c,1) |--x_c_2--> core (c, 4) --y_c_2--| tile (c,1)
                            +--x_c_3--> core (c, 5) --y_c_3--+
    DDR --table--> all cores

Column c owns one quarter of the frames, in order. A core takes a few at a time as one piece of
samples: frames that overlap are never written out, a core reads each where it starts. While it has
a piece, the whole table passes by, the same for every core.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import Buffer, ObjectFifo, Program, Runtime, TaskGroup, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1, Tile

from aie_kernels.contract import KernelContract, Role
from aie_kernels.mel_contracts import mel_accumulate_i16_f32, samples_of_frames
from aie_kernels.mel_tables import PARTS, part_type
from designs.block_layout import from_blocks
from designs.kernels import array_type, external

COLUMNS = 4
CORES_IN_COLUMN = 4
CORE_COUNT = COLUMNS * CORES_IN_COLUMN

BLOCK_FRAMES, BLOCK_MELS = 4, 4

MOST_PASSES = 64
"""Times that a shim's descriptor repeats (AM020 ch5), which for the table is once a pass."""

RUN_SAMPLES = 80
"""What pieces are read in; half a hop, a fifth of a frame."""


@dataclass(frozen=True, kw_only=True)
class MelArray:
    """Which frames, and what becomes of their mels.

    frames:          a multiple of sixteen times frames_of_core.
    frame_stride:    samples from the start of a frame to that of the next.
    frames_of_core:  those of one piece.
    finish:          reads mels and the table; writes them over, or into an array of its own.
    """

    frames: int
    frame_stride: int
    frames_of_core: int
    mel_count: int
    finish: KernelContract

    def __post_init__(self) -> None:
        frames_of_pass = CORE_COUNT * self.frames_of_core
        if self.frames < 1 or self.frames % frames_of_pass:
            raise ValueError(f"{self.frames} frames do not fill passes of {frames_of_pass} evenly")
        if self.frames > MOST_PASSES * frames_of_pass:
            raise ValueError(
                f"{self.frames} frames in one run; there are at most {MOST_PASSES * frames_of_pass}"
            )

    @property
    def passes(self) -> int:
        """Pieces of each core, for each of which the table passes once."""
        return self.frames // (CORE_COUNT * self.frames_of_core)

    @property
    def samples(self) -> int:
        """Of the whole tensor."""
        return samples_of_frames(self.frames, self.frame_stride)

    @property
    def piece_samples(self) -> int:
        """That a core gets at once."""
        return samples_of_frames(self.frames_of_core, self.frame_stride)

    @property
    def part_bytes(self) -> int:
        """Of the table."""
        return part_type(self.mel_count).itemsize

    @property
    def written(self) -> Any:
        """The dtype of the features."""
        (written,) = (argument for argument in self.finish.arguments if argument.is_written)
        return written.dtype

    @property
    def finishes_in_place(self) -> bool:
        """Whether features replace mels where they are."""
        return all(argument.role is not Role.OUT for argument in self.finish.arguments)

    def program(self) -> Any:
        """Tensors: samples [samples] int16, table [PARTS, part] int8, y [frames, mel_count]."""
        table = ObjectFifo(array_type(self.part_bytes, np.int8), name="table")
        columns = [_Column(self, column, table) for column in range(COLUMNS)]

        def sequence(samples: Any, parts: Any, y: Any, table_in: Any, *ends: Any) -> None:
            group = TaskGroup()
            for column in range(COLUMNS):
                x_in, y_out = ends[2 * column : 2 * column + 2]
                y_out.drain(y, tap=self._share_of_y(column), wait=True, group=group)
                x_in.fill(samples, tap=self._share_of_samples(column), group=group)
            table_in.fill(parts, tap=self._passes_of_table(), group=group)
            group.finish()

        runtime = Runtime(
            sequence,
            [
                array_type(self.samples, np.int16),
                array_type((PARTS, self.part_bytes), np.int8),
                array_type((self.frames, self.mel_count), self.written),
                table.prod(),
                *(end for column in columns for end in column.ends),
            ],
        )
        workers = [worker for column in columns for worker in column.workers]
        return Program(NPU1(), runtime, workers=workers)

    def _share_of_samples(self, column: int) -> Any:
        """The pieces of one column, which overlap where frames do."""
        piece_step = self.frames_of_core * self.frame_stride
        pieces = self.passes * CORES_IN_COLUMN
        return TensorAccessPattern(
            (self.samples,),
            column * pieces * piece_step,
            [1, pieces, self.piece_samples // RUN_SAMPLES, RUN_SAMPLES],
            [0, piece_step, RUN_SAMPLES, 1],
        )

    def _passes_of_table(self) -> Any:
        return TensorAccessPattern(
            (PARTS, self.part_bytes),
            0,
            [self.passes, 1, PARTS, self.part_bytes],
            [0, 0, self.part_bytes, 1],
        )

    def _share_of_y(self, column: int) -> Any:
        frames = self.frames // COLUMNS
        return TensorAccessPattern(
            (self.frames, self.mel_count),
            column * frames * self.mel_count,
            [1, 1, frames, self.mel_count],
            [0, 0, self.mel_count, 1],
        )


class _Column:
    """The fifos and workers of one column; `ends` are those the host fills and drains."""

    def __init__(self, array: MelArray, column: int, table: Any) -> None:
        memory = Tile(column, 1)
        cores = range(CORES_IN_COLUMN)
        elements = array.frames_of_core * array.mel_count
        x = ObjectFifo(
            array_type((CORES_IN_COLUMN, array.piece_samples), np.int16), name=f"x_{column}"
        )
        pieces = x.cons().split(
            [core * array.piece_samples for core in cores],
            tile=memory,
            depths=[1] * CORES_IN_COLUMN,
            obj_types=[array_type(array.piece_samples, np.int16)] * CORES_IN_COLUMN,
            names=[f"x_{column}_{core}" for core in cores],
        )
        y = ObjectFifo(
            array_type((CORES_IN_COLUMN * array.frames_of_core, array.mel_count), array.written),
            name=f"y_{column}",
            to_stream=from_blocks(array.frames_of_core, array.mel_count, BLOCK_FRAMES, BLOCK_MELS),
        )
        features = y.prod().join(
            [core * elements for core in cores],
            tile=memory,
            depths=[1] * CORES_IN_COLUMN,
            obj_types=[array_type(elements, array.written)] * CORES_IN_COLUMN,
            names=[f"y_{column}_{core}" for core in cores],
        )
        self.ends = [x.prod(), y.cons()]
        self.workers = [
            _worker(array, Tile(column, 2 + core), pieces[core], table, features[core])
            for core in cores
        ]


def _worker(array: MelArray, tile: Any, pieces: Any, table: Any, features: Any) -> Any:
    elements = array.frames_of_core * array.mel_count
    accumulate = external(
        mel_accumulate_i16_f32(array.frames_of_core, array.frame_stride, array.mel_count)
    )
    finish = external(array.finish)
    apart = (
        []
        if array.finishes_in_place
        else [Buffer(array_type(elements, np.float32), name=f"mels_{tile.col}_{tile.row}")]
    )

    def mels_of_pieces(
        x_in: Any, table_in: Any, y_out: Any, accumulate: Any, finish: Any, *apart: Any
    ) -> None:
        samples, y = x_in.acquire(1), y_out.acquire(1)
        mels = apart[0] if apart else y
        sizes = (array.frames_of_core, array.frame_stride, array.mel_count)
        accumulate(samples, table_in.acquire(1), mels, 1, *sizes)
        table_in.release(1)
        for _ in range_(PARTS - 2):
            accumulate(samples, table_in.acquire(1), mels, 0, *sizes)
            table_in.release(1)
        last = table_in.acquire(1)
        accumulate(samples, last, mels, 0, *sizes)
        finish(mels, last, *([y] if apart else []), elements)
        for fifo in (x_in, table_in, y_out):
            fifo.release(1)

    return Worker(
        mels_of_pieces,
        [pieces.cons(), table.cons(), features.prod(), accumulate, finish, *apart],
        tile=tile,
    )
