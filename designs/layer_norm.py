"""LayerNorm of every row of a bf16 matrix, with gain and bias or without, on the whole array.

Gain and bias come once to every core and stay there. The host fills the matrix up to a multiple of
sixteen rows. `designs/row_array.py` draws the array.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from aie_kernels.layer_norm_contracts import (
    LAYER_NORM_TOLERANCE,
    layer_norm_bf16,
    layer_norm_plain_bf16,
    layer_norm_reference,
)
from designs.case import BFLOAT16, Array, draw_bfloat16, next_multiple, padded, poisoned
from designs.row_array import CORE_COUNT, RowArray
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

LANES = 32
LONGEST_ROW = 4096
"""Elements. A core holds a row and its result twice, gain and bias once: 48 of its 64 KiB."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A matrix of any number of rows, each of whole vectors."""

    name: str
    rows: int
    columns: int
    has_gain: bool = True
    tolerance: Tolerance = LAYER_NORM_TOLERANCE

    def __post_init__(self) -> None:
        if self.rows < 1 or not 1 <= self.columns <= LONGEST_ROW or self.columns % LANES:
            raise ValueError(
                f"layer_norm of {self.rows}x{self.columns}; a row has a multiple of {LANES} "
                f"elements, at most {LONGEST_ROW}"
            )

    @property
    def padded_rows(self) -> int:
        """Rows, as many on every core."""
        return next_multiple(self.rows, CORE_COUNT)

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x [rows, columns] bf16; with gain also gain, bias [columns] bf16."""
        x = draw_bfloat16(rng, (self.rows, self.columns), 3.0)
        if not self.has_gain:
            return {"x": x}
        spread = draw_bfloat16(rng, (self.columns,), 0.3).astype(np.float32)
        return {
            "x": x,
            "gain": (spread + np.float32(1)).astype(BFLOAT16),
            "bias": draw_bfloat16(rng, (self.columns,)),
        }

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [rows, columns] bf16."""
        return {"y": ((self.rows, self.columns), BFLOAT16)}


def design(case: Case) -> Any:
    """The program."""
    contract = layer_norm_bf16 if case.has_gain else layer_norm_plain_bf16
    return RowArray(
        contract=contract(case.columns),
        rows=case.padded_rows,
        width_in=case.columns,
        width_out=case.columns,
        dtype_in=BFLOAT16,
        dtype_out=BFLOAT16,
        shared_elements=2 * case.columns if case.has_gain else 0,
        dtype_shared=BFLOAT16,
    ).program()


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """The matrix filled up with rows of zeros, gain and bias one after the other, the result."""
    shape = (case.padded_rows, case.columns)
    shared = [np.concatenate([inputs["gain"], inputs["bias"]])] if case.has_gain else []
    return padded(inputs["x"], shape), *shared, poisoned(shape, BFLOAT16)


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The rows that were asked for."""
    return {"y": arguments[-1][: case.rows]}


def reference(case: Case, x: Array, **gain_and_bias: Array) -> dict[str, Array]:
    """LayerNorm of each row in float64; gain and bias by name where the case has them."""
    if not case.has_gain:
        return {"y": layer_norm_reference(x)}
    gain, bias = (gain_and_bias[name].astype(np.float64) for name in ("gain", "bias"))
    return {"y": layer_norm_reference(x, gain, bias)}


CASES = (
    Case(name="ragged", rows=17, columns=96),
    Case(name="seed_512", rows=1, columns=512, has_gain=False),
    Case(name="layer_norm_1500x512", rows=1500, columns=512),
    Case(name="layer_norm_1500x1280", rows=1500, columns=1280),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
