"""Records what openai-whisper makes of a few sounds, for tests/designs/test_log_mel_design.py.

    pip install torch openai-whisper==20250625
    python -m tools.record_log_mel tests/designs/log_mel.npz

For each sound the file has `NAME.samples`, int16 at 16 kHz, and `NAME.MELS`, what
`whisper.audio.log_mel_spectrogram` gives, transposed to [frames, mels], in int16 steps of 2^-13:
within 6.1e-5, an eightieth of the bar.
"""

import argparse
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt

from designs.log_mel import voice

RECORDED_WITH = "20250625"
STEPS_OF_ONE = 2**13


def sounds() -> dict[str, tuple[npt.NDArray[np.int16], int]]:
    """Samples and the number of mels, by name. None needs more than two passes of the design."""
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    file = parser.parse_args().file
    if (installed := version("openai-whisper")) != RECORDED_WITH:
        parser.error(f"openai-whisper is {installed}; recordings are of {RECORDED_WITH}")
    recorded = {}
    for name, (samples, mel_count) in sounds().items():
        features = openai_log_mel(samples, mel_count)
        recorded[f"{name}.samples"] = samples
        recorded[f"{name}.{mel_count}"] = np.round(features * STEPS_OF_ONE).astype(np.int16)
    np.savez_compressed(file, **recorded)
    print(f"{file}: {len(recorded) // 2} sounds, {file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
