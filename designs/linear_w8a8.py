"""y = x W + bias, x and W int8 with a scale for each row of x and each column of W; bf16 out.

x is what `quantise` leaves: rows of int8 with their scale in a tile beside them; scales and biases
of columns stand in a tile below W. `designs/product_array.py` draws the array. Sums are int32 over
the whole depth, scaled once at the end, and rounded to bf16. Against bf16 that is half of the bytes
and twice the products a cycle.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from aie_kernels.mm_contracts import product_reference
from aie_kernels.quantise_contracts import DEQUANTISED_TOLERANCE, mm_dequantise
from aie_kernels.scale_tiles import BYTES_BESIDE, dequantising_tile
from designs.case import (
    BFLOAT16,
    Array,
    check_counts,
    draw_integers,
    next_multiple,
    padded,
    poisoned,
)
from designs.product_array import ProductArray
from designs.scales import check_scales
from designs.tile_sizes import ROWS_SLACK, TileSizes, largest_step
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

SIDE = 4
LARGEST_TILE_SIDE = 64
"""Of rows and of columns: what fits a core's memory."""

DEEPEST = 2**17 - 1
"""So many products of int8 fit int32, whatever they are."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """y [rows, columns] from x [rows, depth] and weights [depth, columns], both with scales.

    m, n: rows and columns of a core's tile; None for the largest that fill the shape up little.
    """

    name: str
    rows: int
    depth: int
    columns: int
    m: int | None = None
    n: int | None = None
    tolerance: Tolerance = DEQUANTISED_TOLERANCE

    def __post_init__(self) -> None:
        if min(self.rows, self.columns) < 1 or not 1 <= self.depth <= DEEPEST:
            raise ValueError(
                f"a linear layer of {self.rows} rows from {self.depth} to {self.columns}; rows and "
                f"columns are 1 or more, a depth is 1 to {DEEPEST}"
            )
        check_counts("a linear layer", m=self.m, n=self.n)
        _ = self.product  # refuses what cannot be tiled

    @property
    def tile_sizes(self) -> TileSizes:
        """A row's scale is as wide as a tile is deep."""
        rows, columns = (self.rows, SIDE), (self.columns, SIDE)
        return TileSizes(
            m=self.m or largest_step(LARGEST_TILE_SIDE, rows, slack=ROWS_SLACK),
            k=BYTES_BESIDE,
            n=self.n or largest_step(LARGEST_TILE_SIDE, columns),
        )

    @property
    def product(self) -> ProductArray:
        """Of whole tiles."""
        tile = self.tile_sizes
        return ProductArray(
            rows=next_multiple(self.rows, tile.m * SIDE),
            depth=next_multiple(self.depth, tile.k),
            columns=next_multiple(self.columns, tile.n * SIDE),
            m=tile.m,
            k=tile.k,
            n=tile.n,
            type_in="i8",
            type_sum="i32",
            b_in_panels=True,
            end=mm_dequantise(tile.m, tile.k, tile.n),
            scales_below=True,
            scales_beside=True,
        )

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x, weights int8; x_scales [rows], weight_scales [columns], bias [columns] float."""
        return {
            "x": draw_integers(rng, (self.rows, self.depth), np.int8),
            "x_scales": rng.uniform(0.005, 0.05, self.rows).astype(np.float32),
            "weights": draw_integers(rng, (self.depth, self.columns), np.int8),
            "weight_scales": rng.uniform(0.0005, 0.005, self.columns).astype(np.float32),
            "bias": rng.standard_normal(self.columns).astype(np.float32),
        }

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [rows, columns] bf16."""
        return {"y": ((self.rows, self.columns), BFLOAT16)}


def design(case: Case) -> Any:
    """The program: quantised x, laid-out weights, y; all as padded."""
    return case.product.program()


def laid_out_x(case: Case, x: Array, x_scales: Array) -> Array:
    """Rows and scales as `quantise` leaves them. Raises UsageError for a wrong scale."""
    check_scales("x_scales", x_scales)
    product = case.product
    rows = np.zeros((product.rows, product.columns_of_a), np.int8)
    rows[: case.rows, : case.depth] = x
    scales = padded(x_scales.astype(np.float32), (product.rows,), fill=1)
    rows[:, product.depth : product.depth + scales.itemsize] = scales[:, None].view(np.int8)
    return rows


def laid_out_weights(case: Case, weights: Array, weight_scales: Array, bias: Array) -> Array:
    """Weights, scales and biases as the program takes them, once for a checkpoint.

    Shapes  weights [depth, columns]; weight_scales, bias [columns]; result in panels.
    Raises  UsageError for a wrong scale.
    """
    check_scales("weight_scales", weight_scales)
    product = case.product
    scales = padded(weight_scales, (product.columns,), fill=1).reshape(-1, product.n)
    biases = padded(bias, (product.columns,)).reshape(-1, product.n)
    tiles = [dequantising_tile(*of_tile, product.k) for of_tile in zip(scales, biases, strict=True)]
    matrix = padded(weights, (product.depth, product.columns))
    return product.in_panels(np.concatenate([matrix, np.concatenate(tiles, axis=1)]))


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """The program's arguments, and room for y."""
    product = case.product
    return (
        laid_out_x(case, inputs["x"], inputs["x_scales"]),
        laid_out_weights(case, inputs["weights"], inputs["weight_scales"], inputs["bias"]),
        poisoned((product.rows, product.columns), BFLOAT16),
    )


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The part of y that was asked for."""
    return {"y": arguments[2][: case.rows, : case.columns]}


def reference(
    case: Case, x: Array, x_scales: Array, weights: Array, weight_scales: Array, bias: Array
) -> dict[str, Array]:
    """The exact integer product, scaled in float64."""
    factors = np.outer(x_scales.astype(np.float64), weight_scales.astype(np.float64))
    return {"y": product_reference(x, weights) * factors + bias}


CASES = (
    Case(name="ragged", rows=70, depth=200, columns=90, m=16, n=16),
    Case(name="whisper_base_w8a8", rows=1500, depth=512, columns=2048),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
