"""Y = X W' for 1 to 16 rows of X on the whole array: a decoder's products, bf16 -> f32.

The grid is that of designs/mv_array.py. Memory tiles cut W and X into blocks. The host fills
everything up to whole tiles with zeros.
"""

import sys
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import Worker
from aie.iron.controlflow import range_

from aie_kernels.mm_contracts import BlockSizes, product_reference
from aie_kernels.mv_contracts import MV_BLOCKS, mv
from aie_kernels.row_contracts import zero
from designs.block_layout import to_blocks
from designs.case import BFLOAT16, Array, draw_bfloat16, padded, poisoned
from designs.kernels import external
from designs.mv_array import (
    ARRAY_COLUMNS,
    CORES_PER_COLUMN,
    FLOAT32,
    STACK_BYTES,
    FewRowsCase,
    Operand,
    few_rows_program,
)
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

_BLOCKS = MV_BLOCKS["bf16", "f32"]

_TOLERANCE = Tolerance(
    relative_l2=1e-5,
    evidence="each step of eight products rounds to 24 bits; errors of 256 steps over a depth of "
    "2048 add like a random walk to 16 x 2^-23",
)


@dataclass(frozen=True, kw_only=True)
class Case(FewRowsCase):
    """y [rows, columns] = x [rows, depth] times the transpose of weights [columns, depth]."""

    design_name: ClassVar[str] = "mv"
    blocks: ClassVar[BlockSizes] = _BLOCKS
    tolerance: Tolerance = _TOLERANCE

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x [rows, depth], weights [columns, depth], bf16."""
        return {
            "x": draw_bfloat16(rng, (self.rows, self.depth)),
            "weights": draw_bfloat16(rng, (self.columns, self.depth)),
        }


def design(case: Case) -> Any:
    """The program."""
    rows, depth, columns = case.padded_sizes
    x = Operand(
        shape=(rows, depth),
        dtype=BFLOAT16,
        tile_elements=rows * case.k,
        walks=[_x_walk(case)],
        to_stream=to_blocks(rows, case.k, _BLOCKS.columns, _BLOCKS.depth),
    )
    weights = Operand(
        shape=(columns, depth),
        dtype=BFLOAT16,
        tile_elements=case.n * case.k,
        walks=[_w_walk(case, column) for column in range(ARRAY_COLUMNS)],
        to_stream=to_blocks(case.n, case.k, _BLOCKS.rows, _BLOCKS.depth),
    )
    clear = external(zero("f32", rows * case.n))
    multiply = external(mv("bf16", "f32", rows, case.k, case.n))

    def make_outputs(w_in: Any, x_in: Any, y_out: Any, clear: Any, multiply: Any) -> None:
        y = y_out.acquire(1)
        clear(y, rows * case.n)
        for _ in range_(case.pieces):
            w, x = w_in.acquire(1), x_in.acquire(1)
            multiply(w, x, y)
            w_in.release(1)
            x_in.release(1)
        y_out.release(1)

    def worker(tile: Any, w_tiles: Any, x_tiles: Any, y_tiles: Any) -> Any:
        return Worker(
            make_outputs,
            [w_tiles.cons(), x_tiles.cons(), y_tiles.prod(), clear, multiply],
            tile=tile,
            stack_size=STACK_BYTES,
        )

    return few_rows_program(case, x, weights, worker)


def _x_walk(case: Case) -> Any:
    """Tiles of X along the depth, once for each step."""
    rows, depth, _ = case.padded_sizes
    return TensorAccessPattern(
        (rows, depth), 0, [case.steps, case.pieces, rows, case.k], [0, case.k, depth, 1]
    )


def _w_walk(case: Case, column: int) -> Any:
    """Tiles of W for the cores of one column along the depth, one step after the other."""
    _, depth, columns = case.padded_sizes
    column_outputs = CORES_PER_COLUMN * case.n
    return TensorAccessPattern(
        (columns, depth),
        column * column_outputs * depth,
        [case.steps, case.pieces, column_outputs, case.k],
        [case.columns_per_step * depth, case.k, depth, 1],
    )


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """X and W filled up with zeros, and room for Y."""
    rows, depth, columns = case.padded_sizes
    return (
        padded(inputs["x"], (rows, depth)),
        padded(inputs["weights"], (columns, depth)),
        poisoned((rows, columns), FLOAT32),
    )


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The part of Y that was asked for."""
    return {"y": arguments[2][: case.rows, : case.columns]}


def reference(case: Case, x: Array, weights: Array) -> dict[str, Array]:
    """The product in float64."""
    return {"y": product_reference(x, weights.T)}


CASES = (
    Case(name="one_row", rows=1, depth=96, columns=250, k=32, n=16),
    Case(name="ragged", rows=11, depth=75, columns=300, k=32, n=16),
    Case(name="whisper_base", rows=8, depth=512, columns=2048),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
