"""Batches of sound to log-mel features, in torch, and the distortions of training.

The features are those of `whisper_pipeline.log_mel`, computed where the training runs.
"""

from functools import cache

import numpy as np
import torch
from torch import Tensor

from whisper_pipeline.log_mel import (
    DYNAMIC_RANGE,
    HOP_SAMPLES,
    LEAST_POWER,
    TRANSFORM_SAMPLES,
    mel_filters,
)

MEL_COUNT = 80


def log_mel(sound: Tensor, colouring: Tensor | None = None) -> Tensor:
    """The features of every sound, as if it filled its window.

    Shapes  sound [batch, samples]; colouring [batch, 80]; result [batch, 80, samples // 160].
    Dtypes  float32.
    Units   sound in -1..1; colouring in factors of ten of power, added to each mel band.
    """
    window = torch.hann_window(TRANSFORM_SAMPLES, device=sound.device)
    spectrum = torch.stft(
        sound, TRANSFORM_SAMPLES, HOP_SAMPLES, window=window, return_complex=True
    )[..., :-1]
    power = torch.view_as_real(spectrum).square().sum(-1)
    mel = _filters(sound.device) @ power
    logarithm = mel.clamp(min=LEAST_POWER).log10()
    if colouring is not None:
        logarithm = logarithm + colouring[..., None]
    floor = logarithm.amax((-1, -2), keepdim=True) - DYNAMIC_RANGE
    return (torch.maximum(logarithm, floor) + 4.0) / 4.0


@cache
def _filters(device: torch.device) -> Tensor:
    return torch.from_numpy(mel_filters(MEL_COUNT).astype(np.float32)).to(device)


def colourings(generator: np.random.Generator, count: int) -> np.ndarray:
    """[count, 80] smooth curves over the mel bands: other microphones, other throats."""
    place = np.linspace(0.0, np.pi, MEL_COUNT)
    waves = np.cos(place * np.arange(1, 6)[:, None])
    amplitudes = generator.normal(0.0, 0.25, (count, len(waves))) / np.arange(1, 6) ** 0.5
    return (amplitudes @ waves).astype(np.float32)


def mask_bands_and_moments(features: Tensor, generator: np.random.Generator) -> None:
    """Blank up to two mel bands and two short moments of every window, in place (SpecAugment).

    Source  arXiv:1904.08779; moments are short because a blanked word could not be transcribed.
    """
    for window in features:
        silence = window.mean()
        for _ in range(generator.integers(0, 3)):
            width = int(generator.integers(1, 13))
            first = int(generator.integers(0, MEL_COUNT - width))
            window[first : first + width] = silence
        for _ in range(generator.integers(0, 3)):
            width = int(generator.integers(1, 9))
            first = int(generator.integers(0, window.shape[-1] - width))
            window[:, first : first + width] = silence
