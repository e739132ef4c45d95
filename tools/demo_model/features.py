"""Sound to log-mel features as Whisper hears them, in torch, and the distortions of training.

Source: the front end that `openai-whisper` 20250625 documents: 400-sample periodic Hann windows
every 160 samples, 80 Slaney filters up to 8 kHz, log10, floor 8 below the window's maximum.
"""

from functools import cache

import numpy as np
import torch
from torch import Tensor

SAMPLES_PER_SECOND = 16_000
TRANSFORM_SAMPLES = 400
HOP_SAMPLES = 160
FRAMES_PER_SECOND = SAMPLES_PER_SECOND // HOP_SAMPLES
MEL_COUNT = 80

HERTZ_PER_MEL = 200 / 3
FIRST_LOGARITHMIC_HERTZ = 1000.0
LOGARITHMIC_STEP = np.log(6.4) / 27
"""Slaney's scale: linear up to 1 kHz, then 27 steps to 6.4 kHz (Auditory Toolbox, 1998)."""


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
    mel = mel_filters().to(sound.device) @ power
    logarithm = mel.clamp(min=1e-10).log10()
    if colouring is not None:
        logarithm = logarithm + colouring[..., None]
    floor = logarithm.amax((-1, -2), keepdim=True) - 8.0
    return (torch.maximum(logarithm, floor) + 4.0) / 4.0


@cache
def mel_filters() -> Tensor:
    """[80, 201] float32: triangles on Slaney's scale, each of area one."""
    edges = _hertz(np.linspace(_mel(0.0), _mel(SAMPLES_PER_SECOND / 2), MEL_COUNT + 2))
    bins = np.linspace(0.0, SAMPLES_PER_SECOND / 2, TRANSFORM_SAMPLES // 2 + 1)
    rising = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    return torch.from_numpy(
        (triangles * (2.0 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)
    )


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


def _mel(hertz: float) -> float:
    if hertz < FIRST_LOGARITHMIC_HERTZ:
        return hertz / HERTZ_PER_MEL
    first = FIRST_LOGARITHMIC_HERTZ / HERTZ_PER_MEL
    return float(first + np.log(hertz / FIRST_LOGARITHMIC_HERTZ) / LOGARITHMIC_STEP)


def _hertz(mel: np.ndarray) -> np.ndarray:
    first = FIRST_LOGARITHMIC_HERTZ / HERTZ_PER_MEL
    logarithmic = FIRST_LOGARITHMIC_HERTZ * np.exp(LOGARITHMIC_STEP * (mel - first))
    return np.where(mel < first, mel * HERTZ_PER_MEL, logarithmic)
