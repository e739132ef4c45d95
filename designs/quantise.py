"""Rows of a bf16 matrix as int8 with a scale for each row, on the whole array.

A row of the result is its numbers, filled up with zeros to a multiple of 128, then 128 bytes of
which the first four are the scale: what `linear_w8a8` takes as x. `designs/row_array.py` draws the
array.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from aie_kernels.quantise_contracts import (
    QUANTISED_TOLERANCE,
    quantise_bf16_i8,
    quantised_rows,
    scales_of_rows,
)
from aie_kernels.scale_tiles import BYTES_BESIDE
from designs.case import BFLOAT16, Array, draw_bfloat16, next_multiple, padded, poisoned
from designs.row_array import CORE_COUNT, RowArray
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

LONGEST_ROW = 8192
"""Elements. A core holds a row and its result twice, 48 KiB."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """Rows of a width that holds a linear layer's input, of different magnitudes."""

    name: str
    rows: int
    columns: int
    tolerance: Tolerance = QUANTISED_TOLERANCE

    def __post_init__(self) -> None:
        if not (self.rows >= 1 and 1 <= self.columns <= LONGEST_ROW):
            raise ValueError(
                f"{self.rows} rows of {self.columns} to quantise; "
                f"a row has 1 to {LONGEST_ROW} elements"
            )

    @property
    def padded_sizes(self) -> tuple[int, int]:
        """Rows for every core, and whole tiles of a product."""
        return next_multiple(self.rows, CORE_COUNT), next_multiple(self.columns, BYTES_BESIDE)

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x [rows, columns] bf16."""
        drawn = draw_bfloat16(rng, (self.rows, self.columns)).astype(np.float32)
        return {"x": (drawn * np.exp2(rng.uniform(-8, 8, (self.rows, 1)))).astype(BFLOAT16)}

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """numbers [rows, columns] int8, scales [rows] float."""
        return {
            "numbers": ((self.rows, self.columns), np.dtype(np.int8)),
            "scales": ((self.rows,), np.dtype(np.float32)),
        }


def design(case: Case) -> Any:
    """The program: x, and y [rows, columns + 128] int8, as padded."""
    rows, columns = case.padded_sizes
    return RowArray(
        contract=quantise_bf16_i8(columns),
        rows=rows,
        width_in=columns,
        width_out=columns + BYTES_BESIDE,
        dtype_in=BFLOAT16,
        dtype_out=np.dtype(np.int8),
        element_count=columns,
    ).program()


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """The rows filled up with zeros, and room for the result."""
    rows, columns = case.padded_sizes
    result = poisoned((rows, columns + BYTES_BESIDE), np.dtype(np.int8))
    return padded(inputs["x"], (rows, columns)), result


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The numbers and the scales that were asked for."""
    rows = arguments[1][: case.rows]
    return {"numbers": rows[:, : case.columns], "scales": scales_of_rows(rows)}


def reference(case: Case, x: Array) -> dict[str, Array]:
    """As the kernel's contract says: x over its scale, rounded."""
    rows = quantised_rows(x)
    return {"numbers": rows[:, : case.columns], "scales": scales_of_rows(rows)}


CASES = (
    Case(name="ragged", rows=5, columns=77),
    Case(name="whisper_base_quantise", rows=1500, columns=512),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
