"""A model's weights in memory, whatever file they came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt

from ironbird.base.errors import UsageError
from whisper_pipeline.dimensions import ModelDimensions, tensor_shapes

Tensor = npt.NDArray[np.generic]
HeadPlaces = tuple[tuple[int, int], ...]
"""(layer, head) of the decoder."""

POSITIONS = "encoder.positional_embedding"

WEIGHT_TYPES = tuple(map(np.dtype, (np.float16, ml_dtypes.bfloat16, np.float32, np.float64)))


@dataclass(frozen=True)
class Checkpoint:
    """The tensors of a model, each of the shape that the dimensions imply.

    tensors:         by openai-whisper's names, of `WEIGHT_TYPES`. The encoder's positions may be
                     absent: they are sinusoids.
    alignment_heads: cross-attention heads that follow the words in time, or None: then all heads
                     of the later half of the layers are taken, as openai-whisper does.
    source:          where the weights came from, for messages.
    """

    dimensions: ModelDimensions
    tensors: Mapping[str, Tensor]
    alignment_heads: HeadPlaces | None = None
    source: str = "the model"

    def __post_init__(self) -> None:
        # Dimensions may claim what no memory holds, so nothing is made by them that is not there.
        layer_count = self.dimensions.n_audio_layer + self.dimensions.n_text_layer
        if layer_count > len(self.tensors):
            raise UsageError(
                f"{self.source} does not hold the tensors of its dimensions",
                because=f"it holds {len(self.tensors)} tensors for {layer_count} layers",
            )
        expected = tensor_shapes(self.dimensions)
        missing = sorted(set(expected) - set(self.tensors) - {POSITIONS})
        foreign = sorted(set(self.tensors) - set(expected))
        if missing or foreign:
            raise UsageError(
                f"{self.source} does not hold the tensors of its dimensions",
                because=f"missing: {listed(missing)}; not of a Whisper model: {listed(foreign)}",
            )
        for name, tensor in self.tensors.items():
            if tensor.shape != expected[name]:
                raise UsageError(
                    f"{self.source}: the tensor {name} has the wrong shape",
                    because=f"it is {list(tensor.shape)}; "
                    f"the dimensions imply {list(expected[name])}",
                )
            if tensor.dtype not in WEIGHT_TYPES:
                raise UsageError(
                    f"{self.source}: the tensor {name} is of {tensor.dtype}",
                    because=f"weights are of {', '.join(map(str, WEIGHT_TYPES))}",
                )
        layers, heads = range(self.dimensions.n_text_layer), range(self.dimensions.n_text_head)
        for layer, head in self.alignment_heads or ():
            if layer not in layers or head not in heads:
                raise UsageError(
                    f"{self.source}: the alignment head {head} of layer {layer} does not exist",
                    because=f"the decoder has {len(layers)} layers of {len(heads)} heads",
                )
        if POSITIONS not in self.tensors:
            whole = {POSITIONS: sinusoids(self.dimensions), **self.tensors}
            object.__setattr__(self, "tensors", whole)

    def array(self, name: str) -> npt.NDArray[np.float32]:
        """One tensor in float32. Raises UsageError for numbers that are not finite there."""
        with np.errstate(over="ignore"):
            array = np.asarray(self.tensors[name], np.float32)
        lost = array.size - np.count_nonzero(np.isfinite(array))
        if lost:
            raise UsageError(
                f"{self.source}: the tensor {name} is damaged",
                because=f"{lost} of its {array.size} numbers are not finite",
            )
        return array

    @property
    def timing_heads(self) -> HeadPlaces:
        """The heads to take word times from."""
        if self.alignment_heads is not None:
            return self.alignment_heads
        layers, heads = self.dimensions.n_text_layer, self.dimensions.n_text_head
        return tuple((layer, head) for layer in range(layers // 2, layers) for head in range(heads))


def head_places(stated: Any, source: str) -> HeadPlaces | None:
    """The alignment heads that a file states, as pairs in a list; None where it states none.

    Raises UsageError, which begins with `source`, for anything else.
    """
    if stated in (None, []):
        return None
    if not isinstance(stated, list) or not all(map(_is_place, stated)):
        raise UsageError(
            f"{source} does not state alignment heads",
            because=f"they are {_shortened(repr(stated))}; each is a pair of layer and head",
        )
    return tuple((layer, head) for layer, head in stated)


def _is_place(stated: Any) -> bool:
    return isinstance(stated, list) and [type(number) for number in stated] == [int, int]


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:60]}..."


def sinusoids(dimensions: ModelDimensions) -> npt.NDArray[np.float32]:
    """The encoder's positions, [n_audio_ctx, n_audio_state]: sines, then cosines.

    The wavelengths grow from 2 pi to 10,000 * 2 pi positions. Source: arXiv:1706.03762, 3.5.
    """
    half = dimensions.n_audio_state // 2
    step = np.log(10_000) / (half - 1)
    rates = np.exp(np.float32(-step) * np.arange(half, dtype=np.float32))
    angles = np.arange(dimensions.n_audio_ctx, dtype=np.float32)[:, None] * rates
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)


def listed(names: list[str]) -> str:
    """The first of many names, for messages."""
    shown = ", ".join(names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown or "-"
