"""A kernel on every row of a matrix, on the sixteen cores of the array.

                          +--x_c_0--> core (c, 2) --y_c_0--+
    DDR --x_c--> memory   |--x_c_1--> core (c, 3) --y_c_1--| memory   --y_c--> DDR
                 tile     |--x_c_2--> core (c, 4) --y_c_2--| tile
                 (c, 1)   +--x_c_3--> core (c, 5) --y_c_3--+ (c, 1)

Column c owns one quarter of the rows, in order, and each of its cores every fourth of them, whole.
What all rows share (a gain, a table) comes once to every core, through the same memory tile.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import ObjectFifo, Program, Runtime, TaskGroup, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1, Tile

from aie_kernels.contract import KernelContract
from designs.kernels import array_type, external

COLUMNS = 4
CORES_IN_COLUMN = 4
CORE_COUNT = COLUMNS * CORES_IN_COLUMN


@dataclass(frozen=True, kw_only=True)
class RowArray:
    """Which kernel runs on how many rows.

    contract:       reads a row, then what all rows share if `shared_elements`, writes a row; then
                    takes `element_count`: that of a result row, unless it is given.
    rows:           a multiple of sixteen.
    width_in, width_out, shared_elements:  elements.
    """

    contract: KernelContract
    rows: int
    width_in: int
    width_out: int
    dtype_in: np.dtype[Any]
    dtype_out: np.dtype[Any]
    shared_elements: int = 0
    dtype_shared: np.dtype[Any] | None = None
    element_count: int | None = None

    def __post_init__(self) -> None:
        if self.rows < 1 or self.rows % CORE_COUNT:
            raise ValueError(f"{self.rows} rows do not fill {CORE_COUNT} cores evenly")

    @property
    def rows_of_core(self) -> int:
        """How many rows each core computes."""
        return self.rows // CORE_COUNT

    def program(self) -> Any:
        """Tensors: x [rows, width_in], what is shared if anything is, y [rows, width_out]."""
        columns = [_Column(self, column) for column in range(COLUMNS)]
        tensors = [array_type((self.rows, self.width_in), self.dtype_in)]
        if self.shared_elements:
            tensors.append(array_type(self.shared_elements, self.dtype_shared))
        tensors.append(array_type((self.rows, self.width_out), self.dtype_out))
        tensor_count = len(tensors)

        def sequence(*arguments: Any) -> None:
            given, ends = arguments[:tensor_count], arguments[tensor_count:]
            ends_of_column = len(ends) // COLUMNS
            group = TaskGroup()
            for column in range(COLUMNS):
                first = column * ends_of_column
                *shared, x_in, y_out = ends[first : first + ends_of_column]
                for end in shared:
                    end.fill(given[1], group=group)
                x_in.fill(given[0], self._share(column, self.width_in), group=group)
                y_out.drain(given[-1], self._share(column, self.width_out), wait=True, group=group)
            group.finish()

        ends = [end for column in columns for end in column.ends]
        workers = [worker for column in columns for worker in column.workers]
        return Program(NPU1(), Runtime(sequence, [*tensors, *ends]), workers=workers)

    def _share(self, column: int, width: int) -> Any:
        """The rows of one column, in order."""
        rows = self.rows // COLUMNS
        return TensorAccessPattern(
            (self.rows, width), column * rows * width, [1, 1, rows, width], [0, 0, width, 1]
        )


class _Column:
    """The fifos and workers of one column; `ends` are those the host fills and drains."""

    def __init__(self, array: RowArray, column: int) -> None:
        memory = Tile(column, 1)
        cores = range(CORES_IN_COLUMN)
        x = ObjectFifo(
            array_type((CORES_IN_COLUMN, array.width_in), array.dtype_in), name=f"x_{column}"
        )
        y = ObjectFifo(
            array_type((CORES_IN_COLUMN, array.width_out), array.dtype_out), name=f"y_{column}"
        )
        x_rows = x.cons().split(
            [core * array.width_in for core in cores],
            tile=memory,
            obj_types=[array_type(array.width_in, array.dtype_in)] * CORES_IN_COLUMN,
            names=[f"x_{column}_{core}" for core in cores],
        )
        y_rows = y.prod().join(
            [core * array.width_out for core in cores],
            tile=memory,
            obj_types=[array_type(array.width_out, array.dtype_out)] * CORES_IN_COLUMN,
            names=[f"y_{column}_{core}" for core in cores],
        )
        self.ends = [x.prod(), y.cons()]
        shared = None
        if array.shared_elements:
            source = ObjectFifo(
                array_type(array.shared_elements, array.dtype_shared),
                depth=1,
                name=f"shared_source_{column}",
            )
            shared = source.cons().forward(tile=memory, depth=1, name=f"shared_{column}")
            self.ends.insert(0, source.prod())
        kernel = external(array.contract)
        self.workers = [
            Worker(
                _rows_body(array),
                [
                    x_rows[core].cons(),
                    y_rows[core].prod(),
                    kernel,
                    *([] if shared is None else [shared.cons()]),
                ],
                tile=Tile(column, 2 + core),
                stack_size=array.contract.stack_bytes,
            )
            for core in cores
        ]


def _rows_body(array: RowArray) -> Any:
    """What each core does: with `shared`, that argument stands between the row and its result."""
    element_count = array.width_out if array.element_count is None else array.element_count

    def every_row(x_in: Any, y_out: Any, kernel: Any, *shared: Any) -> None:
        held = [fifo.acquire(1) for fifo in shared]
        for _ in range_(array.rows_of_core):
            row, result = x_in.acquire(1), y_out.acquire(1)
            kernel(row, *held, result, element_count)
            x_in.release(1)
            y_out.release(1)
        for fifo in shared:
            fifo.release(1)

    return every_row
