"""GELU of every element of a bf16 matrix, by the exact erf, on the whole array.

The host deals the elements out in lines (designs/element_lines.py); designs/row_array.py draws the
array.
"""

import sys
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from aie_kernels.gelu_contracts import GELU_BF16_TOLERANCE, gelu_bf16, rounded_gelu
from designs.case import BFLOAT16, Array, draw_bfloat16, poisoned
from designs.element_lines import ElementWiseCase
from designs.row_array import CORE_COUNT, RowArray
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

LONGEST_LINE = 2048
"""Elements. A core holds a line and its result twice, 16 KiB, beside 26 KiB of tables."""


@dataclass(frozen=True, kw_only=True)
class Case(ElementWiseCase):
    """A matrix of any shape, normal around `mean`."""

    design_name: ClassVar[str] = "gelu"
    core_count: ClassVar[int] = CORE_COUNT
    lanes: ClassVar[int] = 32
    longest_line: ClassVar[int] = LONGEST_LINE

    mean: float = 0.0
    tolerance: Tolerance = GELU_BF16_TOLERANCE

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x [rows, columns] bf16."""
        drawn = draw_bfloat16(rng, (self.rows, self.columns), self.scale)
        return {"x": (drawn.astype(np.float32) + np.float32(self.mean)).astype(BFLOAT16)}

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [rows, columns] bf16."""
        return {"y": ((self.rows, self.columns), BFLOAT16)}


def design(case: Case) -> Any:
    """The program."""
    return RowArray(
        contract=gelu_bf16(case.lines.elements),
        rows=case.lines.count,
        width_in=case.lines.elements,
        width_out=case.lines.elements,
        dtype_in=BFLOAT16,
        dtype_out=BFLOAT16,
    ).program()


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """The elements in lines, and room for the result."""
    return case.lines.deal(inputs["x"]), poisoned(case.lines.shape, BFLOAT16)


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The elements that were asked for."""
    return {"y": case.lines.gather(arguments[1], (case.rows, case.columns))}


def reference(case: Case, x: Array) -> dict[str, Array]:
    """The bf16 nearest to GELU in float64."""
    return {"y": rounded_gelu(x)}


CASES = (
    Case(name="ragged", rows=5, columns=77, mean=-2.0, scale=1.5),
    Case(name="gelu_1500x1536", rows=1500, columns=1536, mean=-2.0, scale=1.5),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
