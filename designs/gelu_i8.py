"""GELU of int8 numbers with real scales, by table, on the whole array.

The scales of input and output are values of the run, not of the program: the host turns them into
the 256 possible results, which come once to every core. `designs/row_array.py` draws the array.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from aie_kernels.gelu_contracts import I8_TABLE_WORDS, gelu_i8, gelu_i8_results, gelu_i8_table
from designs.case import Array, draw_integers, poisoned
from designs.row_array import CORE_COUNT, RowArray
from ironbird.base.tolerance import EXACT, Tolerance
from ironbird.session.design_command import design_main

INT8 = np.dtype(np.int8)
INT16 = np.dtype(np.int16)
LANES = 32
LONGEST_LINE = 4096
"""Elements. A core holds a line and its result twice, 16 KiB, beside 2 KiB of table."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A run of int8 numbers; one step of x is scale_in, one step of y is scale_out."""

    name: str
    element_count: int
    scale_in: float = 1 / 16
    scale_out: float = 1 / 16
    tolerance: Tolerance = EXACT

    def __post_init__(self) -> None:
        multiple = CORE_COUNT * LANES
        if self.element_count < 1 or self.element_count % multiple:
            raise ValueError(
                f"int8 gelu of {self.element_count} elements; {CORE_COUNT} cores take a multiple "
                f"of {multiple}"
            )
        gelu_i8_results(self.scale_in, self.scale_out)

    @property
    def line_elements(self) -> int:
        """The longest line that fits and deals the elements out evenly."""
        vectors = self.element_count // (CORE_COUNT * LANES)
        fitting = range(min(vectors, LONGEST_LINE // LANES), 0, -1)
        return LANES * next(count for count in fitting if vectors % count == 0)

    @property
    def lines(self) -> tuple[int, int]:
        """How the elements lie: as many lines on every core."""
        return self.element_count // self.line_elements, self.line_elements

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x [element_count] int8."""
        return {"x": draw_integers(rng, (self.element_count,), np.int8)}

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [element_count] int8."""
        return {"y": ((self.element_count,), INT8)}


def design(case: Case) -> Any:
    """The program."""
    line_count, line_elements = case.lines
    return RowArray(
        contract=gelu_i8(line_elements),
        rows=line_count,
        width_in=line_elements,
        width_out=line_elements,
        dtype_in=INT8,
        dtype_out=INT8,
        shared_elements=I8_TABLE_WORDS,
        dtype_shared=INT16,
    ).program()


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """The elements in lines, the table of the case's scales, and room for the result."""
    table = gelu_i8_table(gelu_i8_results(case.scale_in, case.scale_out))
    return inputs["x"].reshape(case.lines), table, poisoned(case.lines, INT8)


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The result in a row."""
    return {"y": arguments[-1].ravel()}


def reference(case: Case, x: Array) -> dict[str, Array]:
    """GELU in float64, rounded to a step of the output."""
    return {"y": gelu_i8_results(case.scale_in, case.scale_out)[x.astype(np.int16) + 128]}


CASES = (
    Case(name="seed_512", element_count=512),
    Case(name="seed_2048", element_count=2048, scale_in=1 / 128, scale_out=1 / 128),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
