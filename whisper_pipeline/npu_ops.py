"""Every op of a Whisper by designs on the array.

Activations are bf16 in the device's memory, sums float32. What is computed in one launch, and what
a launch is of, whisper_pipeline/npu/launches.py tells; where rows lie, buffers.py there.

On the host remain, and the ledger says so: looking embeddings up, choosing positions, putting rows
of a cache in another order, and the scores that word times come from.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cache as cached
from typing import Any

import numpy as np

from aie_kernels.mv_contracts import MOST_ROWS
from designs import (
    add,
    attention_in_place,
    attention_row,
    attention_to_pairs,
    attention_work,
    conv1d,
    layer_norm,
    linear,
    mv,
)
from designs.case import BFLOAT16
from designs.case import Array as DeviceArray
from designs.tile_sizes import largest_step
from designs.transformer import HEAD_WIDTH, Linear
from ironbird.base.errors import UsageError
from ironbird.simulator.options import Numerics
from whisper_pipeline.dimensions import ModelDimensions
from whisper_pipeline.host_ops import HostOps
from whisper_pipeline.ledger import Ledger
from whisper_pipeline.npu.buffers import Buffer, Places
from whisper_pipeline.npu.key_values import Cache, Pairs, room_for_pairs
from whisper_pipeline.npu.launches import Launches
from whisper_pipeline.npu.text_groups import TextGroups
from whisper_pipeline.npu.weights import (
    ConvolutionWeights,
    EmbeddingWeights,
    LinearWeights,
    NormWeights,
)
from whisper_pipeline.ops import Array, Texts, Tokens

ROWS_OF_LOGITS = (4, MOST_ROWS)
"""Rows of a launch that makes logits, filled up to one of these, so that few are compiled."""


class NpuOps:
    """`whisper_pipeline.ops.Ops`; what is computed is added to `ledger`.

    numerics: of the simulator: `fast`, or `silicon`, the chip's own arithmetic.
    """

    def __init__(self, ledger: Ledger, *, numerics: Numerics = "fast") -> None:
        self.ledger = ledger
        self._launches = Launches(ledger, numerics)
        self._host = HostOps(ledger)

    def check(self, dimensions: ModelDimensions) -> None:
        for side in ("audio", "text"):
            width = getattr(dimensions, f"n_{side}_state")
            heads = getattr(dimensions, f"n_{side}_head")
            if width != heads * HEAD_WIDTH:
                raise UsageError(
                    f"this model cannot run on the array: n_{side}_state is {width} and "
                    f"n_{side}_head {heads}",
                    because=f"attention on the array is of heads {HEAD_WIDTH} wide",
                    fix="--device host",
                )

    def launch(self, stage: str) -> AbstractContextManager[None]:
        return self._launches.stage(stage)

    def lay_out_linear(self, weight: Array, bias: Array | None) -> LinearWeights:
        return LinearWeights(weight, bias)

    def lay_out_norm(self, gain: Array, bias: Array) -> NormWeights:
        return NormWeights.laid_out(gain, bias)

    def lay_out_convolution(
        self, weight: Array, bias: Array, positions: Array | None = None
    ) -> ConvolutionWeights:
        return ConvolutionWeights(weight, bias, positions)

    def lay_out_embedding(self, weight: Array, positions: Array) -> EmbeddingWeights:
        return EmbeddingWeights(weight, positions)

    def convolve(self, x: Array | Buffer, weights: ConvolutionWeights, *, stride: int) -> Buffer:
        if isinstance(x, Buffer):
            frames, channels, row_count = x.places.positions, x.width, len(x.parts)
        else:
            row_count, frames, channels = x.shape
        case = conv1d.Case(
            name="convolve",
            frames=frames,
            channels=channels,
            outputs_count=len(weights.weight),
            stride=stride,
            end="gelu",
        )
        product = case.product
        places = Places((1,) * row_count, case.result_frames, product.rows)
        result = Buffer.empty(places, product.columns, margin=1)
        for part in range(row_count):
            if isinstance(x, Buffer):
                framed = x.from_margin(part, product.a_shape)
            else:
                framed = conv1d.laid_out_x(case, x[part].astype(BFLOAT16))
            self._launches.record(
                part,
                "convolve",
                case,
                conv1d.design,
                framed,
                weights.tensor(case),
                result.tensor(part),
            )
        return self._with_positions(result, weights)

    def _with_positions(self, x: Buffer, weights: ConvolutionWeights) -> Buffer:
        positions = weights.positions_tensor(x.rows)
        if positions is None:
            return x
        case = add.Case(name="positions", rows=x.rows, columns=x.width)
        result = Buffer.empty(x.places, x.width)
        for part in range(len(x.parts)):
            tensors = (x.tensor(part), positions, result.tensor(part))
            in_lines = (tensor.reshape(case.lines.shape) for tensor in tensors)
            self._launches.record(part, "add positions", case, add.design, *in_lines)
        return result

    def normalise(self, x: Buffer, weights: NormWeights) -> Buffer:
        case = layer_norm.Case(name="normalise", rows=x.rows, columns=x.width)
        result = Buffer.empty(x.places, x.width)
        for part in range(len(x.parts)):
            tensors = x.tensor(part), weights.tensor, result.tensor(part)
            self._launches.record(part, "normalise", case, layer_norm.design, *tensors)
        return result

    def project(
        self,
        x: Buffer,
        weights: LinearWeights,
        *,
        gelu: bool = False,
        residual: Buffer | None = None,
    ) -> Buffer:
        end: linear.End = "gelu" if gelu else "plain" if residual is None else "residual"
        result = Buffer.empty(x.places, weights.columns)
        return self._project("project", x, weights, end, residual, result)

    def _project(
        self,
        op: str,
        x: Buffer,
        weights: LinearWeights,
        end: linear.End,
        residual: Buffer | None,
        result: Buffer,
    ) -> Buffer:
        layer = Linear(
            "project",
            x.rows,
            x.width,
            weights.columns,
            end=end,
            row_pitch=x.pitch if x.pitch != x.width else None,
        )
        for part in range(len(x.parts)):
            added = () if residual is None else (residual.tensor(part),)
            given = x.tensor(part), weights.tensor(layer.case), *added, result.tensor(part)
            self._launches.record(part, op, layer, _linear_program, *given)
        return result

    def select(self, x: Buffer, rows: Sequence[int]) -> Buffer:
        places = Places((1,) * len(rows), x.places.positions, x.rows)
        return Buffer(tuple(x.parts[row] for row in rows), places, x.width, x.pitch)

    def attend_itself(self, packed: Buffer, head_count: int) -> Buffer:
        positions = packed.places.positions
        case = attention_work.Case(
            name="attend_itself", heads=head_count, queries=positions, keys=positions
        )
        result = Buffer.empty(packed.places, packed.width // 3)
        for part in range(len(packed.parts)):
            qkv = packed.tensor(part)
            self._launches.record(
                part,
                "attend_itself",
                case,
                attention_in_place.design,
                qkv,
                qkv,
                result.tensor(part),
            )
        return result

    def pairs(self, audio: Buffer, weights: LinearWeights, texts: Texts) -> Pairs:
        result = room_for_pairs(audio.places, weights.columns, TextGroups.of(texts))
        return Pairs(self._project("pairs", audio, weights, "plain", None, result), texts)

    def embed(
        self, tokens: Tokens, first_position: int, weights: EmbeddingWeights, texts: Texts
    ) -> Buffer:
        with self.ledger.on_host(self._launches.current_stage, "embed"):
            positions = weights.positions[first_position : first_position + tokens.shape[1]]
            places = TextGroups.of(texts).next_places(first_position, tokens.shape[1])
            result = Buffer.empty(places, positions.shape[1])
            result.fill(weights.tokens[tokens] + positions)
        return result

    def attend_cache(self, packed: Buffer, cache: Cache, head_count: int) -> Buffer:
        places = packed.places
        if places.is_prompt:
            cache.prompt, cache.length = packed, places.positions
            return self._attend_in_prompt(packed, head_count)
        self._take_prompt_in(cache)
        case = attention_row.Case(
            name="attend_cache",
            windows=places.step,
            heads=head_count,
            positions=cache.positions,
            grows=True,
            tensor_rows=places.step,
        )
        first_key = np.zeros(places.step, np.int32)
        for part in range(len(packed.parts)):
            for position in range(places.positions):
                end = cache.length + position + 1
                self._launches.record(
                    part,
                    "attend_cache",
                    case,
                    attention_row.design,
                    attention_row.bounds_of(case, first_key, end),
                    packed.place(part, position),
                    cache.memory[part],
                    cache.memory[part][end - 1],
                )
        cache.length += places.positions
        return Buffer(packed.parts, places, packed.width // 3, packed.pitch)

    def attend_pairs(self, query: Buffer, pairs: Pairs, head_count: int) -> Buffer:
        if query.places.is_prompt:
            return self._attend_from_prompt(query, pairs, head_count)
        places, groups = query.places, TextGroups.of(pairs.texts)
        case = attention_row.Case(
            name="attend_pairs",
            windows=places.step,
            heads=head_count,
            positions=pairs.buffer.rows,
            sharing=groups.audio_rows,
            tensor_rows=places.step,
        )
        first_key = np.zeros(places.step, np.int32)
        bounds = attention_row.bounds_of(case, first_key, pairs.buffer.places.positions)
        for part, group in enumerate(groups.groups):
            memory = pairs.buffer.parts[group.first_audio].tensor(*case.shapes["cache"])
            for position in range(places.positions):
                self._launches.record(
                    part,
                    "attend_pairs",
                    case,
                    attention_row.design,
                    bounds,
                    query.place(part, position),
                    memory,
                )
        return query

    def _attend_in_prompt(self, packed: Buffer, head_count: int) -> Buffer:
        """Of each position of a text to those up to its own."""
        rows = packed.rows
        case = attention_work.Case(
            name="attend_cache", heads=head_count, queries=rows, keys=rows, masked=True
        )
        result = Buffer.empty(packed.places, packed.width // 3)
        for part in range(len(packed.parts)):
            qkv = packed.tensor(part)
            given = qkv, qkv, causal_mask(case), result.tensor(part)
            self._launches.record(part, "attend_cache", case, attention_in_place.design, *given)
        return result

    def _attend_from_prompt(self, query: Buffer, pairs: Pairs, head_count: int) -> Buffer:
        audio = pairs.buffer
        case = attention_work.Case(
            name="attend_pairs",
            heads=head_count,
            queries=query.rows,
            keys=audio.places.positions,
        )
        result = Buffer.empty(query.places, query.width)
        for part in range(len(query.parts)):
            of_window = audio.tensor(part // pairs.texts.rows_per_audio)
            given = query.tensor(part), of_window, result.tensor(part)
            self._launches.record(part, "attend_pairs", case, attention_to_pairs.design, *given)
        return result

    def _take_prompt_in(self, cache: Cache) -> None:
        if cache.prompt is not None:
            with self.ledger.on_host("cache", "append"):
                cache.take_prompt_in()

    def scores(self, query: Buffer, pairs: Pairs, head_count: int, head: int) -> Array:
        given = self.fetch(query), self.fetch(pairs.buffer)
        with self._host.launch(self._launches.current_stage):
            return self._host.scores(*given, head_count, head)

    def at(self, x: Buffer, positions: Sequence[int], texts: Texts) -> Buffer:
        is_whole = list(positions) == list(range(x.places.positions))
        if is_whole and not x.places.is_prompt:
            return x
        values = self.fetch(x)[:, list(positions)]
        with self.ledger.on_host(self._launches.current_stage, "at"):
            result = Buffer.empty(TextGroups.of(texts).places(len(positions)), x.width)
            result.fill(values)
        return result

    def logits(self, x: Buffer, weights: EmbeddingWeights) -> Array:
        places = x.places
        row_count = places.positions * places.step
        case = mv.Case(
            name="logits",
            rows=next(rows for rows in ROWS_OF_LOGITS if min(row_count, MOST_ROWS) <= rows),
            depth=x.width,
            columns=len(weights.tokens),
            k=largest_step(mv.Case.k, (x.width, 1)),
        )
        rows, _, columns = case.padded_sizes
        found = []
        for part in range(len(x.parts)):
            firsts = range(0, row_count, rows)
            found.append(np.empty((len(firsts) * rows, columns), np.float32))
            for first in firsts:
                given = x.parts[part].tensor(rows, x.width, skipped=first * x.width)
                self._launches.record(
                    part,
                    "logits",
                    case,
                    mv.design,
                    given,
                    weights.tensor(case),
                    found[part][first : first + rows],
                )
        self._launches.run_recorded()
        return np.concatenate(
            [
                logits[:row_count, : case.columns]
                .reshape(places.positions, places.step, -1)[:, :count]
                .transpose(1, 0, 2)
                for logits, count in zip(found, places.counts, strict=True)
            ]
        )

    def cache(self, texts: Texts, length: int, width: int) -> Cache:
        groups = TextGroups.of(texts)
        shape = (length, groups.rows, width // HEAD_WIDTH, attention_row.PAIR_WIDTH)
        counts = tuple(group.row_count for group in groups.groups)
        return Cache(tuple(np.zeros(shape, BFLOAT16) for _ in counts), counts)

    def rearrange(self, cache: Cache, source_rows: Sequence[int]) -> None:
        self._take_prompt_in(cache)
        with self.ledger.on_host("cache", "rearrange"):
            cache.rearrange(source_rows)

    def fetch(self, x: Buffer) -> Array:
        """On the host, [rows, positions, width]."""
        self._launches.run_recorded()
        return x.fetched()


@cached
def causal_mask(case: attention_work.Case) -> DeviceArray:
    """The tensor that hides what comes later, for as many keys as queries."""
    later = np.triu(np.full((case.queries, case.keys), -np.inf, np.float32), 1)
    return attention_work.packed_mask(case, later.astype(BFLOAT16))


def _linear_program(layer: Linear) -> Any:
    residual = "residual" if layer.end == "residual" else None
    return layer.launch("x", "y", residual).program
