"""What the mel kernels read: Hann window times transform, Slaney's filters, and the floor.

A table has 25 parts for as many calls. Part p serves frequencies 4p+1 .. 4p+4 (multiples of 40 Hz)
and their mirrors about 4 kHz, which between them are all that any filter looks at: 0 and 8 kHz have
no weight. Separate from the contracts: this is what is uploaded, they are what is done with it.
"""

import math

import ml_dtypes
import numpy as np
import numpy.typing as npt

from ironbird.base.errors import UsageError

SAMPLE_RATE = 16_000
FRAME_SAMPLES = 400
HOP_SAMPLES = 160
"""25 ms every 10 ms: whisper/audio.py of openai-whisper."""

FREQUENCIES = FRAME_SAMPLES // 2 + 1
MEL_COUNTS = (80, 128)
"""Filters of Whisper's models: 128 since large-v3."""

PARTS = 25
STEPS = FRAME_SAMPLES // 8
UPPER_FRACTION_BITS = 14
LOWER_BITS = 8

LEAST_FEATURE = -1.5
"""That of a power of 1e-10, where openai-whisper clamps: (log10(1e-10) + 4) / 4."""

FLOOR_BELOW_LARGEST = 2.0
"""In features: eight decades of power."""

SMALLEST_STEP = 1 / 128
"""Of int8 features; finer ones would not reach 1."""

_STEP = np.dtype([("upper", "<i2", (2, 2, 4, 4)), ("lower", "i1", (2, 4, 8))])


def part_type(mel_count: int) -> np.dtype[np.void]:
    """One part of a table, 32-byte aligned throughout.

    upper:       [even or odd samples, real or imaginary, sample, frequency] of each step.
    lower:       [even or odd samples, sample, four frequencies real then imaginary].
    parameters:  float [8]: the least feature, steps of int8 in a feature of 1; the rest is 0.
    filters:     bf16 bits [group of four mels, upper or lower part, frequency, mel].
    """
    return np.dtype(
        [
            ("steps", _STEP, STEPS),
            ("parameters", "<f4", 8),
            ("filters", "<u2", (mel_count // 4, 2, 8, 4)),
        ]
    )


def mel_table(
    mel_count: int, *, largest: float = -math.inf, step: float = 1 / 64
) -> npt.NDArray[np.int8]:
    """All parts of a table.

    Shapes  result [PARTS, bytes of a part].
    Units   largest: the largest feature of the whole recording, of which this may be a piece; minus
            infinity where it is not known yet, and then nothing but the clamp at 1e-10 holds.
            step: what one step of an int8 feature stands for.
    Raises  UsageError for a largest of NaN or plus infinity, a step that is too fine or not finite.
    """
    if math.isnan(largest) or largest == math.inf:
        raise UsageError(
            f"the largest feature of the recording is {largest}",
            because="features are floored at 2 below it",
            fix="the maximum of a first run's features, or minus infinity for that first run",
        )
    if not SMALLEST_STEP <= step < math.inf:
        raise UsageError(
            f"a step of int8 features is {step}",
            because=f"features reach 1.6; steps of at least {SMALLEST_STEP} reach 1",
            fix="a step of 1/64, which holds -2 to 1.98",
        )
    table = np.zeros(PARTS, part_type(mel_count))
    transform = np.round(windowed_transform() * 2.0 ** (UPPER_FRACTION_BITS + LOWER_BITS))
    upper, lower = _split(transform.astype(np.int64))
    table["steps"]["upper"] = upper.transpose(4, 1, 3, 0, 2, 5)
    table["steps"]["lower"] = lower.transpose(4, 1, 3, 2, 0, 5).reshape(PARTS, STEPS, 2, 4, 8)
    table["filters"] = _filter_blocks(mel_filters(mel_count))
    table["parameters"][:, 0] = max(LEAST_FEATURE, largest - FLOOR_BELOW_LARGEST)
    table["parameters"][:, 1] = 1 / step
    return table.view(np.int8).reshape(PARTS, -1)


def windowed_transform() -> npt.NDArray[np.float64]:
    """The Hann window times cosine and sine.

    Shapes  result [real or imaginary, sample, frequency 1..100].
    Source  torch.hann_window and torch.stft, as whisper/audio.py calls them.
    """
    frequencies = np.arange(1, 4 * PARTS + 1)
    angle = 2 * np.pi / FRAME_SAMPLES * np.outer(np.arange(FRAME_SAMPLES), frequencies)
    return np.asarray(hann_window()[:, None] * np.stack([np.cos(angle), np.sin(angle)]))


def hann_window() -> npt.NDArray[np.float64]:
    """[FRAME_SAMPLES], periodic: it would go on with its first element, 0."""
    angle = 2 * np.pi / FRAME_SAMPLES * np.arange(FRAME_SAMPLES)
    return np.asarray(0.5 - 0.5 * np.cos(angle))


def mel_filters(mel_count: int) -> npt.NDArray[np.float64]:
    """Triangles of equal area, evenly spaced on Slaney's scale from 0 to 8 kHz.

    Shapes  result [mel_count, FREQUENCIES].
    Units   per Hz: a filter's area is 1 over its width in Hz times 2.
    Source  Slaney, Auditory Toolbox (1998): linear to 1 kHz, 27 steps for a factor of 6.4 above;
            librosa.filters.mel, of which whisper/assets/mel_filters.npz is a result.
    """
    linear_mels, linear_hertz, steps_of_octaves = 15, 1000.0, 27 / math.log(6.4)
    largest = linear_mels + steps_of_octaves * math.log(SAMPLE_RATE / 2 / linear_hertz)
    mels = np.linspace(0, largest, mel_count + 2)
    corners = np.where(
        mels < linear_mels,
        mels * linear_hertz / linear_mels,
        linear_hertz * np.exp((mels - linear_mels) / steps_of_octaves),
    )
    low, peak, high = (corners[first : first + mel_count, None] for first in range(3))
    hertz = np.arange(FREQUENCIES) * SAMPLE_RATE / FRAME_SAMPLES
    rising, falling = (hertz - low) / (peak - low), (high - hertz) / (high - peak)
    return np.asarray(np.maximum(0, np.minimum(rising, falling)) * 2 / (high - low))


def frequencies_of_parts() -> npt.NDArray[np.int64]:
    """[PARTS, 8]: the four frequencies of each part, and their mirrors."""
    frequencies = 1 + np.arange(4 * PARTS).reshape(PARTS, 4)
    return np.concatenate([frequencies, FREQUENCIES - 1 - frequencies], axis=1)


def _split(transform: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], ...]:
    """Multiples of 2^LOWER_BITS and the rest, each [2, STEPS, 4 samples, 2, PARTS, 4]."""
    shaped = transform.reshape(2, STEPS, 4, 2, PARTS, 4)
    upper = (shaped + (1 << LOWER_BITS - 1)) >> LOWER_BITS
    return upper, shaped - (upper << LOWER_BITS)


def _filter_blocks(filters: npt.NDArray[np.float64]) -> npt.NDArray[np.uint16]:
    """[PARTS, groups of four mels, 2, 8, 4]. 4 kHz, its own mirror, is given once."""
    of_parts = filters.T[frequencies_of_parts()]
    of_parts[-1, -1] = 0
    upper = of_parts.astype(ml_dtypes.bfloat16)
    lower = (of_parts - upper.astype(np.float64)).astype(ml_dtypes.bfloat16)
    pairs = np.stack([upper, lower], axis=1).view(np.uint16)
    return pairs.reshape(PARTS, 2, 8, -1, 4).transpose(0, 3, 1, 2, 4)
