"""What a whole model with random weights hears in 35 s of sound, by openai-whisper."""

import json
from pathlib import Path
from typing import Any

from tools.whisper_goldens.random_model import random_checkpoint, small_dimensions
from tools.whisper_goldens.sounds import Sound, speech_like
from whisper_pipeline.checkpoint import Checkpoint

FILE = "heard.json"
OPTIONS: dict[str, Any] = {
    "sample_len": 14,
    "temperature": (0.0, 0.6),
    "word_timestamps": True,
    "no_speech_threshold": None,
}


def model_and_sound() -> tuple[Checkpoint, Sound]:
    return random_checkpoint(small_dimensions(), seed=4), speech_like(35)


def openai_hears() -> dict[str, Any]:
    from tools.whisper_goldens.openai_stand_in import shared_chance
    from tools.whisper_goldens.torch_model import torch_model

    checkpoint, sound = model_and_sound()
    with shared_chance(0):
        return dict(torch_model(checkpoint).transcribe(sound, fp16=False, **OPTIONS))


def record(folder: Path) -> None:
    (folder / FILE).write_text(json.dumps(openai_hears()) + "\n")
