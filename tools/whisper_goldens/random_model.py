"""Whisper models with random weights, the same on every machine."""

import numpy as np

from whisper_pipeline.checkpoint import Checkpoint, Tensor
from whisper_pipeline.dimensions import ModelDimensions, tensor_shapes


def small_dimensions(vocabulary: int = 51865, mel_count: int = 80) -> ModelDimensions:
    """A model of 2 + 2 layers, 64 wide."""
    return ModelDimensions(mel_count, 1500, 64, 2, 2, vocabulary, 448, 64, 2, 2)


TINY = ModelDimensions(80, 1500, 384, 6, 4, 51865, 448, 384, 6, 4)
BASE = ModelDimensions(80, 1500, 512, 8, 6, 51865, 448, 512, 8, 6)


def random_checkpoint(dimensions: ModelDimensions, *, seed: int = 0) -> Checkpoint:
    """Weights that keep activations near 1, gains near 1, and logits spread over a few units."""
    draw = np.random.default_rng(seed)
    tensors: dict[str, Tensor] = {}
    for name, shape in tensor_shapes(dimensions).items():
        if name == "encoder.positional_embedding":
            continue
        values = draw.standard_normal(shape, np.float32)
        if name.endswith(("positional_embedding", ".bias")):
            values *= 0.1
        elif name.endswith("token_embedding.weight"):
            values *= 2 / np.sqrt(shape[1])
        elif len(shape) == 1:
            values = 1 + values * np.float32(0.1)
        else:
            values /= np.sqrt(np.prod(shape[1:]))
        tensors[name] = np.asarray(values, np.float32)
    return Checkpoint(dimensions, tensors, source="a random model")


def random_features(dimensions: ModelDimensions, row_count: int) -> Tensor:
    """Windows of features in the range of real ones."""
    draw = np.random.default_rng(1)
    shape = (row_count, dimensions.n_mels, 2 * dimensions.n_audio_ctx)
    return np.asarray(draw.uniform(-1, 1, shape), np.float32)


def random_tokens(dimensions: ModelDimensions, row_count: int, count: int) -> Tensor:
    return np.random.default_rng(2).integers(0, dimensions.n_vocab, (row_count, count))
