"""A block of Whisper's decoder at one step, for 1 to 16 windows together.

    x --norm--> normed --q k v--> qkv --attention, cache--> heads --out, + x--> x_1
    x_1 --norm--> normed --q--> q --attention, encoded--> heads --out, + x_1--> x_2
    x_2 --ffn--> y

Eleven launches over tensors in DDR, as one program (designs/chain.py, designs/transformer.py). The
step's keys and values go from the product into the cache, and results replace the queries, all on
the device (designs/attention_row.py). How far a window has come is in the tensor `self_bounds`, and
where the cache grows is where `self_tail` begins, so one program serves every step. A row is a
window; rows fill up to the smallest that four cores multiply.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np

from designs import attention_row
from designs.attention_row import MOST_WINDOWS, PAIR_WIDTH
from designs.case import BFLOAT16, Array, Arrays, draw_bfloat16, next_multiple, padded
from designs.chain import Launch
from designs.ffn import ROW_STEP, Ffn
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

MOST_POSITIONS = 448
"""Whisper's longest text, in tokens."""

MOST_KEYS = 1500
"""Positions of an encoded window."""

KEY_STEP = 64
"""So 1,500 keys have the 1,536 rows that the encoder gives them."""

ROWS = ROW_STEP
"""Of which the first are windows."""


@dataclass(frozen=True)
class GrowingSelfAttention(Part):
    """x + out(attention(LayerNorm(x))) over a cache that grows by this step's keys and values."""

    windows: int
    width: int
    positions: int

    @property
    def attention(self) -> attention_row.Case:
        """The launch in the middle."""
        return attention_row.Case(
            name="self_attention",
            windows=self.windows,
            heads=self.width // HEAD_WIDTH,
            positions=self.positions,
            grows=True,
            tensor_rows=ROWS,
        )

    @property
    def layers(self) -> tuple[Norm, QueriesKeysValues, Linear]:
        """All that have weights."""
        return (
            Norm("self_norm", ROWS, self.width),
            QueriesKeysValues("qkv", ROWS, self.width),
            Linear(
                "self_out",
                ROWS,
                self.width,
                self.width,
                end="residual",
                row_pitch=3 * self.width,
            ),
        )

    @property
    def given(self) -> tuple[str, ...]:
        """Weights, and what `step` makes, and the cache."""
        return *super().given, "self_bounds", "self_cache", "self_tail"

    def room(self) -> dict[str, tuple[int, ...]]:
        """What is normed, and the product, whose queries become results."""
        return {"self_normed": (ROWS, self.width), "qkv_rows": (ROWS, 3 * self.width)}

    def launches(self, x: str, y: str) -> list[Launch]:
        """Four."""
        norm, qkv, out = self.layers
        return [
            norm.launch(x, "self_normed"),
            qkv.product.launch("self_normed", "qkv_rows"),
            Launch(
                "self_attention",
                attention_row.design(self.attention),
                ("self_bounds", "qkv_rows", "self_cache", "self_tail"),
            ),
            out.launch("qkv_rows", y, residual=x),
        ]

    def drawn(self, rng: np.random.Generator) -> dict[str, Array]:
        """Weights, a cache [windows, heads, positions, 128], and first [windows], end [1] int32."""
        drawn = self.attention.inputs(rng)
        return {
            **super().drawn(rng),
            "self_cache": drawn["cache"],
            "first": drawn["first"],
            "end": drawn["end"],
        }

    def laid_out(self, inputs: Arrays) -> dict[str, Array]:
        """Weights, the cache, and the step that first and end make."""
        cache = np.ascontiguousarray(inputs["self_cache"].transpose(2, 0, 1, 3))
        step = self.step(cache, inputs["first"], int(inputs["end"][0]))
        return {**super().laid_out(inputs), "self_cache": cache, **step}

    def step(self, cache: Array, first: Array, end: int) -> dict[str, Array]:
        """What changes from step to step: `end` counts this one.

        Raises UsageError for bounds without a position, or beyond the cache.
        """
        bounds = attention_row.bounds_of(self.attention, first, end)
        return {"self_bounds": bounds, "self_tail": cache[end - 1]}

    def new_pairs(self, x: Array, inputs: Arrays) -> tuple[Array, Array]:
        """Queries [windows, heads, 64], and keys and values [windows, heads, 128]; in float64."""
        norm, qkv, _ = self.layers
        q, k, v = (
            each.transpose(1, 0, 2) for each in qkv.reference(norm.reference(x, inputs), inputs)
        )
        return q, np.concatenate([k, v], axis=2)

    def reference(self, x: Array, inputs: Arrays) -> Array:
        """In float64."""
        *_, out = self.layers
        q, pairs = self.new_pairs(x, inputs)
        rows = np.concatenate([q, pairs], axis=2).reshape(*q.shape[:2], 3, HEAD_WIDTH)
        heads = attention_row.reference(
            self.attention, rows, inputs["self_cache"], inputs["first"], inputs["end"]
        )["out"]
        return np.asarray(x + out.reference(heads.reshape(x.shape), inputs))


