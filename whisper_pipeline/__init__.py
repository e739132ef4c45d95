"""Floor 8: Whisper, from audio to text.

>>> from whisper_pipeline import load_model, transcribe
>>> transcribe("talk.wav", model=load_model("base.en.pt"))["text"]  # doctest: +SKIP
"""

from dataclasses import fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from ironbird.base.errors import UsageError
from whisper_pipeline.audio import load_audio
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


OPTION_NAMES = frozenset(field.name for field in fields(TranscriptionOptions))


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
    unknown = sorted(set(options) - OPTION_NAMES)
    if unknown:
        near = get_close_matches(unknown[0], OPTION_NAMES) or sorted(OPTION_NAMES)
        raise UsageError(
            f"transcribe has no option {unknown[0]!r}", fix=f"one of {', '.join(near)}"
        )
    transcription_options = TranscriptionOptions(**options)
    loaded = _loaded(model)
    samples = _samples(audio, loaded)
    return transcribe_audio(loaded, samples, transcription_options, listener=listener, seed=seed)


def detect_language(
    audio: str | Path | bytes | BinaryIO | Array, model: SpeechModel | str | Path = "turbo"
) -> dict[str, float]:
    """The probability of each language, by code, in the first 30 s: what `transcribe` goes by.

    Raises UsageError for an English-only model.
    """
    loaded = _loaded(model)
    return language_probabilities(loaded, features_of(loaded, _samples(audio, loaded)))


def _loaded(model: SpeechModel | str | Path) -> SpeechModel:
    if isinstance(model, str | Path):
        return load_model(model)
    if not hasattr(model, "encode") or not hasattr(model, "ledger"):
        raise UsageError(
            f"the model is a {type(model).__name__}", fix="what load_model returns, or its path"
        )
    return model


def _samples(audio: str | Path | bytes | BinaryIO | Array, model: SpeechModel) -> Array:
    if isinstance(audio, np.ndarray):
        return audio
    with model.ledger.on_host("audio", "decoding", "resampling"):
        return load_audio(audio)
