"""Whisper models with random weights, the same on every machine, drawn tensor by tensor.

Each tensor's seed is made of the model's seed and the tensor's name. Random weights have no channel
that stands out, which real ones do and which narrow types suffer from: `outlier_channel` gives the
model one.
"""

import zlib

import numpy as np

from whisper_pipeline.checkpoint import POSITIONS, Checkpoint, Tensor
from whisper_pipeline.dimensions import ModelDimensions, tensor_shapes


def small_dimensions(vocabulary: int = 51865, mel_count: int = 80) -> ModelDimensions:
    """A model of 2 + 2 layers, 64 wide."""
    return ModelDimensions(mel_count, 1500, 64, 2, 2, vocabulary, 448, 64, 2, 2)


TINY = ModelDimensions(80, 1500, 384, 6, 4, 51865, 448, 384, 6, 4)
BASE = ModelDimensions(80, 1500, 512, 8, 6, 51865, 448, 512, 8, 6)

OUTLIER_CHANNEL = 7
OUTLIER_FACTOR = np.float32(50)
WRITERS = ("encoder.conv2", "attn.out", "mlp.2")
"""Ends of the names, before `.weight` or `.bias`, of what adds to a residual stream."""


def random_checkpoint(
    dimensions: ModelDimensions, *, seed: int = 0, outlier_channel: bool = False
) -> Checkpoint:
    """Weights that keep activations near 1, gains near 1, and logits spread over a few units.

    outlier_channel: all that layers add to one channel of the residual streams is 50 times as
                     large as what they add to the others.
    """
    tensors = {
        name: _drawn(name, shape, seed)
        for name, shape in tensor_shapes(dimensions).items()
        if name != POSITIONS
    }
    for name in filter(_writes_residuals, tensors if outlier_channel else ()):
        tensors[name][OUTLIER_CHANNEL] *= OUTLIER_FACTOR
    return Checkpoint(dimensions, tensors, source="a random model")


def random_features(dimensions: ModelDimensions, row_count: int) -> Tensor:
    """Windows of features in the range of real ones."""
    draw = np.random.default_rng(1)
    shape = (row_count, dimensions.n_mels, 2 * dimensions.n_audio_ctx)
    return np.asarray(draw.uniform(-1, 1, shape), np.float32)


def random_tokens(dimensions: ModelDimensions, row_count: int, count: int) -> Tensor:
    return np.random.default_rng(2).integers(0, dimensions.n_vocab, (row_count, count))


def _drawn(name: str, shape: tuple[int, ...], seed: int) -> Tensor:
    draw = np.random.default_rng([seed, zlib.crc32(name.encode("ascii"))])
    values = draw.standard_normal(shape, np.float32)
    if name.endswith(("positional_embedding", ".bias")):
        values *= np.float32(0.1)
    elif name.endswith("token_embedding.weight"):
        values *= np.float32(2 / np.sqrt(shape[1]))
    elif len(shape) == 1:
        values *= np.float32(0.1)
        values += 1
    else:
        values /= np.float32(np.sqrt(np.prod(shape[1:])))
    return values


def _writes_residuals(name: str) -> bool:
    return name.rpartition(".")[0].endswith(WRITERS)
