"""Floor 8: Whisper, from audio to text.

>>> from whisper_pipeline import load_model, transcribe
>>> transcribe("talk.wav", model=load_model("base.en.pt"))["text"]  # doctest: +SKIP
"""

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from whisper_pipeline.audio import load_audio
from whisper_pipeline.host_ops import HostOps
from whisper_pipeline.model import Whisper
from whisper_pipeline.model_files import load_checkpoint
from whisper_pipeline.ops import Array
from whisper_pipeline.speech_model import SpeechModel
from whisper_pipeline.transcription import Listener, transcribe_audio
from whisper_pipeline.transcription_options import TranscriptionOptions

__all__ = ["Listener", "TranscriptionOptions", "load_audio", "load_model", "transcribe"]


def load_model(model: str | Path, *, folder: str | Path | None = None) -> Whisper:
    """A model by path or published name, on the host; `folder` is where named ones lie."""
    return Whisper(load_checkpoint(model, folder=folder), HostOps())


def transcribe(
    audio: str | Path | bytes | BinaryIO | Array,
    model: SpeechModel | str | Path = "turbo",
    *,
    listener: Listener | None = None,
    seed: int = 0,
    **options: Any,
) -> dict[str, Any]:
    """Transcribe audio to openai-whisper's dictionary of `text`, `segments` and `language`.

    audio:   a file of any kind, `-` for standard input, or samples at 16 kHz in float32.
    options: the fields of `TranscriptionOptions`, which are openai-whisper's keywords.
    seed:    of sampling, which begins where the text at temperature 0 is taken for a failure.
    """
    samples = audio if isinstance(audio, np.ndarray) else load_audio(audio)
    loaded = load_model(model) if isinstance(model, str | Path) else model
    transcription_options = TranscriptionOptions(**options)
    return transcribe_audio(loaded, samples, transcription_options, listener=listener, seed=seed)
