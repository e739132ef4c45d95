"""The feed-forward half of a transformer's block: y = x + fc2(GELU(fc1(LayerNorm(x)))).

    x --norm--> normed --fc1, GELU--> hidden --fc2, + x--> y

Three launches over tensors in DDR (designs/chain.py); GELU and the residual are the ends of their
products. The hidden layer is four times as wide. Rows are filled up; nothing else is.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from aie_kernels.gelu_table import gelu_reference
from designs.case import BFLOAT16, Array, Arrays, draw_bfloat16, next_multiple
from designs.chain import Launch
from designs.transformer import (
    BLOCK_TOLERANCE,
    HEAD_WIDTH,
    Block,
    Linear,
    Norm,
    Part,
)
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

ROW_STEP = 64
"""Rows of the smallest tiles on four cores."""


@dataclass(frozen=True)
class Ffn(Part):
    """The part. rows: a multiple of 64; width likewise."""

    rows: int
    width: int

    @property
    def norm(self) -> Norm:
        """Before everything."""
        return Norm("ffn_norm", self.rows, self.width)

    @property
    def fc1(self) -> Linear:
        """Four times as wide, and GELU."""
        return Linear("fc1", self.rows, self.width, 4 * self.width, end="gelu")

    @property
    def fc2(self) -> Linear:
        """As wide as before, and the residual."""
        return Linear("fc2", self.rows, 4 * self.width, self.width, end="residual")

    @property
    def layers(self) -> tuple[Norm, Linear, Linear]:
        """All that have weights."""
        return self.norm, self.fc1, self.fc2

    def room(self) -> dict[str, tuple[int, ...]]:
        """What is normed, and what is hidden."""
        return {"ffn_normed": (self.rows, self.width), "hidden": (self.rows, 4 * self.width)}

    def launches(self, x: str, y: str) -> list[Launch]:
        """Three."""
        return [
            self.norm.launch(x, "ffn_normed"),
            self.fc1.launch("ffn_normed", "hidden"),
            self.fc2.launch("hidden", y, residual=x),
        ]

    def reference(self, x: Array, inputs: Arrays) -> Array:
        """In float64."""
        hidden = gelu_reference(self.fc1.reference(self.norm.reference(x, inputs), inputs))
        return np.asarray(x + self.fc2.reference(hidden, inputs))


@dataclass(frozen=True, kw_only=True)
class Case:
    """x [rows, width], any number of rows."""

    name: str
    rows: int
    width: int
    tolerance: Tolerance = BLOCK_TOLERANCE

    def __post_init__(self) -> None:
        if self.rows < 1 or self.width < 1 or self.width % HEAD_WIDTH:
            raise ValueError(
                f"a feed-forward layer of {self.rows} rows of {self.width}; the width is a "
                f"multiple of {HEAD_WIDTH}"
            )

    @property
    def block(self) -> Block:
        """The part alone."""
        rows = next_multiple(self.rows, ROW_STEP)
        return Block((Ffn(rows, self.width),), rows, self.width)

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x and the weights, by name, bf16."""
        return {"x": draw_bfloat16(rng, (self.rows, self.width)), **self.block.drawn(rng)}

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [rows, width] bf16."""
        return {"y": ((self.rows, self.width), BFLOAT16)}


def design(case: Case) -> Any:
    """The program."""
    return case.block.program()


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """x filled up, the weights laid out, room."""
    return case.block.arguments(inputs["x"], case.block.laid_out(inputs))


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The rows that were asked for."""
    return {"y": arguments[-1][: case.rows]}


def reference(case: Case, x: Array, **weights: Array) -> dict[str, Array]:
    """In float64, from bf16 inputs."""
    return {"y": case.block.reference(x, weights)}


CASES = (Case(name="small", rows=50, width=64),)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
