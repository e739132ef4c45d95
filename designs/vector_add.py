"""Add two int32 arrays on one core, whose program is Python.

    DDR --x--\\
              core (0, 2) --z--> DDR
    DDR --y--/

No kernel: the core function is traced, and its loop runs on the core's scalar unit.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1

from designs.case import Array, check_counts, draw_integers
from designs.kernels import array_type
from ironbird.base.tolerance import EXACT, Tolerance
from ironbird.session.design_command import design_main


@dataclass(frozen=True, kw_only=True)
class Case:
    """Two arrays of whole lines."""

    name: str
    element_count: int
    line_elements: int = 256
    tolerance: Tolerance = EXACT

    def __post_init__(self) -> None:
        check_counts("a sum", element_count=self.element_count, line_elements=self.line_elements)
        if self.element_count % self.line_elements:
            raise ValueError(
                f"{self.element_count} elements are not whole lines of {self.line_elements}"
            )

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x, y [element_count] int32."""
        return {name: draw_integers(rng, (self.element_count,), np.int32) for name in ("x", "y")}

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """z [element_count] int32."""
        return {"z": ((self.element_count,), np.dtype(np.int32))}


def design(case: Case) -> Any:
    """The program."""
    line = array_type(case.line_elements, np.int32)
    whole = array_type(case.element_count, np.int32)
    x = ObjectFifo(line, name="x")
    y = ObjectFifo(line, name="y")
    z = ObjectFifo(line, name="z")

    def add_lines(x_in: Any, y_in: Any, z_out: Any) -> None:
        first, second, total = x_in.acquire(1), y_in.acquire(1), z_out.acquire(1)
        for i in range_(case.line_elements):
            total[i] = first[i] + second[i]
        x_in.release(1)
        y_in.release(1)
        z_out.release(1)

    worker = Worker(add_lines, [x.cons(), y.cons(), z.prod()])

    def sequence(first: Any, second: Any, total: Any, x_in: Any, y_in: Any, z_out: Any) -> None:
        x_in.fill(first)
        y_in.fill(second)
        z_out.drain(total, wait=True)

    runtime = Runtime(sequence, [whole, whole, whole, x.prod(), y.prod(), z.cons()])
    return Program(NPU1(), runtime, workers=[worker])


def reference(case: Case, x: Array, y: Array) -> dict[str, Array]:
    """z = x + y, modulo 2^32."""
    return {"z": x + y}


CASES = (
    Case(name="two_lines", element_count=64, line_elements=32),
    Case(name="sixteen_lines", element_count=4096),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
