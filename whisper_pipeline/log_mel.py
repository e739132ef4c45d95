"""Audio to log-mel features on the host, as Whisper was trained on them.

The floor is 8 below the loudest bin of the *whole* audio, so the features of a window depend on
the file it comes from; a file's features are therefore made once, before it is cut into windows.
"""

import numpy as np
import numpy.typing as npt

SAMPLE_RATE = 16_000
"""Samples a second."""

TRANSFORM_SAMPLES = 400
HOP_SAMPLES = 160
FRAMES_PER_SECOND = SAMPLE_RATE // HOP_SAMPLES
WINDOW_SECONDS = 30
WINDOW_SAMPLES = WINDOW_SECONDS * SAMPLE_RATE
WINDOW_FRAMES = WINDOW_SECONDS * FRAMES_PER_SECOND

FRAMES_AT_ONCE = 6000
"""One minute; bounds the memory of the transform, 400 doubles a frame."""

LEAST_POWER = 1e-10
DYNAMIC_RANGE = 8.0
"""In powers of ten."""

Features = npt.NDArray[np.float32]


def log_mel(
    audio: npt.NDArray[np.float32], mel_count: int, *, padding_samples: int = 0
) -> Features:
    """Log-mel features of `audio`, followed by `padding_samples` of silence.

    Shapes  audio [samples]; result [mel_count, (samples + padding_samples) // 160].
    Dtypes  float32 in and out; the transform in float64.
    Units   samples at 16 kHz in -1..1; result (log10 of power + 4) / 4, over a range of 2.
    Errors  within 1e-4 of openai-whisper, whose transform is float32.
    Source  openai-whisper 20250625, behaviour of `log_mel_spectrogram`: frames of 400 samples
            under a periodic Hann window, centred, reflected at the ends, the last one dropped.
    """
    padded = np.pad(audio, (0, padding_samples))
    frame_count = len(padded) // HOP_SAMPLES
    reflected = _reflect(padded, TRANSFORM_SAMPLES // 2)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(TRANSFORM_SAMPLES) / TRANSFORM_SAMPLES)
    filters = mel_filters(mel_count)
    result = np.empty((mel_count, frame_count), np.float32)
    for first in range(0, frame_count, FRAMES_AT_ONCE):
        last = min(first + FRAMES_AT_ONCE, frame_count)
        samples = reflected[first * HOP_SAMPLES : (last - 1) * HOP_SAMPLES + TRANSFORM_SAMPLES]
        frames = np.lib.stride_tricks.sliding_window_view(samples, TRANSFORM_SAMPLES)[::HOP_SAMPLES]
        spectrum = np.fft.rfft(frames * window)
        power = spectrum.real**2 + spectrum.imag**2
        result[:, first:last] = np.log10(np.maximum(filters @ power.T, LEAST_POWER))
    loudest = result.max(initial=np.log10(LEAST_POWER))
    np.maximum(result, loudest - DYNAMIC_RANGE, out=result)
    result += 4
    result /= 4
    return result


def window_of(features: Features, first_frame: int, frame_count: int) -> Features:
    """`frame_count` frames from `first_frame`, filled up with zeros to a window of 3,000.

    The filling is 0.0, which is not the floor of silence; that is what Whisper was trained on.
    """
    cut = features[:, first_frame : first_frame + min(frame_count, WINDOW_FRAMES)]
    return np.pad(cut, ((0, 0), (0, WINDOW_FRAMES - cut.shape[1])))


def mel_filters(mel_count: int) -> npt.NDArray[np.float64]:
    """Triangles of equal area on Slaney's mel scale from 0 to 8 kHz, [mel_count, 201].

    Source  Malcolm Slaney, "Auditory Toolbox" (1998): linear below 1 kHz at 66.67 Hz a mel,
            above it 27 mels for a factor of 6.4; each triangle is scaled to area 1.
    """
    bins = np.arange(TRANSFORM_SAMPLES // 2 + 1) * (SAMPLE_RATE / TRANSFORM_SAMPLES)
    highest = _hertz_to_mel(SAMPLE_RATE / 2)
    corners = _mel_to_hertz(np.linspace(0, highest, mel_count + 2))
    low, peak, high = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    triangles = np.minimum((bins - low) / (peak - low), (high - bins) / (high - peak))
    areas = 2 / (high - low)
    return np.asarray(np.maximum(triangles, 0) * areas)


HERTZ_PER_LINEAR_MEL = 200 / 3
FIRST_LOG_HERTZ = 1000
FIRST_LOG_MEL = FIRST_LOG_HERTZ / HERTZ_PER_LINEAR_MEL
LOG_STEP = np.log(6.4) / 27


def _hertz_to_mel(hertz: float) -> float:
    """For frequencies above 1 kHz."""
    return float(FIRST_LOG_MEL + np.log(hertz / FIRST_LOG_HERTZ) / LOG_STEP)


def _mel_to_hertz(mel: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    logarithmic = FIRST_LOG_HERTZ * np.exp(LOG_STEP * (mel - FIRST_LOG_MEL))
    return np.where(mel < FIRST_LOG_MEL, HERTZ_PER_LINEAR_MEL * mel, logarithmic)


def _reflect(samples: npt.NDArray[np.float32], width: int) -> npt.NDArray[np.float32]:
    """Mirror `width` samples at both ends; audio shorter than that is followed by silence first."""
    if len(samples) <= width:
        samples = np.pad(samples, (0, width + 1 - len(samples)))
    return np.pad(samples, width, mode="reflect")
