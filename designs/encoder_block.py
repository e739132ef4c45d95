"""A block of Whisper's encoder: attention of every position to all, then the feed-forward half.

    x --norm--> normed --q k v--> qkv --attention--> heads --out, + x--> x_1 --ffn--> y

Seven launches over tensors in DDR, as one program (designs/chain.py, designs/transformer.py).
Queries, keys and values are one product, and attention reads them where it leaves them
(designs/attention_in_place.py); the key has no bias. Positions fill up
to whole passes of 256; no position attends to those that only fill up.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from aie_kernels.row_contracts import softmax_reference
from designs import attention_in_place, attention_work
from designs.case import BFLOAT16, Array, Arrays, draw_bfloat16, next_multiple
from designs.chain import Launch
from designs.ffn import Ffn
from designs.transformer import (
    BLOCK_TOLERANCE,
    HEAD_WIDTH,
    Block,
    Linear,
    Norm,
    Part,
    QueriesKeysValues,
)
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

MOST_POSITIONS = 1500
"""30 seconds in steps of 20 ms."""


@dataclass(frozen=True)
class SelfAttention(Part):
    """x + out(attention(LayerNorm(x))), of `positions` in `rows` with those that fill up."""

    positions: int
    rows: int
    width: int

    @property
    def norm(self) -> Norm:
        """Before everything."""
        return Norm("attention_norm", self.rows, self.width)

    @property
    def qkv(self) -> QueriesKeysValues:
        """What is attended with."""
        return QueriesKeysValues("qkv", self.rows, self.width)

    @property
    def out(self) -> Linear:
        """Behind attention, with the residual."""
        return Linear("out", self.rows, self.width, self.width, end="residual")

    @property
    def layers(self) -> tuple[Norm, QueriesKeysValues, Linear]:
        """All that have weights."""
        return self.norm, self.qkv, self.out

    def room(self) -> dict[str, tuple[int, ...]]:
        """What is normed, the product, what attention makes of it."""
        return {
            "attention_normed": (self.rows, self.width),
            "qkv_rows": (self.rows, 3 * self.width),
            "heads": (self.rows, self.width),
        }

    def launches(self, x: str, y: str) -> list[Launch]:
        """Four."""
        case = attention_work.Case(
            name="attention",
            heads=self.width // HEAD_WIDTH,
            queries=self.positions,
            keys=self.positions,
        )
        return [
            self.norm.launch(x, "attention_normed"),
            self.qkv.product.launch("attention_normed", "qkv_rows"),
            Launch("attention", attention_in_place.design(case), ("qkv_rows", "qkv_rows", "heads")),
            self.out.launch("heads", y, residual=x),
        ]

    def reference(self, x: Array, inputs: Arrays) -> Array:
        """In float64."""
        q, k, v = self.qkv.reference(self.norm.reference(x, inputs), inputs)
        scores = q @ k.transpose(0, 2, 1) / np.sqrt(HEAD_WIDTH)
        heads = np.stack([softmax_reference(each) for each in scores]) @ v
        side_by_side = heads.transpose(1, 0, 2).reshape(x.shape)
        return np.asarray(x + self.out.reference(side_by_side, inputs))


@dataclass(frozen=True, kw_only=True)
class Case:
    """x [positions, width], in heads of 64."""

    name: str
    positions: int
    width: int
    tolerance: Tolerance = BLOCK_TOLERANCE

    def __post_init__(self) -> None:
        if self.positions < 1 or self.width < 1 or self.width % HEAD_WIDTH:
            raise ValueError(
                f"an encoder block of {self.positions} positions of {self.width}; the width is a "
                f"multiple of {HEAD_WIDTH}"
            )
        if self.positions > MOST_POSITIONS:
            raise ValueError(
                f"an encoder block of {self.positions} positions; Whisper's longest is "
                f"{MOST_POSITIONS}"
            )

    @property
    def block(self) -> Block:
        """Both halves."""
        rows = next_multiple(self.positions, attention_work.PASS_ROWS)
        halves = SelfAttention(self.positions, rows, self.width), Ffn(rows, self.width)
        return Block(halves, rows, self.width)

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x and the weights, by name, bf16."""
        return {"x": draw_bfloat16(rng, (self.positions, self.width)), **self.block.drawn(rng)}

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [positions, width] bf16."""
        return {"y": ((self.positions, self.width), BFLOAT16)}


def design(case: Case) -> Any:
    """The program."""
    return case.block.program()


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """x filled up, the weights laid out, room."""
    return case.block.arguments(inputs["x"], case.block.laid_out(inputs))


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The positions that were asked for."""
    return {"y": arguments[-1][: case.positions]}


def reference(case: Case, x: Array, **weights: Array) -> dict[str, Array]:
    """In float64, from bf16 inputs."""
    return {"y": case.block.reference(x, weights)}


CASES = (
    Case(name="seed_encoder_layer", positions=16, width=64),
    Case(name="whisper_tiny", positions=1500, width=384),
    Case(name="whisper_base", positions=1500, width=512),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
