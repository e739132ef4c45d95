"""A transformer's block as parts, each x + f(LayerNorm(x)), and each part as launches.

A part says what it draws, how its weights are laid out on the device, which tensors lie between its
launches, and what it computes. `Block` puts parts one behind the other into one program
(designs/chain.py); what a part leaves in DDR the next one reads. Weights are laid out once for a
checkpoint, by `Block.laid_out`.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from aie_kernels.layer_norm_contracts import layer_norm_reference
from designs import layer_norm, linear
from designs.case import BFLOAT16, Array, Arrays, draw_bfloat16, padded, poisoned
from designs.chain import Launch, chain
from designs.tile_sizes import largest_step
from ironbird.base.tolerance import Tolerance

HEAD_WIDTH = 64

BLOCK_TOLERANCE = Tolerance(
    relative_l2=1e-2,
    evidence="the bar for a block of Whisper's with random weights; a relative L2 of 1e-2 makes a "
    "cosine above 0.99995. Measured at its true dimensions: 2.7e-3 in the encoder, 3.3e-3 in the "
    "decoder, most of it one rounding to bf16 between launches",
)


class Layer(Protocol):
    """What has weights, in one tensor of its name."""

    @property
    def name(self) -> str:
        """Of the tensor."""

    def drawn(self, rng: np.random.Generator) -> dict[str, Array]:
        """Random weights as checkpoints have them, by name, bf16."""

    def laid_out(self, inputs: Arrays) -> dict[str, Array]:
        """The tensor, by name."""


class Part(ABC):
    """x + f(LayerNorm(x)), for x [rows, width]."""

    @property
    @abstractmethod
    def layers(self) -> tuple[Layer, ...]:
        """All that have weights."""

    @abstractmethod
    def room(self) -> dict[str, tuple[int, ...]]:
        """Shapes of the bf16 tensors between its launches, by name."""

    @abstractmethod
    def launches(self, x: str, y: str) -> list[Launch]:
        """From the tensor `x` to the tensor `y`, both [rows, width] bf16."""

    @abstractmethod
    def reference(self, x: Array, inputs: Arrays) -> Array:
        """In float64."""

    @property
    def given(self) -> tuple[str, ...]:
        """Names of the tensors that the host lays out, in order."""
        return tuple(layer.name for layer in self.layers)

    def drawn(self, rng: np.random.Generator) -> dict[str, Array]:
        """What checkpoints have, by name."""
        return {name: array for layer in self.layers for name, array in layer.drawn(rng).items()}

    def laid_out(self, inputs: Arrays) -> dict[str, Array]:
        """The same as the tensors `given`."""
        return {n: array for layer in self.layers for n, array in layer.laid_out(inputs).items()}


@dataclass(frozen=True)
class Block:
    """Parts one behind the other. rows: as padded; the first of them count."""

    parts: tuple[Part, ...]
    rows: int
    width: int

    @property
    def _ways(self) -> list[tuple[Part, str, str]]:
        """Each part, the tensor that it reads and the one that it writes."""
        between = ["x", *(f"x_{number}" for number in range(1, len(self.parts))), "y"]
        return list(zip(self.parts, between, between[1:], strict=False))

    @property
    def given(self) -> tuple[str, ...]:
        """Names of the tensors that the host lays out, in order."""
        return tuple(name for part in self.parts for name in part.given)

    def program(self) -> Any:
        """Tensors: x, those `given`, those between launches, y."""
        launches = [launch for part, x, y in self._ways for launch in part.launches(x, y)]
        return chain(["x", *self.given, *self.room(), "y"], launches)

    def room(self) -> dict[str, tuple[int, ...]]:
        """Shapes of the tensors between launches, by name."""
        room: dict[str, tuple[int, ...]] = {
            y: (self.rows, self.width) for _, _, y in self._ways[:-1]
        }
        for part in self.parts:
            room.update(part.room())
        return room

    def drawn(self, rng: np.random.Generator) -> dict[str, Array]:
        """What all parts take."""
        return {name: array for part in self.parts for name, array in part.drawn(rng).items()}

    def laid_out(self, inputs: Arrays) -> dict[str, Array]:
        """The tensors `given`, by name: once for a checkpoint."""
        return {n: array for part in self.parts for n, array in part.laid_out(inputs).items()}

    def arguments(self, x: Array, given: Arrays) -> tuple[Array, ...]:
        """The program's, with x [any rows, width] filled up; room between launches starts as 0."""
        room = [np.zeros(shape, BFLOAT16) for shape in self.room().values()]
        y = poisoned((self.rows, self.width), BFLOAT16)
        x = padded(x, (self.rows, self.width))
        return x, *(given[name] for name in self.given), *room, y

    def reference(self, x: Array, inputs: Arrays) -> Array:
        """In float64, from bf16 inputs."""
        result = x.astype(np.float64)
        for part in self.parts:
            result = part.reference(result, inputs)
        return result


