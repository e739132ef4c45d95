"""Transpose a matrix of 4-byte elements with descriptors alone: no core works.

    DDR --x, read column by column--> memory tile (0, 1) --y, written row by row--> DDR

The innermost dimension of a descriptor moves whole 32-bit words, so narrower elements cannot be
taken one by one (AM020 ch2): they are refused.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import ObjectFifo, Program, Runtime
from aie.iron.device import NPU1

from designs.case import Array, check_counts, draw_integers
from designs.kernels import array_type
from ironbird.base.tolerance import EXACT, Tolerance
from ironbird.session.design_command import design_main

LONGEST_SIDE = 1023
"""The 10-bit wrap of a shim descriptor (AM020 ch3)."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A row-major matrix, one column of which fits one wrap."""

    name: str
    rows: int
    columns: int
    dtype: Any = np.int32
    tolerance: Tolerance = EXACT

    def __post_init__(self) -> None:
        check_counts("a matrix", rows=self.rows, columns=self.columns)
        element_bytes = np.dtype(self.dtype).itemsize
        if element_bytes != 4:
            raise ValueError(
                f"elements of {element_bytes} bytes cannot be transposed by DMA: it moves words of "
                f"4"
            )
        if self.rows > LONGEST_SIDE:
            raise ValueError(f"{self.rows} rows; a descriptor repeats at most {LONGEST_SIDE} times")

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x [rows, columns]."""
        bits = draw_integers(rng, (self.rows, self.columns), np.int32)
        if np.dtype(self.dtype) == np.int32:
            return {"x": bits}
        return {"x": rng.standard_normal((self.rows, self.columns)).astype(self.dtype)}

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [columns, rows]."""
        return {"y": ((self.columns, self.rows), np.dtype(self.dtype))}


def design(case: Case) -> Any:
    """The program."""
    column = array_type(case.rows, case.dtype)
    x = ObjectFifo(column, name="x")
    y = x.cons().forward(name="y")
    by_column = TensorAccessPattern(
        (case.rows, case.columns),
        0,
        [1, 1, case.columns, case.rows],
        [0, 0, 1, case.columns],
    )

    def sequence(matrix: Any, transposed: Any, x_in: Any, y_out: Any) -> None:
        x_in.fill(matrix, tap=by_column)
        y_out.drain(transposed, wait=True)

    matrix = array_type((case.rows, case.columns), case.dtype)
    transposed = array_type((case.columns, case.rows), case.dtype)
    runtime = Runtime(sequence, [matrix, transposed, x.prod(), y.cons()])
    return Program(NPU1(), runtime)


def reference(case: Case, x: Array) -> dict[str, Array]:
    """y = x transposed."""
    return {"y": np.ascontiguousarray(x.T)}


CASES = (
    Case(name="i32_8x6", rows=8, columns=6),
    Case(name="f32_64x96", rows=64, columns=96, dtype=np.float32),
    Case(name="i32_512x768", rows=512, columns=768),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
