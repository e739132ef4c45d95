"""Log-mel features of every sound, every 32nd frame, by openai-whisper."""

from pathlib import Path

import numpy as np

from tools.whisper_goldens.sounds import all_sounds

EVERY = 32
MEL_COUNTS = (80, 128)
PADDING_SAMPLES = 8_000


def record(folder: Path) -> None:
    from whisper.audio import log_mel_spectrogram

    np.savez_compressed(
        folder / "log_mel.npz",
        **{
            f"{name}_{mels}": log_mel_spectrogram(sound, mels, padding=PADDING_SAMPLES).numpy()[
                :, ::EVERY
            ]
            for name, sound in all_sounds().items()
            for mels in MEL_COUNTS
            if name != "longer_than_a_window" or mels == MEL_COUNTS[0]
        },
    )