@dataclass(frozen=True)
class Norm:
    """LayerNorm at the beginning of a part, called `name`."""

    name: str
    rows: int
    width: int

    def drawn(self, rng: np.random.Generator) -> dict[str, Array]:
        """Gain near 1 and bias near 0, as trained ones are."""
        gain, bias = (draw_bfloat16(rng, (self.width,), 0.2) for _ in range(2))
        return {
            f"{self.name}_gain": (gain.astype(np.float32) + 1).astype(BFLOAT16),
            f"{self.name}_bias": bias,
        }

    def laid_out(self, inputs: Arrays) -> dict[str, Array]:
        """Gain, then bias."""
        both = [inputs[f"{self.name}_gain"], inputs[f"{self.name}_bias"]]
        return {self.name: np.concatenate([each.astype(BFLOAT16) for each in both])}

    def launch(self, x: str, y: str) -> Launch:
        """Of `designs.layer_norm`."""
        case = layer_norm.Case(name=self.name, rows=self.rows, columns=self.width)
        return Launch(self.name, layer_norm.design(case), (x, self.name, y))

    def reference(self, x: Array, inputs: Arrays) -> Array:
        """In float64."""
        gain, bias = (inputs[f"{self.name}_{each}"].astype(np.float64) for each in ("gain", "bias"))
        return np.asarray(layer_norm_reference(x, gain, bias))


@dataclass(frozen=True)
class Linear:
    """A linear layer of a part, called `name`; nothing of it is filled up.

    row_pitch: elements from one row of x to the next; None if x is as wide as it is deep.
    """

    name: str
    rows: int
    depth: int
    columns: int
    end: linear.End = "plain"
    has_bias: bool = True
    row_pitch: int | None = None

    @property
    def case(self) -> linear.Case:
        """In the largest tiles that deal rows out without a rest."""
        case = linear.Case(
            name=self.name, rows=self.rows, depth=self.depth, columns=self.columns, end=self.end
        )
        m = largest_step(case.tile_sizes.m, (self.rows, linear.SIDE))
        case = replace(case, tile=replace(case.tile_sizes, m=m))
        if case.padded_sizes != (self.rows, self.depth, self.columns):
            raise ValueError(
                f"{self.name} of {self.rows} rows from {self.depth} to {self.columns}; within a "
                f"block all are multiples of {HEAD_WIDTH}"
            )
        return case

    def drawn(self, rng: np.random.Generator) -> dict[str, Array]:
        """Weights that keep the size of numbers, and a bias."""
        drawn = {
            f"{self.name}_weights": draw_bfloat16(rng, (self.depth, self.columns), self.depth**-0.5)
        }
        if self.has_bias:
            drawn[f"{self.name}_bias"] = draw_bfloat16(rng, (self.columns,), 0.2)
        return drawn

    def laid_out(self, inputs: Arrays) -> dict[str, Array]:
        """As `designs.linear` takes them."""
        weights, bias = inputs[f"{self.name}_weights"], inputs.get(f"{self.name}_bias")
        return {self.name: linear.laid_out_weights(self.case, weights, bias)}

    def launch(self, x: str, y: str, residual: str | None = None) -> Launch:
        """Of `designs.linear`."""
        added = () if residual is None else (residual,)
        product = replace(self.case.product, row_pitch=self.row_pitch)
        return Launch(self.name, product.program(), (x, self.name, *added, y))

    def reference(self, x: Array, inputs: Arrays) -> Array:
        """The product and the bias, in float64."""
        product = x @ inputs[f"{self.name}_weights"].astype(np.float64)
        bias = inputs.get(f"{self.name}_bias")
        return np.asarray(product if bias is None else product + bias.astype(np.float64))


@dataclass(frozen=True)
class QueriesKeysValues:
    """The product that makes all three: its columns are all queries, all keys, all values."""

    name: str
    rows: int
    width: int

    @property
    def product(self) -> Linear:
        """Three times as wide."""
        return Linear(self.name, self.rows, self.width, 3 * self.width)

    def drawn(self, rng: np.random.Generator) -> dict[str, Array]:
        """Weights and biases of each, as checkpoints have them."""
        return {name: array for each in self._apart for name, array in each.drawn(rng).items()}

    def laid_out(self, inputs: Arrays) -> dict[str, Array]:
        """One matrix."""
        weights = [inputs[f"{each.name}_weights"] for each in self._apart]
        no_bias = np.zeros(self.width, BFLOAT16)
        biases = [inputs.get(f"{each.name}_bias", no_bias) for each in self._apart]
        return self.product.laid_out(
            {
                f"{self.name}_weights": np.concatenate(weights, axis=1),
                f"{self.name}_bias": np.concatenate(biases),
            }
        )

    def reference(self, x: Array, inputs: Arrays) -> list[Array]:
        """Queries, keys and values [heads, rows, 64] in float64."""
        return [
            each.reference(x, inputs).reshape(len(x), -1, HEAD_WIDTH).transpose(1, 0, 2)
            for each in self._apart
        ]

    @property
    def _apart(self) -> list[Linear]:
        return [
            Linear(f"{self.name}_{each}", self.rows, self.width, self.width, has_bias=each != "k")
            for each in "qkv"
        ]
