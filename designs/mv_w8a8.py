"""Y = X W' for 1 to 16 rows of X on the whole array, both int8 with scales: half of mv's weights.

y = (x weights') * x_scales * weight_scales, a scale for each row of X and for each row of W, which
is an output. The grid is that of designs/mv_array.py. A core has two input channels, so scales
travel in the tiles that they scale (aie_kernels/mv_w8a8.cc). The host packs tiles of W in the order
in which a column reads them: that is done once for a checkpoint, and DDR is then read in one run.
Sums are int32 over the whole depth and scaled once.
"""

import sys
from dataclasses import dataclass
from itertools import product
from typing import Any, ClassVar

import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import Buffer, Worker
from aie.iron.controlflow import range_

from aie_kernels.mm_contracts import BlockSizes, product_reference
from aie_kernels.mv_w8a8_contracts import (
    SCALED_SUM_TOLERANCE,
    W8A8_BLOCKS,
    mv_i8_i32,
    mv_scale_i32_f32,
    packed_tile,
    packed_tile_bytes,
)
from aie_kernels.row_contracts import zero
from designs.case import Array, draw_integers, padded, poisoned
from designs.kernels import array_type, external
from designs.mv_array import (
    ARRAY_COLUMNS,
    CORES_PER_COLUMN,
    FLOAT32,
    STACK_BYTES,
    FewRowsCase,
    Operand,
    few_rows_program,
)
from designs.scales import check_scales
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

INT8 = np.dtype(np.int8)

DEEPEST = 2**17 - 1
"""So many products of int8 fit int32, whatever they are."""


@dataclass(frozen=True, kw_only=True)
class Case(FewRowsCase):
    """y [rows, columns] from x [rows, depth] and weights [columns, depth], both with scales."""

    design_name: ClassVar[str] = "mv_w8a8"
    blocks: ClassVar[BlockSizes] = W8A8_BLOCKS
    tolerance: Tolerance = SCALED_SUM_TOLERANCE

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.depth > DEEPEST:
            raise ValueError(f"a depth of {self.depth}; int32 holds sums of at most {DEEPEST}")

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x, weights int8; x_scales [rows], weight_scales [columns] float."""
        return {
            "x": draw_integers(rng, (self.rows, self.depth), np.int8),
            "x_scales": rng.uniform(0.005, 0.05, self.rows).astype(np.float32),
            "weights": draw_integers(rng, (self.columns, self.depth), np.int8),
            "weight_scales": rng.uniform(0.0005, 0.005, self.columns).astype(np.float32),
        }


def design(case: Case) -> Any:
    """The program."""
    rows, _, _ = case.padded_sizes
    x = Operand(
        shape=_packed_x_shape(case),
        dtype=INT8,
        tile_elements=packed_tile_bytes(rows, case.k),
        walks=[_x_walk(case)],
    )
    weights = Operand(
        shape=_packed_weights_shape(case),
        dtype=INT8,
        tile_elements=packed_tile_bytes(case.n, case.k),
        walks=[_w_walk(case, column) for column in range(ARRAY_COLUMNS)],
    )
    clear = external(zero("i32", rows * case.n))
    multiply = external(mv_i8_i32(rows, case.k, case.n))
    scale = external(mv_scale_i32_f32(rows, case.k, case.n))

    def make_outputs(
        w_in: Any, x_in: Any, y_out: Any, sums: Any, clear: Any, multiply: Any, scale: Any
    ) -> None:
        clear(sums, rows * case.n)
        for _ in range_(case.pieces - 1):
            multiply(w_in.acquire(1), x_in.acquire(1), sums)
            w_in.release(1)
            x_in.release(1)
        w, x = w_in.acquire(1), x_in.acquire(1)
        multiply(w, x, sums)
        scale(sums, w, x, y_out.acquire(1))
        for fifo in (w_in, x_in, y_out):
            fifo.release(1)

    def worker(tile: Any, w_tiles: Any, x_tiles: Any, y_tiles: Any) -> Any:
        sums = Buffer(array_type(rows * case.n, np.int32), name=f"sums_{tile.col}_{tile.row}")
        return Worker(
            make_outputs,
            [w_tiles.cons(), x_tiles.cons(), y_tiles.prod(), sums, clear, multiply, scale],
            tile=tile,
            stack_size=STACK_BYTES,
        )

    return few_rows_program(case, x, weights, worker)


def _packed_x_shape(case: Case) -> tuple[int, int]:
    return case.pieces, packed_tile_bytes(case.padded_sizes[0], case.k)


def _packed_weights_shape(case: Case) -> tuple[int, int]:
    """For each column of the array, one run."""
    tile_bytes = packed_tile_bytes(case.n, case.k)
    return ARRAY_COLUMNS, case.steps * case.pieces * CORES_PER_COLUMN * tile_bytes


def _x_walk(case: Case) -> Any:
    """Tiles of X along the depth, once for each step."""
    pieces, tile_bytes = _packed_x_shape(case)
    return TensorAccessPattern(
        (pieces, tile_bytes), 0, [case.steps, 1, pieces, tile_bytes], [0, 0, tile_bytes, 1]
    )


def _w_walk(case: Case, column: int) -> Any:
    """The run of one column."""
    _, run_bytes = shape = _packed_weights_shape(case)
    return TensorAccessPattern(shape, column * run_bytes, [1, 1, 1, run_bytes], [0, 0, 0, 1])


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """X and W filled up with zeros of scale one, as packed tiles, and room for Y.

    Raises UsageError for a scale that the kernel does not take.
    """
    rows, depth, columns = case.padded_sizes
    for name in ("x_scales", "weight_scales"):
        check_scales(name, inputs[name])
    x = padded(inputs["x"], (rows, depth))
    x_scales = padded(inputs["x_scales"], (rows,), fill=1)
    weights = padded(inputs["weights"], (columns, depth))
    weight_scales = padded(inputs["weight_scales"], (columns,), fill=1)
    depths = [slice(first, first + case.k) for first in range(0, depth, case.k)]
    x_tiles = [packed_tile(x[:, piece], x_scales, W8A8_BLOCKS.columns) for piece in depths]
    weight_tiles = []
    for column, step, piece, core in product(
        range(ARRAY_COLUMNS), range(case.steps), depths, range(CORES_PER_COLUMN)
    ):
        first = step * case.columns_per_step + (column * CORES_PER_COLUMN + core) * case.n
        owned = slice(first, first + case.n)
        weight_tiles.append(
            packed_tile(weights[owned, piece], weight_scales[owned], W8A8_BLOCKS.rows)
        )
    return (
        np.concatenate(x_tiles).reshape(_packed_x_shape(case)),
        np.concatenate(weight_tiles).reshape(_packed_weights_shape(case)),
        poisoned((rows, columns), FLOAT32),
    )


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The part of Y that was asked for."""
    return {"y": arguments[2][: case.rows, : case.columns]}


def reference(
    case: Case, x: Array, x_scales: Array, weights: Array, weight_scales: Array
) -> dict[str, Array]:
    """The exact integer product, scaled in float64."""
    factors = np.outer(x_scales.astype(np.float64), weight_scales.astype(np.float64))
    return {"y": product_reference(x, weights.T) * factors}


CASES = (
    Case(name="one_row", rows=1, depth=96, columns=250, k=32, n=16),
    Case(name="ragged", rows=11, depth=30, columns=300, k=32, n=16),
    Case(name="whisper_base", rows=8, depth=512, columns=2048),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
