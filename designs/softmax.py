"""Softmax of every row of a bf16 matrix, on the four cores of a column.

                          +--x_0--> core (0, 2) --y_0--+
    DDR --x--> memory tile|--x_1--> core (0, 3) --y_1--|memory tile --y--> DDR
               (0, 1)     |--x_2--> core (0, 4) --y_2--|(0, 1)
                          +--x_3--> core (0, 5) --y_3--+

Each core takes every fourth row, whole. The host fills rows up to whole vectors with the lowest
bf16, which weighs nothing, and the matrix up to a multiple of four rows.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.device import NPU1, Tile

from aie_kernels.row_contracts import SOFTMAX_TOLERANCE, softmax_bf16, softmax_reference
from designs.case import BFLOAT16, Array, draw_bfloat16, next_multiple, padded, poisoned
from designs.kernels import array_type, external
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

CORE_COUNT = 4
LANES = 32
LONGEST_ROW = 4096
"""Elements. A core holds a row and its result twice: 32 of its 64 KiB."""
LOWEST = -3.3895314e38


@dataclass(frozen=True, kw_only=True)
class Case:
    """A matrix of any number of rows, each short enough for a core."""

    name: str
    rows: int
    columns: int
    scale: float = 4.0
    tolerance: Tolerance = SOFTMAX_TOLERANCE

    def __post_init__(self) -> None:
        if not (1 <= self.columns <= LONGEST_ROW and self.rows >= 1):
            raise ValueError(
                f"softmax of {self.rows}x{self.columns}; a row has 1 to {LONGEST_ROW} elements"
            )

    @property
    def padded_shape(self) -> tuple[int, int]:
        """Rows in fours, columns in whole vectors."""
        return next_multiple(self.rows, CORE_COUNT), next_multiple(self.columns, LANES)

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x [rows, columns] bf16."""
        return {"x": draw_bfloat16(rng, (self.rows, self.columns), self.scale)}

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [rows, columns] bf16."""
        return {"y": ((self.rows, self.columns), BFLOAT16)}


def design(case: Case) -> Any:
    """The program."""
    rows, columns = case.padded_shape
    row = array_type(columns, BFLOAT16)
    four_rows = array_type((CORE_COUNT, columns), BFLOAT16)
    offsets = [core * columns for core in range(CORE_COUNT)]
    x = ObjectFifo(four_rows, name="x")
    y = ObjectFifo(four_rows, name="y")
    x_rows = x.cons().split(
        offsets,
        obj_types=[row] * CORE_COUNT,
        names=[f"x_{core}" for core in range(CORE_COUNT)],
    )
    y_rows = y.prod().join(
        offsets,
        obj_types=[row] * CORE_COUNT,
        names=[f"y_{core}" for core in range(CORE_COUNT)],
    )
    contract = softmax_bf16(columns)
    softmax = external(contract)

    def softmax_of_rows(x_in: Any, y_out: Any, softmax: Any) -> None:
        scores, shares = x_in.acquire(1), y_out.acquire(1)
        softmax(scores, shares, columns)
        x_in.release(1)
        y_out.release(1)

    workers = [
        Worker(
            softmax_of_rows,
            [x_rows[core].cons(), y_rows[core].prod(), softmax],
            tile=Tile(0, 2 + core),
            stack_size=contract.stack_bytes,
        )
        for core in range(CORE_COUNT)
    ]

    def sequence(scores: Any, shares: Any, x_in: Any, y_out: Any) -> None:
        x_in.fill(scores)
        y_out.drain(shares, wait=True)

    whole = array_type((rows, columns), BFLOAT16)
    runtime = Runtime(sequence, [whole, whole, x.prod(), y.cons()])
    return Program(NPU1(), runtime, workers=workers)


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """The matrix filled up with the lowest number, and room for the result."""
    return padded(inputs["x"], case.padded_shape, LOWEST), poisoned(case.padded_shape, BFLOAT16)


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The part of the result that was asked for."""
    return {"y": arguments[1][: case.rows, : case.columns]}


def reference(case: Case, x: Array) -> dict[str, Array]:
    """Softmax of each row in float64."""
    return {"y": softmax_reference(x)}


CASES = (
    Case(name="8x64", rows=8, columns=64),
    Case(name="ragged", rows=5, columns=77),
    Case(name="512x1500", rows=512, columns=1500),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
