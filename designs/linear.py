"""y = end(x W + bias), the linear layer of a transformer, on the whole array: bf16 in and out.

The end is nothing, GELU by the exact erf, or the addition of a residual. `designs/product_array.py`
draws the array; sums are fp32 from the bias over the whole depth to the end, and rounded to bf16
once. Weights and biases are laid out once for a checkpoint, by `laid_out_weights`.

Whoever runs one layer after the other keeps activations in DDR as the device wrote them: row-major,
rows, depth and columns filled up to `Case.padded_sizes`. Rows that were not asked for then hold
whatever the layer makes of the rows before it; nothing else depends on them.
"""

import sys
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from aie_kernels.gelu_table import gelu_reference
from aie_kernels.mm_begin_contracts import bias_rows
from aie_kernels.mm_finish_contracts import (
    GELU_TABLE_BYTES,
    NARROWED_SUM_TOLERANCE,
    mm_finish,
    mm_finish_gelu,
)
from designs.case import BFLOAT16, Array, draw_bfloat16, next_multiple, padded, poisoned
from designs.product_array import ProductArray
from designs.tile_sizes import ROWS_SLACK, TileSizes, largest_step
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

End = Literal["plain", "gelu", "residual"]
SIDE = 4


LARGEST_TILE = {"plain": (64, 64, 64), "gelu": (48, 64, 64), "residual": (64, 64, 64)}
"""What fits a core's memory, with tables beside GELU."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """y [rows, columns] = end(x [rows, depth] weights [depth, columns] + bias [columns]).

    end:   `residual` adds a tensor [rows, columns].
    tile:  None for the largest that fills the shape up little.
    """

    name: str
    rows: int
    depth: int
    columns: int
    end: End = "plain"
    tile: TileSizes | None = None
    tolerance: Tolerance = NARROWED_SUM_TOLERANCE

    def __post_init__(self) -> None:
        if min(self.rows, self.depth, self.columns) < 1:
            raise ValueError(
                f"a linear layer of {self.rows} rows from {self.depth} to {self.columns} is empty"
            )
        if self.end not in get_args(End):
            raise ValueError(
                f"a linear layer that ends in {self.end!r}; there are {', '.join(get_args(End))}"
            )

        _ = self.product  # refuses a tile that does not fit

    @property
    def tile_sizes(self) -> TileSizes:
        """The tile given, or the one chosen."""
        if self.tile is not None:
            return self.tile
        m, k, n = LARGEST_TILE[self.end]
        depth, columns = (self.depth, 1), (self.columns, SIDE)
        m = largest_step(m, (self.rows, SIDE), slack=ROWS_SLACK)
        if self.end == "residual":
            square = largest_step(n, depth, columns)
            return TileSizes(m, square, square)
        return TileSizes(m, largest_step(k, depth), largest_step(n, columns))

    @property
    def padded_sizes(self) -> tuple[int, int, int]:
        """Rows, depth and columns in whole tiles of the whole array."""
        tile = self.tile_sizes
        return (
            next_multiple(self.rows, tile.m * SIDE),
            next_multiple(self.depth, tile.k),
            next_multiple(self.columns, tile.n * SIDE),
        )

    @property
    def product(self) -> ProductArray:
        """Of whole tiles."""
        (rows, depth, columns), tile = self.padded_sizes, self.tile_sizes
        return ProductArray(
            rows=rows,
            depth=depth,
            columns=columns,
            m=tile.m,
            k=tile.k,
            n=tile.n,
            b_in_panels=True,
            bias_above=True,
            end=(
                mm_finish_gelu(tile.m, tile.n)
                if self.end == "gelu"
                else mm_finish(tile.m, tile.n, residual=self.end == "residual")
            ),
            residual=self.end == "residual",
            table_bytes=GELU_TABLE_BYTES if self.end == "gelu" else 0,
        )

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x, weights, residual bf16; bias float. Sums have a standard deviation near 2."""
        drawn = {
            "x": draw_bfloat16(rng, (self.rows, self.depth)),
            "weights": draw_bfloat16(rng, (self.depth, self.columns), 2 / self.depth**0.5),
            "bias": rng.standard_normal(self.columns).astype(np.float32),
        }
        if self.end == "residual":
            drawn["residual"] = draw_bfloat16(rng, (self.rows, self.columns), 4)
        return drawn

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [rows, columns] bf16."""
        return {"y": ((self.rows, self.columns), BFLOAT16)}


def design(case: Case) -> Any:
    """The program: x, laid-out weights, the residual if there is one, y; all as padded."""
    return case.product.program()


def laid_out_weights(case: Case, weights: Array, bias: Array | None) -> Array:
    """Weights and biases as the program takes them.

    Shapes  weights [depth, columns]; bias [columns]; result [columns / n, k + depth, n], padded.
    Dtypes  any floats in, a bias counting to 24 bits; bf16 out.
    """
    tile, (_, depth, columns) = case.tile_sizes, case.padded_sizes
    given = np.zeros(case.columns, np.float32) if bias is None else bias
    rows_of_bias = padded(bias_rows(given, tile.k), (tile.k, columns))
    matrix = padded(weights.astype(BFLOAT16), (depth, columns))
    return case.product.in_panels(np.concatenate([rows_of_bias, matrix]))


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """The program's arguments, filled up with zeros, and room for y."""
    rows, depth, columns = case.padded_sizes
    residual = [padded(inputs["residual"], (rows, columns))] if case.end == "residual" else []
    return (
        padded(inputs["x"], (rows, depth)),
        laid_out_weights(case, inputs["weights"], inputs["bias"]),
        *residual,
        poisoned((rows, columns), BFLOAT16),
    )


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The part of y that was asked for."""
    return {"y": arguments[-1][: case.rows, : case.columns]}


def reference(
    case: Case, x: Array, weights: Array, bias: Array, residual: Array | None = None
) -> dict[str, Array]:
    """The layer in float64, from bf16 operands."""
    sums = x.astype(np.float64) @ weights.astype(np.float64) + bias.astype(np.float64)
    if case.end == "gelu":
        return {"y": gelu_reference(sums)}
    return {"y": sums if residual is None else sums + residual.astype(np.float64)}


_SMALL = TileSizes(16, 16, 16)

CASES = (
    Case(name="plain", rows=70, depth=50, columns=90, tile=_SMALL),
    Case(name="gelu", rows=70, depth=50, columns=90, end="gelu", tile=_SMALL),
    Case(name="residual", rows=70, depth=50, columns=90, end="residual", tile=_SMALL),
    Case(name="whisper_base_fc1", rows=1500, depth=512, columns=2048, end="gelu"),
    Case(name="whisper_base_fc2", rows=1500, depth=2048, columns=512, end="residual"),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
