"""Softmax of every row of a bf16 matrix, on the whole array.

All rows may have the same elements hidden: behind a number of them that comes at run time, or by a
mask that is added. Either is a tensor that comes once to every core, so one program serves all. The
host fills rows up to whole vectors with the lowest bf16, which weighs nothing, and the matrix up to
a multiple of sixteen rows. `designs/row_array.py` draws the array. A NaN that is not hidden makes
its row NaN, as infinity does.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from aie_kernels.contract import KernelContract
from aie_kernels.row_contracts import (
    LONGEST_SOFTMAX_ROW,
    SOFTMAX_TOLERANCE,
    softmax_bf16,
    softmax_reference,
)
from aie_kernels.softmax_contracts import (
    COUNT_ELEMENTS,
    softmax_masked_bf16,
    softmax_masked_reference,
    softmax_prefix_bf16,
    softmax_prefix_reference,
)
from designs.case import BFLOAT16, Array, draw_bfloat16, next_multiple, padded, poisoned
from designs.row_array import CORE_COUNT, RowArray
from ironbird.base.errors import UsageError
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

LANES = 32
LONGEST_ROW = LONGEST_SOFTMAX_ROW
"""Elements. A core holds a row and its result twice, and 8 KiB beside: 40 of its 64 KiB."""
LOWEST = -3.3895314e38


@dataclass(frozen=True, kw_only=True)
class Case:
    """A matrix of any number of rows, each short enough for a core.

    valid_columns: where the number of columns that count comes at run time: that of drawn inputs.
    masked:        whether a mask is added to every row; the one drawn hides every third column.
    """

    name: str
    rows: int
    columns: int
    scale: float = 4.0
    valid_columns: int | None = None
    masked: bool = False
    tolerance: Tolerance = SOFTMAX_TOLERANCE

    def __post_init__(self) -> None:
        if not (1 <= self.columns <= LONGEST_ROW and self.rows >= 1):
            raise ValueError(
                f"softmax of {self.rows}x{self.columns}; a row has 1 to {LONGEST_ROW} elements"
            )
        if self.masked and self.valid_columns is not None:
            raise ValueError("softmax with a mask and a number of columns; a mask can do both")

    @property
    def padded_shape(self) -> tuple[int, int]:
        """As many rows on every core, columns in whole vectors."""
        return next_multiple(self.rows, CORE_COUNT), next_multiple(self.columns, LANES)

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x [rows, columns] bf16; valid_columns [1] int32, or mask [columns] bf16, if asked for."""
        drawn: dict[str, Array] = {"x": draw_bfloat16(rng, (self.rows, self.columns), self.scale)}
        if self.valid_columns is not None:
            drawn["valid_columns"] = np.array([self.valid_columns], np.int32)
        if self.masked:
            hidden = np.arange(self.columns) % 3 == 2
            drawn["mask"] = np.where(hidden, -np.inf, 0).astype(BFLOAT16)
        return drawn

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [rows, columns] bf16."""
        return {"y": ((self.rows, self.columns), BFLOAT16)}


def design(case: Case) -> Any:
    """The program."""
    rows, columns = case.padded_shape
    contract, shared_elements, dtype_shared = _kernel(case, columns)
    return RowArray(
        contract=contract,
        rows=rows,
        width_in=columns,
        width_out=columns,
        dtype_in=BFLOAT16,
        dtype_out=BFLOAT16,
        shared_elements=shared_elements,
        dtype_shared=dtype_shared,
    ).program()


def _kernel(case: Case, columns: int) -> tuple[KernelContract, int, np.dtype[Any] | None]:
    """And the elements of what all rows share."""
    if case.valid_columns is not None:
        return softmax_prefix_bf16(columns), COUNT_ELEMENTS, np.dtype(np.int32)
    if case.masked:
        return softmax_masked_bf16(columns), columns, BFLOAT16
    return softmax_bf16(columns), 0, None


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """The matrix filled up with the lowest number, what rows share, and room for the result.

    Raises UsageError for a number of columns that a row does not have, and for a mask that hides
    every column or adds infinity or NaN.
    """
    shared: list[Array] = []
    if case.valid_columns is not None:
        number = int(inputs["valid_columns"][0])
        if not 1 <= number <= case.columns:
            raise UsageError(
                f"valid_columns is {number}",
                because=f"a row of softmax {case.name} has 1 to {case.columns}",
            )
        shared = [np.full(COUNT_ELEMENTS, number, np.int32)]
    if case.masked:
        _check_mask(inputs["mask"])
        shared = [padded(inputs["mask"], case.padded_shape[1:])]
    x = padded(inputs["x"], case.padded_shape, LOWEST)
    return x, *shared, poisoned(case.padded_shape, BFLOAT16)


def _check_mask(mask: Array) -> None:
    wide = mask.astype(np.float32)
    wrong = np.flatnonzero(np.isnan(wide) | (wide == np.inf))
    if wrong.size:
        raise UsageError(
            f"mask[{wrong[0]}] is {wide[wrong[0]]:g}",
            because="a mask is added to rows: finite numbers, and -inf to hide a column",
        )
    if (wide == -np.inf).all():
        raise UsageError(
            f"the mask hides all {wide.size} columns",
            because="softmax of nothing has no meaning",
            fix="leave a column visible",
        )


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The part of the result that was asked for."""
    return {"y": arguments[-1][: case.rows, : case.columns]}


def reference(
    case: Case, x: Array, valid_columns: Array | None = None, mask: Array | None = None
) -> dict[str, Array]:
    """Softmax of each row in float64."""
    if valid_columns is not None:
        return {"y": softmax_prefix_reference(x, valid_columns[0])}
    return {"y": softmax_reference(x) if mask is None else softmax_masked_reference(x, mask)}


CASES = (
    Case(name="8x64", rows=8, columns=64),
    Case(name="ragged", rows=5, columns=77),
    Case(name="seed_1024", rows=1, columns=1024),
    Case(name="1500_of_1536", rows=16, columns=1536, valid_columns=1500),
    Case(name="masked", rows=3, columns=70, masked=True),
    Case(name="512x1500", rows=512, columns=1500),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
