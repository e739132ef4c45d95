"""A model's weights in memory, whatever file they came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ironbird.base.errors import UsageError
from whisper_pipeline.dimensions import ModelDimensions, tensor_shapes

Tensor = npt.NDArray[np.generic]
HeadPlaces = tuple[tuple[int, int], ...]
"""(layer, head) of the decoder."""

POSITIONS = "encoder.positional_embedding"


@dataclass(frozen=True)
class Checkpoint:
    """The tensors of a model, each of the shape that the dimensions imply.

    tensors:         by openai-whisper's names, of any floating type. The encoder's positions may
                     be absent: they are sinusoids.
    alignment_heads: cross-attention heads that follow the words in time, or None: then all heads
                     of the later half of the layers are taken, as openai-whisper does.
    source:          where the weights came from, for messages.
    """

    dimensions: ModelDimensions
    tensors: Mapping[str, Tensor]
    alignment_heads: HeadPlaces | None = None
    source: str = "the model"

    def __post_init__(self) -> None:
        expected = tensor_shapes(self.dimensions)
        present = {POSITIONS: sinusoids(self.dimensions)} | dict(self.tensors)
        missing, foreign = (
            sorted(set(expected) - set(present)),
            sorted(set(present) - set(expected)),
        )
        if missing or foreign:
            raise UsageError(
                f"{self.source} does not hold the tensors of its dimensions",
                because=f"missing: {_listed(missing)}; not of a Whisper model: {_listed(foreign)}",
            )
        for name, shape in expected.items():
            found = present[name].shape
            if found != shape:
                raise UsageError(
                    f"{self.source}: the tensor {name} has the wrong shape",
                    because=f"it is {list(found)}; the dimensions imply {list(shape)}",
                )
        for layer, head in self.alignment_heads or ():
            layers, heads = self.dimensions.n_text_layer, self.dimensions.n_text_head
            if not (0 <= layer < layers and 0 <= head < heads):
                raise UsageError(
                    f"{self.source}: the alignment head {head} of layer {layer} does not exist",
                    because=f"the decoder has {layers} layers of {heads} heads",
                )
        object.__setattr__(self, "tensors", present)

    def array(self, name: str) -> npt.NDArray[np.float32]:
        """One tensor in float32."""
        return np.asarray(self.tensors[name], np.float32)

    @property
    def timing_heads(self) -> HeadPlaces:
        """The heads to take word times from."""
        if self.alignment_heads is not None:
            return self.alignment_heads
        layers, heads = self.dimensions.n_text_layer, self.dimensions.n_text_head
        return tuple((layer, head) for layer in range(layers // 2, layers) for head in range(heads))


def head_places(listed: Any, source: str) -> HeadPlaces | None:
    """The alignment heads that a file lists as pairs; None where it lists none."""
    pairs = listed or []
    if not isinstance(pairs, list) or not all(map(_is_place, pairs)):
        raise UsageError(
            f"{source}: its alignment heads are not pairs of a layer and a head",
            because=f"it lists {listed!r}",
        )
    return tuple((layer, head) for layer, head in pairs) or None


def _is_place(pair: Any) -> bool:
    is_pair = isinstance(pair, list) and len(pair) == 2
    return is_pair and all(type(number) is int for number in pair)


def sinusoids(dimensions: ModelDimensions) -> npt.NDArray[np.float32]:
    """The encoder's positions, [n_audio_ctx, n_audio_state]: sines, then cosines.

    The wavelengths grow from 2 pi to 10,000 * 2 pi positions. Source: arXiv:1706.03762, 3.5.
    """
    half = dimensions.n_audio_state // 2
    step = np.log(10_000) / (half - 1)
    rates = np.exp(np.float32(-step) * np.arange(half, dtype=np.float32))
    angles = np.arange(dimensions.n_audio_ctx, dtype=np.float32)[:, None] * rates
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown or "-"
