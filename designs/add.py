"""Add two bf16 matrices, as a residual is added, on two cores of every column.

                 +--x_c_0--> core (c, 2) --z_c_0--+
    DDR --x_c--> |--y_c_0-->     "                | memory   --z_c--> DDR
                 memory tile                      | tile
    DDR --y_c--> |--x_c_1--> core (c, 3) --z_c_1--+
                 +--y_c_1-->     "

Two cores a column are all that a memory tile can feed: of its six sending channels each core takes
two, and the result one. They are enough, since adding waits for memory: eight cores take as long
under the slowest model of their compiler as under the ideal one.

The host deals the elements out in lines (designs/element_lines.py).
"""

import sys
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import ObjectFifo, Program, Runtime, TaskGroup, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1, Tile

from aie_kernels.row_contracts import ADD_BF16_TOLERANCE, add
from designs.case import BFLOAT16, Array, draw_bfloat16, poisoned
from designs.element_lines import ElementWiseCase
from designs.kernels import array_type, external
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

COLUMNS = 4
CORES_IN_COLUMN = 2
CORE_COUNT = COLUMNS * CORES_IN_COLUMN
LONGEST_LINE = 4096
"""Elements. A core holds a line of each operand and of the sum twice: 48 of its 64 KiB."""


@dataclass(frozen=True, kw_only=True)
class Case(ElementWiseCase):
    """Two matrices of any shape."""

    design_name: ClassVar[str] = "add"
    core_count: ClassVar[int] = CORE_COUNT
    lanes: ClassVar[int] = 16
    longest_line: ClassVar[int] = LONGEST_LINE

    tolerance: Tolerance = ADD_BF16_TOLERANCE

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x, y [rows, columns] bf16."""
        shape = (self.rows, self.columns)
        return {name: draw_bfloat16(rng, shape, self.scale) for name in ("x", "y")}

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """z [rows, columns] bf16."""
        return {"z": ((self.rows, self.columns), BFLOAT16)}


def design(case: Case) -> Any:
    """The program."""
    line = array_type(case.lines.elements, BFLOAT16)
    lines = array_type((CORES_IN_COLUMN, case.lines.elements), BFLOAT16)
    whole = array_type(case.lines.shape, BFLOAT16)
    kernel = external(add("bf16", case.lines.elements))
    firsts = [core * case.lines.elements for core in range(CORES_IN_COLUMN)]

    def add_lines(x_in: Any, y_in: Any, z_out: Any, kernel: Any) -> None:
        for _ in range_(case.lines.count // CORE_COUNT):
            x, y, z = x_in.acquire(1), y_in.acquire(1), z_out.acquire(1)
            kernel(x, y, z, case.lines.elements)
            x_in.release(1)
            y_in.release(1)
            z_out.release(1)

    ends: list[Any] = []
    workers: list[Any] = []
    for column in range(COLUMNS):
        x, y, z = (ObjectFifo(lines, name=f"{name}_{column}") for name in "xyz")
        dealt = {"tile": Tile(column, 1), "obj_types": [line] * CORES_IN_COLUMN}
        names = {
            name: [f"{name}_{column}_{core}" for core in range(CORES_IN_COLUMN)] for name in "xyz"
        }
        xs = x.cons().split(firsts, names=names["x"], **dealt)
        ys = y.cons().split(firsts, names=names["y"], **dealt)
        zs = z.prod().join(firsts, names=names["z"], **dealt)
        ends += [x.prod(), y.prod(), z.cons()]
        workers += [
            Worker(
                add_lines,
                [xs[core].cons(), ys[core].cons(), zs[core].prod(), kernel],
                tile=Tile(column, 2 + core),
            )
            for core in range(CORES_IN_COLUMN)
        ]

    def sequence(x: Any, y: Any, z: Any, *ends: Any) -> None:
        group = TaskGroup()
        for column in range(COLUMNS):
            x_in, y_in, z_out = ends[3 * column : 3 * column + 3]
            share = _share(case, column)
            x_in.fill(x, share, group=group)
            y_in.fill(y, share, group=group)
            z_out.drain(z, share, wait=True, group=group)
        group.finish()

    runtime = Runtime(sequence, [whole, whole, whole, *ends])
    return Program(NPU1(), runtime, workers=workers)


def _share(case: Case, column: int) -> Any:
    """The lines of one column, in order."""
    lines, elements = case.lines.count // COLUMNS, case.lines.elements
    return TensorAccessPattern(
        (case.lines.count, elements),
        column * lines * elements,
        [1, 1, lines, elements],
        [0, 0, elements, 1],
    )


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """Both matrices in lines, and room for the sum."""
    x, y = (case.lines.deal(inputs[name]) for name in ("x", "y"))
    return x, y, poisoned(case.lines.shape, BFLOAT16)


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The matrix again."""
    return {"z": case.lines.gather(arguments[2], (case.rows, case.columns))}


def reference(case: Case, x: Array, y: Array) -> dict[str, Array]:
    """z = x + y in float64."""
    return {"z": x.astype(np.float64) + y.astype(np.float64)}


CASES = (
    Case(name="ragged", rows=5, columns=77),
    Case(name="add_1500x512", rows=1500, columns=512),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
