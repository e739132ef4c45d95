"""The Whisper model: features to audio states, tokens and audio states to logits.

Written once against `ops`; where it is computed is not its business. The self-attention's query,
key and value weights are one matrix, so that they are one product.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ironbird.base.errors import UsageError
from whisper_pipeline.checkpoint import Checkpoint, HeadPlaces
from whisper_pipeline.dimensions import ModelDimensions
from whisper_pipeline.ledger import Ledger
from whisper_pipeline.ops import Array, Buffer, Cache, Ops, Texts, Tokens, Weights


@dataclass(frozen=True)
class SelfAttention:
    """Before it a norm, after it the output projection."""

    norm: Weights
    query_key_value: Weights
    out: Weights


@dataclass(frozen=True)
class CrossAttention:
    norm: Weights
    query: Weights
    pairs: Weights
    out: Weights


@dataclass(frozen=True)
class Perceptron:
    norm: Weights
    widen: Weights
    narrow: Weights


@dataclass(frozen=True)
class EncoderLayer:
    attention: SelfAttention
    perceptron: Perceptron


@dataclass(frozen=True)
class DecoderLayer:
    attention: SelfAttention
    cross: CrossAttention
    perceptron: Perceptron


@dataclass(frozen=True)
class LayerMemory:
    """What a decoder layer keeps: keys and values of the audio, and of the tokens so far."""

    audio: Buffer
    text: Cache


class Whisper:
    """A model laid out for a device.

    timing_heads: (layer, head) of the decoder from which word times are taken.
    """

    dimensions: ModelDimensions
    timing_heads: HeadPlaces

    def __init__(self, checkpoint: Checkpoint, ops: Ops) -> None:
        self.ops = ops
        self.dimensions = dimensions = checkpoint.dimensions
        ops.check(dimensions)
        self.timing_heads = checkpoint.timing_heads
        lay_out = _LayOut(checkpoint, ops)
        self._convolutions = (
            lay_out.convolution("encoder.conv1"),
            lay_out.convolution("encoder.conv2", positions="encoder.positional_embedding"),
        )
        self._encoder = [
            EncoderLayer(lay_out.self_attention(prefix), lay_out.perceptron(prefix))
            for prefix in (f"encoder.blocks.{n}" for n in range(dimensions.n_audio_layer))
        ]
        self._audio_norm = lay_out.norm("encoder.ln_post")
        self._embedding = ops.lay_out_embedding(
            checkpoint.array("decoder.token_embedding.weight"),
            checkpoint.array("decoder.positional_embedding"),
        )
        self._decoder = [
            DecoderLayer(
                lay_out.self_attention(prefix),
                lay_out.cross_attention(prefix),
                lay_out.perceptron(prefix),
            )
            for prefix in (f"decoder.blocks.{n}" for n in range(dimensions.n_text_layer))
        ]
        self._text_norm = lay_out.norm("decoder.ln")

    @property
    def ledger(self) -> Ledger:
        """What was computed where so far."""
        return self.ops.ledger

    def encode(self, features: Array) -> Buffer:
        """Windows of features [rows, n_mels, 3000] to audio states [rows, 1500, width]."""
        ops, heads = self.ops, self.dimensions.n_audio_head
        expected = (self.dimensions.n_mels, 2 * self.dimensions.n_audio_ctx)
        if features.shape[1:] != expected:
            raise UsageError(
                f"features of shape {list(features.shape)} are not windows for this model",
                because=f"a window is {list(expected)}",
            )
        first, second = self._convolutions
        with ops.launch("convolutions"):
            x = ops.convolve(np.ascontiguousarray(features.transpose(0, 2, 1)), first, stride=1)
            x = ops.convolve(x, second, stride=2)
        for layer in self._encoder:
            with ops.launch("encoder layers"):
                weights = layer.attention
                packed = ops.project(ops.normalise(x, weights.norm), weights.query_key_value)
                x = ops.project(ops.attend_itself(packed, heads), weights.out, residual=x)
                x = self._widen_and_narrow(x, layer.perceptron)
        with ops.launch("audio norm"):
            return ops.normalise(x, self._audio_norm)

    def begin(self, audio: Buffer, audio_count: int, rows_per_audio: int) -> "TextState":
        """Start texts about `audio_count` windows of audio states, several for each."""
        texts = Texts(audio_count, rows_per_audio)
        memories = [self._remember(layer, audio, texts) for layer in self._decoder]
        return TextState(self, texts, memories)

    def select(self, audio: Buffer, windows: Sequence[int]) -> Buffer:
        """The audio states of some of the windows."""
        return self.ops.select(audio, windows)

    def timing_scores(self, tokens: Sequence[int], audio: Buffer) -> tuple[Array, Array]:
        """One text about one window: its logits, and what the timing heads attend to.

        Shapes  logits [len(tokens), n_vocab]; scores [timing heads, len(tokens), n_audio_ctx],
                before the softmax.
        """
        state = self.begin(audio, 1, 1)
        logits, scores = state.advance(np.array([tokens]), range(len(tokens)), self.timing_heads)
        return logits[0], np.stack([scores[place][0] for place in self.timing_heads])

    def _remember(self, layer: DecoderLayer, audio: Buffer, texts: Texts) -> LayerMemory:
        ops, dimensions = self.ops, self.dimensions
        with ops.launch("cross keys and values"):
            pairs = ops.pairs(audio, layer.cross.pairs, texts)
        cache = ops.cache(texts, dimensions.n_text_ctx, dimensions.n_text_state)
        return LayerMemory(pairs, cache)

    def _widen_and_narrow(self, x: Buffer, weights: Perceptron) -> Buffer:
        wide = self.ops.project(self.ops.normalise(x, weights.norm), weights.widen, gelu=True)
        return self.ops.project(wide, weights.narrow, residual=x)


class TextState:
    """Texts being decoded together: the keys and values of their tokens so far."""

    def __init__(self, model: Whisper, texts: Texts, memories: list[LayerMemory]) -> None:
        self._model = model
        self._texts = texts
        self._memories = memories
        self._length = 0

    def logits(self, tokens: Tokens, positions: Sequence[int]) -> Array:
        """Append `tokens` [rows, count]; the logits at some of these count positions.

        Shapes  result [rows, len(positions), n_vocab].
        """
        return self.advance(tokens, positions, ())[0]

    def rearrange(self, source_rows: Sequence[int]) -> None:
        """Row i goes on from what row `source_rows[i]` was."""
        if list(source_rows) == list(range(len(source_rows))):
            return
        for memory in self._memories:
            self._model.ops.rearrange(memory.text, source_rows)

    def advance(
        self, tokens: Tokens, positions: Sequence[int], scored: HeadPlaces
    ) -> tuple[Array, dict[tuple[int, int], Array]]:
        """`logits`, and the cross-attention scores of the heads in `scored`.

        Raises UsageError for a text that is longer than the model's context.
        """
        model, ops, heads = self._model, self._model.ops, self._model.dimensions.n_text_head
        length = self._length + tokens.shape[1]
        if length > model.dimensions.n_text_ctx:
            raise UsageError(
                f"a text of {length} tokens is too long for this model",
                because=f"its context is {model.dimensions.n_text_ctx} tokens",
                fix="a smaller sample_len",
            )
        scores: dict[tuple[int, int], Array] = {}
        with ops.launch("step" if tokens.shape[1] == 1 else "prompt"):
            x = ops.embed(tokens, self._length, model._embedding, self._texts)
            self._length = length
            for index, (layer, memory) in enumerate(
                zip(model._decoder, self._memories, strict=True)
            ):
                own = layer.attention
                packed = ops.project(ops.normalise(x, own.norm), own.query_key_value)
                x = ops.project(ops.attend_cache(packed, memory.text, heads), own.out, residual=x)
                cross = layer.cross
                query = ops.project(ops.normalise(x, cross.norm), cross.query)
                for place in scored:
                    if place[0] == index:
                        scores[place] = ops.scores(query, memory.audio, heads, place[1])
                mixed = ops.attend_pairs(query, memory.audio, heads)
                x = ops.project(mixed, cross.out, residual=x)
                x = model._widen_and_narrow(x, layer.perceptron)
            x = ops.normalise(ops.at(x, positions, self._texts), model._text_norm)
            return ops.logits(x, model._embedding), scores


class _LayOut:
    """Hands the tensors of a checkpoint to the device."""

    def __init__(self, checkpoint: Checkpoint, ops: Ops) -> None:
        self._checkpoint = checkpoint
        self._ops = ops

    def self_attention(self, block: str) -> SelfAttention:
        return SelfAttention(
            norm=self.norm(f"{block}.attn_ln"),
            query_key_value=self._joined(f"{block}.attn", ("query", "key", "value")),
            out=self.linear(f"{block}.attn.out"),
        )

    def cross_attention(self, block: str) -> CrossAttention:
        return CrossAttention(
            norm=self.norm(f"{block}.cross_attn_ln"),
            query=self.linear(f"{block}.cross_attn.query"),
            pairs=self.pairs(f"{block}.cross_attn"),
            out=self.linear(f"{block}.cross_attn.out"),
        )

    def perceptron(self, block: str) -> Perceptron:
        return Perceptron(
            norm=self.norm(f"{block}.mlp_ln"),
            widen=self.linear(f"{block}.mlp.0"),
            narrow=self.linear(f"{block}.mlp.2"),
        )

    def norm(self, name: str) -> Weights:
        return self._ops.lay_out_norm(*self._weight_and_bias(name))

    def linear(self, name: str) -> Weights:
        return self._ops.lay_out_linear(*self._weight_and_bias(name))

    def convolution(self, name: str, *, positions: str | None = None) -> Weights:
        added = self._checkpoint.array(positions) if positions is not None else None
        return self._ops.lay_out_convolution(*self._weight_and_bias(name), added)

    def pairs(self, attention: str) -> Weights:
        """Keys and values as one product, each head's beside each other."""
        heads = self._checkpoint.dimensions.n_text_head
        by_head = [
            np.concatenate([each.reshape(heads, -1, *each.shape[1:]) for each in both], axis=1)
            for both in zip(*self._parts(attention, ("key", "value")), strict=True)
        ]
        weight, bias = (each.reshape(-1, *each.shape[2:]) for each in by_head)
        return self._ops.lay_out_linear(weight, bias)

    def _joined(self, attention: str, parts: tuple[str, ...]) -> Weights:
        """Several projections as one."""
        weights, biases = zip(*self._parts(attention, parts), strict=True)
        return self._ops.lay_out_linear(np.concatenate(weights), np.concatenate(biases))

    def _parts(self, attention: str, parts: tuple[str, ...]) -> list[tuple[Array, Array]]:
        """Weight and bias of each; the key's has no bias, so it is zeros."""
        found = []
        for part in parts:
            weight = self._checkpoint.array(f"{attention}.{part}.weight")
            has_bias = part != "key"
            bias = self._checkpoint.array(f"{attention}.{part}.bias") if has_bias else None
            found.append((weight, np.zeros(len(weight), np.float32) if bias is None else bias))
        return found

    def _weight_and_bias(self, name: str) -> tuple[Any, Any]:
        return self._checkpoint.array(f"{name}.weight"), self._checkpoint.array(f"{name}.bias")
