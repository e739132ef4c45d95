"""What each layer of our model gives on any ops, and how far it is from openai-whisper's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tools.whisper_goldens.layers import (
    BEAM_SOURCES,
    BEAMS,
    TOKEN_COUNT,
    Recorded,
    Subject,
    sampled,
)
from whisper_pipeline.model import Whisper
from whisper_pipeline.ops import Array, Buffer, Ops, Weights


@dataclass(frozen=True)
class Distance:
    """relative_l2, cosine: of the sampled values; norm: of all values, over the recorded one."""

    relative_l2: float
    cosine: float
    norm: float


class ObservingOps:
    """Hands every op on to other ops, and keeps what ends a layer or a part of one.

    fetch: a buffer of those ops as an array [rows, positions, width].
    """

    def __init__(self, ops: Ops, fetch: Callable[[Buffer], Array]) -> None:
        self._ops = ops
        self._fetch = fetch
        self.kept: list[Buffer] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ops, name)

    def convolve(self, x: Buffer, weights: Weights, **how: Any) -> Buffer:
        return self._keep(self._ops.convolve(x, weights, **how))

    def project(
        self, x: Buffer, weights: Weights, *, gelu: bool = False, residual: Buffer | None = None
    ) -> Buffer:
        result = self._ops.project(x, weights, gelu=gelu, residual=residual)
        return result if residual is None else self._keep(result)

    def logits(self, x: Buffer, weights: Weights) -> Array:
        return self._ops.logits(self._keep(x), weights)

    def fetched(self) -> list[Array]:
        """What was kept, [positions, width] each; not before its launch has ended."""
        return [np.asarray(self._fetch(buffer)[0], np.float32) for buffer in self.kept]

    def _keep(self, buffer: Buffer) -> Buffer:
        self.kept.append(buffer)
        return buffer


def observed_layers(
    subject: Subject, model: Whisper, ops: ObservingOps, fetch: Callable[[Buffer], Array]
) -> dict[str, Array]:
    """Each recorded layer as [positions, channels], of a model laid out on `ops`."""
    ops.kept.clear()
    audio = model.encode(subject.features)
    ending = fetch(audio)[0]
    logits = model.begin(audio, 1, 1).logits(subject.tokens, range(TOKEN_COUNT))[0]
    kept = iter(ops.fetched())
    layers: dict[str, Array] = {}
    for name in subject.layer_names:
        if name in ("encoder.ln_post", "logits"):
            layers[name] = ending if name == "encoder.ln_post" else logits
        elif name != BEAMS:
            for _ in range(_parts(name)):
                layers[name] = next(kept)
    return layers | {BEAMS: logits_after_beams_moved(subject, model, audio)}


def logits_after_beams_moved(subject: Subject, model: Whisper, audio: Buffer) -> Array:
    """[beams, n_vocab], of the token after the change."""
    state = model.begin(audio, 1, len(BEAM_SOURCES))
    state.logits(subject.beams[:, :TOKEN_COUNT], [TOKEN_COUNT - 1])
    state.rearrange(BEAM_SOURCES)
    return state.logits(subject.beams[:, TOKEN_COUNT:], [0])[:, 0]


def distance(found: Array, expected: Recorded) -> Distance:
    samples = sampled(found).astype(np.float64)
    apart = np.linalg.norm(samples - expected.samples)
    norms = np.linalg.norm(samples), np.linalg.norm(expected.samples)
    return Distance(
        relative_l2=float(apart / norms[1]),
        cosine=float(samples @ expected.samples / (norms[0] * norms[1])),
        norm=float(np.linalg.norm(found) / expected.norm),
    )


def _parts(layer: str) -> int:
    """How many results a layer keeps; the last is its own."""
    if layer.startswith("encoder.blocks"):
        return 2
    return 3 if layer.startswith("decoder.blocks") else 1
