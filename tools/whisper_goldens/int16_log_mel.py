"""Log-mel features of short int16 recordings, all of them, by openai-whisper.

For each sound `NAME.samples`, int16 at 16 kHz, and `NAME.MELS`: the features transposed to
[frames, mels], in int16 steps of 2^-13, which is within 6.1e-5, an eightieth of the designs' bar.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from designs.log_mel import voice

FILE = "int16_log_mel.npz"
STEPS_OF_ONE = 2**13


def record(folder: Path) -> None:
    recorded = {}
    for name, (samples, mel_count) in recordings().items():
        features = openai_log_mel(samples, mel_count)
        recorded[f"{name}.samples"] = samples
        recorded[f"{name}.{mel_count}"] = np.round(features * STEPS_OF_ONE).astype(np.int16)
    np.savez_compressed(folder / FILE, **recorded)


def recordings() -> dict[str, tuple[npt.NDArray[np.int16], int]]:
    """Samples and the number of mels, by name; short, for a simulated array to run."""
    rng = np.random.default_rng(11)
    seconds = np.arange(3_200) / 16_000
    sine = np.round(0.9 * 2**15 * np.sin(2 * np.pi * 1013.7 * seconds)).astype(np.int16)
    clipped = np.clip(np.round(2**16 * rng.standard_normal(3_200)), -(2**15), 2**15 - 1)
    return {
        "speech": (voice(rng, 6_400), 80),
        "speech_128": (voice(rng, 10_560), 128),
        "silence": (np.zeros(8_000, np.int16), 80),
        "sine": (sine, 80),
        "clipped_noise": (clipped.astype(np.int16), 80),
        "tenth_of_a_second": (voice(rng, 1_600), 80),
    }


def openai_log_mel(samples: npt.NDArray[np.int16], mel_count: int) -> npt.NDArray[np.float32]:
    """[frames, mels], from the installed package."""
    import torch
    from whisper.audio import log_mel_spectrogram

    features = log_mel_spectrogram(torch.from_numpy(samples / np.float32(2**15)), mel_count)
    return np.ascontiguousarray(features.numpy().T)
