"""Copy an int32 array through one core.

    DDR --x--> core (0, 2) --y--> DDR

Line by line: the core copies each line with a kernel, and while it does the next is on its way.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.device import NPU1

from aie_kernels.row_contracts import passthrough_i32
from designs.case import Array, draw_integers
from designs.kernels import array_type, external
from ironbird.base.tolerance import EXACT, Tolerance
from ironbird.session.design_command import design_main


@dataclass(frozen=True, kw_only=True)
class Case:
    """An array of whole lines; a line is whole vectors of 16."""

    name: str
    element_count: int
    line_elements: int = 1024
    tolerance: Tolerance = EXACT

    def __post_init__(self) -> None:
        if self.element_count % self.line_elements or self.line_elements % 16:
            raise ValueError(
                f"{self.element_count} elements are not whole lines of {self.line_elements}, "
                f"or a line is not whole vectors of 16"
            )

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x [element_count] int32."""
        return {"x": draw_integers(rng, (self.element_count,), np.int32)}

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [element_count] int32."""
        return {"y": ((self.element_count,), np.dtype(np.int32))}


def design(case: Case) -> Any:
    """The program."""
    line = array_type(case.line_elements, np.int32)
    whole = array_type(case.element_count, np.int32)
    x = ObjectFifo(line, name="x")
    y = ObjectFifo(line, name="y")
    copy = external(passthrough_i32(case.line_elements))

    def copy_lines(x_in: Any, y_out: Any, copy: Any) -> None:
        source, copied = x_in.acquire(1), y_out.acquire(1)
        copy(source, copied, case.line_elements)
        x_in.release(1)
        y_out.release(1)

    worker = Worker(copy_lines, [x.cons(), y.prod(), copy])

    def sequence(source: Any, copied: Any, x_in: Any, y_out: Any) -> None:
        x_in.fill(source)
        y_out.drain(copied, wait=True)

    runtime = Runtime(sequence, [whole, whole, x.prod(), y.cons()])
    return Program(NPU1(), runtime, workers=[worker])


def reference(case: Case, x: Array) -> dict[str, Array]:
    """y = x."""
    return {"y": x}


CASES = (
    Case(name="one_line", element_count=64, line_elements=64),
    Case(name="four_lines", element_count=256, line_elements=64),
    Case(name="megabyte", element_count=262144),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
