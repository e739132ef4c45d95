"""Softmax of every row of a bf16 matrix, on the whole array.

The host fills rows up to whole vectors with the lowest bf16, which weighs nothing, and the matrix
up to a multiple of sixteen rows. `designs/row_array.py` draws the array.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from aie_kernels.row_contracts import SOFTMAX_TOLERANCE, softmax_bf16, softmax_reference
from designs.case import BFLOAT16, Array, draw_bfloat16, next_multiple, padded, poisoned
from designs.row_array import CORE_COUNT, RowArray
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

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
        """As many rows on every core, columns in whole vectors."""
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
    return RowArray(
        contract=softmax_bf16(columns),
        rows=rows,
        width_in=columns,
        width_out=columns,
        dtype_in=BFLOAT16,
        dtype_out=BFLOAT16,
    ).program()


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
    Case(name="seed_1024", rows=1, columns=1024),
    Case(name="512x1500", rows=512, columns=1500),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
