"""What was heard, in the bodies that OpenAI documents."""

import math
from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from whisper_pipeline.languages import LANGUAGES
from whisper_pipeline.server.hearing import Heard
from whisper_pipeline.server.transcription_request import TranscriptionRequest
from whisper_pipeline.writers import as_text

MEDIA_TYPES = {"srt": "text/plain", "vtt": "text/vtt"}


def answer(request: TranscriptionRequest, heard: Heard, device: str) -> Response:
    """The response in the format asked for; headers say where it ran and what was left out."""
    headers = {"X-Ironbird-Device": device}
    if heard.warning is not None:
        line = " ".join(heard.warning.split())
        headers["X-Ironbird-Warning"] = line.encode("ascii", "replace").decode("ascii")
    text = str(heard.result["text"]).strip()
    match request.response_format:
        case "json":
            return JSONResponse({"text": text, **_usage(request, heard)}, headers=headers)
        case "verbose_json":
            return JSONResponse(_verbose(request, heard, text), headers=headers)
        case "text":
            return Response(f"{text}\n", media_type="text/plain", headers=headers)
        case subtitles:
            # Without words, as OpenAI's: one subtitle a segment.
            content = as_text(heard.result, subtitles)
            return Response(content, media_type=MEDIA_TYPES[subtitles], headers=headers)


def _verbose(request: TranscriptionRequest, heard: Heard, text: str) -> dict[str, Any]:
    translates = request.options.task == "translate"
    segments = heard.result["segments"]
    body: dict[str, Any] = {
        "task": request.options.task,
        "language": "english" if translates else LANGUAGES[heard.result["language"]],
        "duration": heard.seconds,
        "text": text,
    }
    if "word" in request.granularities:
        body["words"] = [_word(word) for segment in segments for word in segment["words"]]
    if "segment" in request.granularities:
        body["segments"] = [
            {name: value for name, value in segment.items() if name != "words"}
            for segment in segments
        ]
    return body | _usage(request, heard)


def _word(word: Mapping[str, Any]) -> dict[str, Any]:
    return {"word": word["word"].strip(), "start": word["start"], "end": word["end"]}


def _usage(request: TranscriptionRequest, heard: Heard) -> dict[str, Any]:
    """Whole seconds of audio, which OpenAI states for transcriptions only."""
    if request.options.task == "translate":
        return {}
    return {"usage": {"type": "duration", "seconds": math.ceil(heard.seconds)}}
