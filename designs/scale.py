"""Multiply an int32 array by a factor that the host writes into the core's memory before the run.

    host: factor[0] = 3, then barrier = 1
                   |
    DDR --x--> core (0, 2) --y--> DDR

The core waits at the barrier, reads the factor, scales the whole array, and waits again.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from aie.iron import Buffer, ObjectFifo, Program, Runtime, Worker, WorkerRuntimeBarrier
from aie.iron.controlflow import range_
from aie.iron.device import NPU1

from aie_kernels.row_contracts import scale_i32
from designs.case import Array, check_counts, draw_integers
from designs.kernels import array_type, external
from ironbird.base.tolerance import EXACT, Tolerance
from ironbird.session.design_command import design_main


@dataclass(frozen=True, kw_only=True)
class Case:
    """An array of whole lines, a line being whole vectors of 16, and the factor."""

    name: str
    element_count: int
    factor: int
    line_elements: int = 1024
    tolerance: Tolerance = EXACT

    def __post_init__(self) -> None:
        check_counts(
            "a scaling", element_count=self.element_count, line_elements=self.line_elements
        )
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
    factor = Buffer(array_type(1, np.int32), name="factor", use_write_rtp=True)
    factor_written = WorkerRuntimeBarrier()
    scale = external(scale_i32(case.line_elements))

    def scale_lines(x_in: Any, y_out: Any, factor: Any, factor_written: Any, scale: Any) -> None:
        factor_written.wait_for_value(1)
        multiplier = factor[0]
        for _ in range_(case.element_count // case.line_elements):
            source, scaled = x_in.acquire(1), y_out.acquire(1)
            scale(source, scaled, multiplier, case.line_elements)
            x_in.release(1)
            y_out.release(1)

    worker = Worker(scale_lines, [x.cons(), y.prod(), factor, factor_written, scale])

    def sequence(
        source: Any, scaled: Any, x_in: Any, y_out: Any, factor: Any, factor_written: Any
    ) -> None:
        factor[0] = case.factor
        factor_written.set(1)
        x_in.fill(source)
        y_out.drain(scaled, wait=True)

    runtime = Runtime(sequence, [whole, whole, x.prod(), y.cons(), factor, factor_written])
    return Program(NPU1(), runtime, workers=[worker])


def reference(case: Case, x: Array) -> dict[str, Array]:
    """y = x * factor, modulo 2^32."""
    product = x.astype(np.int64) * np.int64(case.factor)
    return {"y": (product & 0xFFFFFFFF).astype(np.uint32).view(np.int32)}


CASES = (
    Case(name="times_three", element_count=128, factor=3, line_elements=64),
    Case(name="times_minus_seven", element_count=16384, factor=-7),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