@dataclass(frozen=True)
class CrossAttention(Part):
    """x + out(attention(LayerNorm(x))) over keys and values of the encoder, made once a window."""

    windows: int
    width: int
    keys: int

    @property
    def attention(self) -> attention_row.Case:
        """The launch in the middle."""
        return attention_row.Case(
            name="cross_attention",
            windows=self.windows,
            heads=self.width // HEAD_WIDTH,
            positions=next_multiple(self.keys, KEY_STEP),
            tensor_rows=ROWS,
        )

    @property
    def layers(self) -> tuple[Norm, Linear, Linear]:
        """All that have weights, those of keys and values apart."""
        return (
            Norm("cross_norm", ROWS, self.width),
            Linear("cross_q", ROWS, self.width, self.width),
            Linear("cross_out", ROWS, self.width, self.width, end="residual"),
        )

    @property
    def given(self) -> tuple[str, ...]:
        """Weights, keys and values, and how many of them there are."""
        return *super().given, "cross_bounds", "cross_cache"

    def room(self) -> dict[str, tuple[int, ...]]:
        """What is normed, and the queries, which become results."""
        return {"cross_normed": (ROWS, self.width), "cross_rows": (ROWS, self.width)}

    def launches(self, x: str, y: str) -> list[Launch]:
        """Four."""
        norm, query, out = self.layers
        return [
            norm.launch(x, "cross_normed"),
            query.launch("cross_normed", "cross_rows"),
            Launch(
                "cross_attention",
                attention_row.design(self.attention),
                ("cross_bounds", "cross_rows", "cross_cache"),
            ),
            out.launch("cross_rows", y, residual=x),
        ]

    def drawn(self, rng: np.random.Generator) -> dict[str, Array]:
        """Weights, and keys and values [windows, heads, keys, 128]."""
        pairs = (self.windows, self.width // HEAD_WIDTH, self.keys, PAIR_WIDTH)
        return {**super().drawn(rng), "cross_cache": draw_bfloat16(rng, pairs)}

    def laid_out(self, inputs: Arrays) -> dict[str, Array]:
        """Weights; keys and values as a product of the encoder's rows lays them, head by head."""
        cache = inputs["cross_cache"].transpose(0, 2, 1, 3)
        bounds = attention_row.bounds_of(
            self.attention, np.zeros(self.windows, np.int32), self.keys
        )
        return {
            **super().laid_out(inputs),
            "cross_bounds": bounds,
            "cross_cache": padded(cache, self.attention.shapes["cache"]),
        }

    def reference(self, x: Array, inputs: Arrays) -> Array:
        """In float64."""
        norm, query, out = self.layers
        q = query.reference(norm.reference(x, inputs), inputs)
        heads = attention_row.reference(
            self.attention,
            q.reshape(self.windows, -1, HEAD_WIDTH),
            inputs["cross_cache"],
            np.zeros(self.windows, np.int32),
            np.array([self.keys]),
        )["out"]
        return np.asarray(x + out.reference(heads.reshape(x.shape), inputs))


@dataclass(frozen=True, kw_only=True)
class Case:
    """x [windows, width], in heads of 64; a cache of `positions` and `keys` of each window."""

    name: str
    windows: int
    width: int
    positions: int = MOST_POSITIONS
    keys: int = MOST_KEYS
    tolerance: Tolerance = BLOCK_TOLERANCE

    def __post_init__(self) -> None:
        if not 1 <= self.windows <= MOST_WINDOWS or self.width < 1 or self.width % HEAD_WIDTH:
            raise ValueError(
                f"a decoder block of {self.windows} windows of {self.width}; there are 1 to "
                f"{MOST_WINDOWS} windows, and the width is a multiple of {HEAD_WIDTH}"
            )
        if not 1 <= self.positions <= MOST_POSITIONS or not 1 <= self.keys <= MOST_KEYS:
            raise ValueError(
                f"a decoder block of {self.positions} positions and {self.keys} keys; Whisper's "
                f"longest are {MOST_POSITIONS} and {MOST_KEYS}"
            )

    @property
    def self_attention(self) -> GrowingSelfAttention:
        """The first part."""
        return GrowingSelfAttention(self.windows, self.width, self.positions)

    @property
    def block(self) -> Block:
        """All three parts."""
        cross = CrossAttention(self.windows, self.width, self.keys)
        return Block((self.self_attention, cross, Ffn(ROWS, self.width)), ROWS, self.width)

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x, weights, caches and bounds, by name."""
        return {"x": draw_bfloat16(rng, (self.windows, self.width)), **self.block.drawn(rng)}

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [windows, width]; appended [windows, heads, 128], what the cache grew by. bf16."""
        heads = self.width // HEAD_WIDTH
        return {
            "y": ((self.windows, self.width), BFLOAT16),
            "appended": ((self.windows, heads, PAIR_WIDTH), BFLOAT16),
        }


def design(case: Case) -> Any:
    """The program."""
    return case.block.program()


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """x filled up, the weights laid out, the caches, room."""
    return case.block.arguments(inputs["x"], case.block.laid_out(inputs))


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The windows' rows, and what the cache grew by."""
    tail = 1 + case.block.given.index("self_tail")
    return {"y": arguments[-1][: case.windows], "appended": arguments[tail]}


def reference(case: Case, x: Array, **inputs: Array) -> dict[str, Array]:
    """In float64, from bf16 inputs."""
    _, appended = case.self_attention.new_pairs(x.astype(np.float64), inputs)
    return {"y": case.block.reference(x, inputs), "appended": appended}


CASES = (
    Case(name="three_windows", windows=3, width=128, positions=64, keys=50),
    Case(name="whisper_base", windows=8, width=512),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
