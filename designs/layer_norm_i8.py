"""LayerNorm of int8 rows, each packed with its gain and bias, on the whole array.

A row is 768 bytes: x, gain, bias of 256 each; its result is 256 bytes. What a step of each stands
for is a value of the run, in a tensor of its own. `designs/row_array.py` draws the array.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from aie_kernels.layer_norm_contracts import (
    LAYER_NORM_I8_TOLERANCE,
    layer_norm_i8,
    layer_norm_i8_reference,
    layer_norm_i8_steps,
)
from designs.case import Array, draw_integers, next_multiple, padded, poisoned
from designs.row_array import CORE_COUNT, RowArray
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

INT8 = np.dtype(np.int8)
FLOAT32 = np.dtype(np.float32)
WIDTH = 256
PACKED_WIDTH = 3 * WIDTH


@dataclass(frozen=True, kw_only=True)
class Case:
    """Any number of packed rows, and what one step of each of their parts stands for."""

    name: str
    rows: int
    scale_x: float = 1 / 24
    scale_gain: float = 1 / 64
    scale_bias: float = 1 / 64
    scale_y: float = 1 / 32
    tolerance: Tolerance = LAYER_NORM_I8_TOLERANCE

    def __post_init__(self) -> None:
        if self.rows < 1:
            raise ValueError(f"int8 layer_norm of {self.rows} rows is empty")
        self.steps()

    def steps(self) -> Array:
        """The scales as the kernel wants them. Raises UsageError for wrong ones."""
        return layer_norm_i8_steps(
            x=self.scale_x, gain=self.scale_gain, bias=self.scale_bias, y=self.scale_y
        )

    @property
    def padded_rows(self) -> int:
        """Rows, as many on every core."""
        return next_multiple(self.rows, CORE_COUNT)

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """packed [rows, 768] int8."""
        return {"packed": draw_integers(rng, (self.rows, PACKED_WIDTH), np.int8)}

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [rows, 256] int8."""
        return {"y": ((self.rows, WIDTH), INT8)}


def design(case: Case) -> Any:
    """The program."""
    return RowArray(
        contract=layer_norm_i8(WIDTH),
        rows=case.padded_rows,
        width_in=PACKED_WIDTH,
        width_out=WIDTH,
        dtype_in=INT8,
        dtype_out=INT8,
        shared_elements=len(case.steps()),
        dtype_shared=FLOAT32,
    ).program()


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """The packed rows filled up with rows of zeros, the scales, and room for the result."""
    packed = padded(inputs["packed"], (case.padded_rows, PACKED_WIDTH))
    return packed, case.steps(), poisoned((case.padded_rows, WIDTH), INT8)


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The rows that were asked for."""
    return {"y": arguments[-1][: case.rows]}


def reference(case: Case, packed: Array) -> dict[str, Array]:
    """LayerNorm in float64, in steps of y, clamped and not rounded."""
    return {"y": layer_norm_i8_reference(packed, case.steps())}


CASES = (
    Case(name="seed_256", rows=1),
    Case(name="two_rows_a_core", rows=19, scale_x=0.5, scale_y=1 / 16),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
