"""Sounds made by formula, the same on every machine: what front ends are compared on."""

import numpy as np
import numpy.typing as npt

RATE = 16_000

Sound = npt.NDArray[np.float32]


def speech_like(seconds: float) -> Sound:
    """A gliding voice of five harmonics that swells and fades, over faint noise."""
    times = np.arange(int(seconds * RATE)) / RATE
    glide = times * (1 + 0.05 * np.sin(5 * times))
    voice = sum(
        np.sin(2 * np.pi * hertz * glide) / place
        for place, hertz in enumerate((120, 240, 480, 1200, 2500), start=1)
    )
    noise = np.random.default_rng(0).normal(0, 1e-3, times.shape)
    return np.asarray(0.3 * voice * np.abs(np.sin(3 * times)) + noise, np.float32)


def all_sounds() -> dict[str, Sound]:
    """By name: speech-like, silence, a sine, clipped noise, 0.1 s, 31 s."""
    times = np.arange(3 * RATE) / RATE
    noise = np.random.default_rng(1).normal(0, 2, 3 * RATE)
    return {
        "speech_like": speech_like(5),
        "silence": np.zeros(RATE, np.float32),
        "sine": np.asarray(0.5 * np.sin(2 * np.pi * 440 * times), np.float32),
        "clipped_noise": np.asarray(np.clip(noise, -1, 1), np.float32),
        "tenth_of_a_second": speech_like(0.1),
        "longer_than_a_window": speech_like(31),
    }
