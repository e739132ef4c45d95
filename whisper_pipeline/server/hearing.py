"""An uploaded file and options to what was heard in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from ironbird.base.errors import UsageError
from whisper_pipeline.audio import audio_and_damage
from whisper_pipeline.log_mel import SAMPLE_RATE
from whisper_pipeline.server.api_error import ApiError
from whisper_pipeline.speech_model import SpeechModel
from whisper_pipeline.transcription import Listener, transcribe_audio
from whisper_pipeline.transcription_options import TranscriptionOptions


@dataclass(frozen=True)
class Heard:
    """result:  openai-whisper's dictionary.
    seconds: of the audio.
    warning: why a part of the audio could not be heard.
    """

    result: Mapping[str, Any]
    seconds: float
    warning: str | None = None


def hear(
    model: SpeechModel,
    file: BinaryIO,
    options: TranscriptionOptions,
    listener: Listener,
    *,
    longest_seconds: float,
) -> Heard | ApiError:
    """What the file says; ApiError where it is not audio, or the model cannot do what is asked."""
    try:
        samples, damage = audio_and_damage(file.read(), longest_seconds=longest_seconds)
    except UsageError as error:
        return ApiError(400, str(error), param="file")
    try:
        result = transcribe_audio(model, samples, options, listener=listener)
    except UsageError as error:
        return ApiError(400, str(error))
    return Heard(result, len(samples) / SAMPLE_RATE, "; ".join(damage) or None)
