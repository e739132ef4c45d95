"""Floor 8: Whisper, from audio to text.

>>> from whisper_pipeline import load_model, transcribe
>>> transcribe("talk.wav", model=load_model("base.en.pt"))["text"]  # doctest: +SKIP
"""

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from whisper_pipeline.audio import checked_samples, load_audio
from whisper_pipeline.devices import DEVICES, load_model
from whisper_pipeline.ops import Array
from whisper_pipeline.report import Report, report_of
from whisper_pipeline.speech_model import SpeechModel
from whisper_pipeline.transcription import (
    Listener,
    features_of,
    language_probabilities,
    transcribe_audio,
)
from whisper_pipeline.transcription_options import TranscriptionOptions

__all__ = [
    "DEVICES",
    "Listener",
    "Report",
    "TranscriptionOptions",
    "detect_language",
    "load_audio",
    "load_model",
    "report_of",
    "transcribe",
]


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
    Raises UsageError for audio, a model or options that cannot be used, ToolError for a package
    that is missing.
    """
    transcription_options = TranscriptionOptions(**options)
    loaded = load_model(model) if isinstance(model, str | Path) else model
    samples = _samples(audio, loaded)
    return transcribe_audio(loaded, samples, transcription_options, listener=listener, seed=seed)


def detect_language(
    audio: str | Path | bytes | BinaryIO | Array, model: SpeechModel | str | Path = "turbo"
) -> dict[str, float]:
    """The probability of each language, by code, in the first 30 s: what `transcribe` goes by.

    Raises UsageError for an English-only model.
    """
    loaded = load_model(model) if isinstance(model, str | Path) else model
    return language_probabilities(loaded, features_of(loaded, _samples(audio, loaded)))


def _samples(audio: str | Path | bytes | BinaryIO | Array, model: SpeechModel) -> Array:
    if isinstance(audio, np.ndarray):
        return checked_samples(audio)
    with model.ledger.on_host("audio", "decoding", "resampling"):
        return load_audio(audio)
