"""What the model asks of a device: the seam between Whisper and where it is computed.

`host_ops` is the definition of every op, in numpy. A buffer is whatever the device keeps: the
model only hands buffers from op to op, and fetches logits and attention scores. Weights are laid
out once. Buffers of activations are [rows, positions, width]; heads lie side by side in the width.

Three buffers hold more than one thing for each position:

    packed  [rows, positions, 3 width]: queries of all heads, then keys, then values
    pairs   [rows, positions, 2 width]: head by head its keys, then its values
    cache   pairs of the positions so far
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from whisper_pipeline.dimensions import ModelDimensions
from whisper_pipeline.ledger import Ledger

Array: TypeAlias = npt.NDArray[np.float32]
Tokens: TypeAlias = npt.NDArray[np.int64]
Buffer: TypeAlias = Any
"""Activations on the device."""
Weights: TypeAlias = Any
"""Weights as the device wants them."""
Cache: TypeAlias = Any
"""Pairs of the positions so far, on the device."""


@dataclass(frozen=True)
class Texts:
    """Rows that are decoded together: about each window of audio several, one after the other."""

    audio_count: int
    rows_per_audio: int

    @property
    def row_count(self) -> int:
        """Of all windows."""
        return self.audio_count * self.rows_per_audio


class Ops(Protocol):
    """The operations of a Whisper. All arithmetic is meant in float32."""

    @property
    def ledger(self) -> Ledger:
        """What was computed where so far."""

    def check(self, dimensions: ModelDimensions) -> None:
        """Raise UsageError for a model that the device does not take."""

    def launch(self, stage: str) -> AbstractContextManager[None]:
        """Whatever is asked for within belongs to `stage`, and is computed in one launch if it can.

        What is fetched within ends the launch, and another begins.
        """

    def lay_out_linear(self, weight: Array, bias: Array | None) -> Weights:
        """weight [out, in]; bias [out] or None for none."""

    def lay_out_norm(self, gain: Array, bias: Array) -> Weights:
        """gain and bias [width]."""

    def lay_out_convolution(
        self, weight: Array, bias: Array, positions: Array | None = None
    ) -> Weights:
        """weight [out, in, 3]; bias [out]; positions [positions, out], added to what it makes."""

    def lay_out_embedding(self, weight: Array, positions: Array) -> Weights:
        """weight [vocabulary, width], of tokens and of logits; positions [n_text_ctx, width]."""

    def convolve(self, x: Array | Buffer, weights: Weights, *, stride: int) -> Buffer:
        """GELU of a convolution of width 3 over positions, zeros beyond the ends; plus positions.

        x: features [rows, positions, channels] of the host, or a buffer.
        """

    def normalise(self, x: Buffer, weights: Weights) -> Buffer:
        """Each position to mean 0 and variance 1 (plus 1e-5), times gain, plus bias."""

    def project(
        self, x: Buffer, weights: Weights, *, gelu: bool = False, residual: Buffer | None = None
    ) -> Buffer:
        """x times weight, plus bias; then GELU (by erf) or plus `residual`, where asked for."""

    def select(self, x: Buffer, rows: Sequence[int]) -> Buffer:
        """Some rows of a buffer, in the order given."""

    def at(self, x: Buffer, positions: Sequence[int]) -> Buffer:
        """Some positions of texts, in the order given."""

    def pairs(self, audio: Buffer, weights: Weights, texts: Texts) -> Buffer:
        """Keys and values of audio, [windows, positions, 2 width], for texts to attend to."""

    def attend_itself(self, packed: Buffer, head_count: int) -> Buffer:
        """Of each position to all: softmax(query times keys / sqrt(width of a head)) times values.

        Result [rows, positions, width].
        """

    def attend_cache(self, packed: Buffer, cache: Cache, head_count: int) -> Buffer:
        """Append keys and values to the cache; each position attends to all up to its own.

        The result may take the place of what was packed.
        """

    def attend_pairs(self, query: Buffer, pairs: Buffer, head_count: int) -> Buffer:
        """Of each query to all pairs of its window. The result may take the query's place."""

    def scores(self, query: Buffer, pairs: Buffer, head_count: int, head: int) -> Array:
        """What the softmax of one head sees, [rows, query positions, key positions], fetched."""

    def embed(self, tokens: Tokens, first_position: int, weights: Weights, texts: Texts) -> Buffer:
        """tokens [rows, positions], their embeddings plus those of their positions."""

    def logits(self, x: Buffer, weights: Weights) -> Array:
        """x times the token embedding, [rows, positions, vocabulary], fetched."""

    def cache(self, texts: Texts, length: int, width: int) -> Cache:
        """An empty cache for `length` positions."""

    def rearrange(self, cache: Cache, source_rows: Sequence[int]) -> None:
        """Row i of the cache becomes what row `source_rows[i]` was."""
