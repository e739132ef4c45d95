"""Every op of a Whisper in numpy float32: the definition that a device's ops are compared with."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache as cached
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt

from whisper_pipeline.dimensions import ModelDimensions
from whisper_pipeline.ledger import Ledger
from whisper_pipeline.ops import Array, Texts, Tokens

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

NORM_EPSILON = np.float32(1e-5)

GELU_STEPS = 4096
"""Table steps for 1.0; linear between them, which is within 1e-8."""
GELU_LIMIT = 6.0
"""Beyond it GELU is x or 0 within 6e-9."""


@dataclass(frozen=True)
class Linear:
    """weight [in, out], so that rows times it is one product."""

    weight: Array
    bias: Array | None


@dataclass(frozen=True)
class Convolution:
    """taps [3 in, out], the earliest first; positions [positions, out] or None."""

    taps: Linear
    positions: Array | None


@dataclass(frozen=True)
class Norm:
    gain: Array
    bias: Array


@dataclass(frozen=True)
class Embedding:
    tokens: Array
    positions: Array


@dataclass
class HostCache:
    """pairs [row, position, 2 width]; the first `length` positions are filled."""

    pairs: Array
    length: int = 0


def _told(
    op: Callable[Concatenate["HostOps", Arguments], Result],
) -> Callable[Concatenate["HostOps", Arguments], Result]:
    """The op, named in the ledger as a part of its launch."""

    @wraps(op)
    def told(self: "HostOps", /, *arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
        self._launched.append(op.__name__)
        return op(self, *arguments, **named)

    return told


class HostOps:
    """`whisper_pipeline.ops.Ops`; a buffer is an array, a launch one computation in the ledger."""

    def __init__(self, ledger: Ledger | None = None) -> None:
        self.ledger = ledger if ledger is not None else Ledger()
        self._launched: list[str] = []

    def check(self, dimensions: ModelDimensions) -> None:
        """Takes every one."""

    @contextmanager
    def launch(self, stage: str) -> Iterator[None]:
        with self.ledger.on_host(stage) as self._launched:
            yield

    def lay_out_linear(self, weight: Array, bias: Array | None) -> Linear:
        return Linear(np.ascontiguousarray(weight.T), bias)

    def lay_out_norm(self, gain: Array, bias: Array) -> Norm:
        return Norm(gain, bias)

    def lay_out_convolution(
        self, weight: Array, bias: Array, positions: Array | None = None
    ) -> Convolution:
        taps_first = weight.transpose(2, 1, 0)
        taps = Linear(np.ascontiguousarray(taps_first.reshape(-1, weight.shape[0])), bias)
        return Convolution(taps, positions)

    def lay_out_embedding(self, weight: Array, positions: Array) -> Embedding:
        return Embedding(weight, positions)

    @_told
    def convolve(self, x: Array, weights: Convolution, *, stride: int) -> Array:
        padded = np.pad(x, ((0, 0), (1, 1), (0, 0)))
        last = padded.shape[1] - 2
        taps = [padded[:, tap : tap + last : stride] for tap in range(3)]
        result = gelu_by_erf(_product(np.concatenate(taps, axis=2), weights.taps))
        return result if weights.positions is None else result + weights.positions

    @_told
    def normalise(self, x: Array, weights: Norm) -> Array:
        centred = x - x.mean(axis=-1, keepdims=True)
        variance = np.square(centred).mean(axis=-1, keepdims=True)
        result: Array = centred / np.sqrt(variance + NORM_EPSILON) * weights.gain + weights.bias
        return result

    @_told
    def project(
        self, x: Array, weights: Linear, *, gelu: bool = False, residual: Array | None = None
    ) -> Array:
        result = _product(x, weights)
        if gelu:
            return gelu_by_erf(result)
        if residual is not None:
            result += residual
        return result

    def select(self, x: Array, rows: Sequence[int]) -> Array:
        return x[list(rows)]

    @_told
    def at(self, x: Array, positions: Sequence[int]) -> Array:
        return x[:, list(positions)]

    @_told
    def pairs(self, audio: Array, weights: Linear, texts: Texts) -> Array:
        return _product(audio, weights)

    @_told
    def attend_itself(self, packed: Array, head_count: int) -> Array:
        return self.attend(*_packed_heads(packed, head_count))

    @_told
    def attend_cache(self, packed: Array, cache: HostCache, head_count: int) -> Array:
        query, keys, values = _packed_heads(packed, head_count)
        first, cache.length = cache.length, cache.length + packed.shape[1]
        pairs = _pair_heads(cache.pairs[:, : cache.length], head_count)
        for kept, new in zip(pairs, (keys, values), strict=True):
            kept[:, first:] = new
        own = np.arange(first, cache.length)[:, None]
        return self.attend(query, *pairs, np.arange(cache.length) > own)

    @_told
    def attend_pairs(self, query: Array, pairs: Array, head_count: int) -> Array:
        shared = _heads(_by_shared_rows(query, pairs), head_count)
        return self.attend(shared, *_pair_heads(pairs, head_count)).reshape(query.shape)

    def attend(
        self,
        query: Array,
        keys: Array,
        values: Array,
        hidden: npt.NDArray[np.bool_] | None = None,
    ) -> Array:
        """What all three kinds of attention come to.

        Shapes  all [rows, positions, heads, width of a head]; result [rows, positions, width].
        hidden [query, key]: what a query does not see.
        """
        result = np.empty(query.shape, np.float32)
        for head in range(query.shape[2]):
            scores = _scores(query[:, :, head], keys[:, :, head])
            if hidden is not None:
                scores[:, hidden] = -np.inf
            scores -= scores.max(axis=-1, keepdims=True)
            np.exp(scores, out=scores)
            scores /= scores.sum(axis=-1, keepdims=True)
            result[:, :, head] = scores @ values[:, :, head]
        return result.reshape(*query.shape[:2], -1)

    @_told
    def scores(self, query: Array, pairs: Array, head_count: int, head: int) -> Array:
        keys, _ = _pair_heads(pairs, head_count)
        shared = _heads(_by_shared_rows(query, pairs), head_count)
        return _scores(shared[:, :, head], keys[:, :, head]).reshape(*query.shape[:2], -1)

    @_told
    def embed(self, tokens: Tokens, first_position: int, weights: Embedding, texts: Texts) -> Array:
        positions = weights.positions[first_position : first_position + tokens.shape[1]]
        result: Array = weights.tokens[tokens] + positions
        return result

    @_told
    def logits(self, x: Array, weights: Embedding) -> Array:
        result: Array = x @ weights.tokens.T
        return result

    def cache(self, texts: Texts, length: int, width: int) -> HostCache:
        return HostCache(np.empty((texts.row_count, length, 2 * width), np.float32))

    def rearrange(self, cache: HostCache, source_rows: Sequence[int]) -> None:
        with self.ledger.on_host("beams", "rearrange"):
            cache.pairs[:, : cache.length] = cache.pairs[list(source_rows), : cache.length]


def _product(x: Array, weights: Linear) -> Array:
    """Rows times the weight, plus the bias if there is one."""
    result: Array = x @ weights.weight
    if weights.bias is not None:
        result += weights.bias
    return result


def gelu_by_erf(x: Array) -> Array:
    """x times the share of a normal distribution below x; any shape, float32, within 1e-7."""
    table, steps = _gelu_table()
    flat = x.reshape(-1)
    result = np.maximum(flat, 0)
    for first in range(0, len(flat), 1 << 16):
        part = flat[first : first + (1 << 16)]
        place = np.clip(part.astype(np.float64), -GELU_LIMIT, GELU_LIMIT) * GELU_STEPS
        index = np.floor(place).astype(np.int64)
        place -= index
        index += int(GELU_LIMIT * GELU_STEPS)
        inside = (table[index] + place * steps[index]).astype(np.float32)
        np.copyto(result[first : first + len(part)], inside, where=np.abs(part) < GELU_LIMIT)
    return result.reshape(x.shape)


@cached
def _gelu_table() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    last = int(GELU_LIMIT * GELU_STEPS)
    points = [step / GELU_STEPS for step in range(-last, last + 2)]
    values = np.array([point * math.erfc(-point / math.sqrt(2)) / 2 for point in points])
    return values[:-1], np.diff(values)


def _scores(query: Array, keys: Array) -> Array:
    """Of one head: [rows, positions, width of a head] each."""
    scale = np.float32(query.shape[-1] ** -0.25)
    result: Array = query * scale @ (keys * scale).transpose(0, 2, 1)
    return result


def _heads(x: Array, head_count: int) -> Array:
    """[rows, positions, heads, width of a head], a view."""
    return x.reshape(*x.shape[:2], head_count, -1)


def _packed_heads(packed: Array, head_count: int) -> tuple[Array, Array, Array]:
    """Queries, keys and values by head."""
    query, keys, values = (_heads(each, head_count) for each in np.split(packed, 3, axis=-1))
    return query, keys, values


def _pair_heads(pairs: Array, head_count: int) -> tuple[Array, Array]:
    """Keys and values by head, views."""
    both = pairs.reshape(*pairs.shape[:2], head_count, 2, -1)
    return both[..., 0, :], both[..., 1, :]


def _by_shared_rows(query: Array, pairs: Array) -> Array:
    """The query with the rows that share pairs joined into one."""
    return query.reshape(pairs.shape[0], -1, query.shape[2])
