"""What the server answers: OpenAI's bodies for what openai-whisper would have said."""

import io
import math
import wave
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import whisper_pipeline
from tools.whisper_goldens.scripted_model import ScriptedModel
from whisper_pipeline.audio import AudioWarning
from whisper_pipeline.languages import LANGUAGES
from whisper_pipeline.writers import as_text

pytest.importorskip("fastapi", reason="FastAPI, of the extra `server`, answers")
pytest.importorskip("av", reason="PyAV, of the extra `whisper`, reads the audio")

from live_server import LiveServer, service_of, serving

SEED = 1


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with serving(service_of(ScriptedModel(SEED))) as live:
        yield live


@pytest.fixture(scope="module")
def talk() -> bytes:
    """1.3 s."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(16_000)
        noise = np.random.default_rng(0).integers(-9_000, 9_000, 20_800)
        writer.writeframes(noise.astype(np.int16).tobytes())
    return file.getvalue()


def heard(talk: bytes, **options: Any) -> dict[str, Any]:
    return whisper_pipeline.transcribe(talk, ScriptedModel(SEED), **options)


def test_text_in_every_format(server: LiveServer, talk: bytes) -> None:
    result = heard(talk, language="de", initial_prompt="Hello.", temperature=0.4)
    asked = [("model", "small"), ("language", "de"), ("prompt", "Hello."), ("temperature", "0.4")]
    text, bodies, kinds = result["text"].strip(), {}, {}
    assert text
    for response_format in ("json", "verbose_json", "text", "srt", "vtt"):
        reply = server.transcribe(talk, [*asked, ("response_format", response_format)])
        assert (reply.status, reply.headers["X-Ironbird-Device"]) == (200, "host")
        kinds[response_format] = reply.headers["Content-Type"]
        is_json = kinds[response_format] == "application/json"
        bodies[response_format] = reply.json if is_json else reply.content.decode()
    usage = {"type": "duration", "seconds": 2}
    assert bodies == {
        "json": {"text": text, "usage": usage},
        "verbose_json": {
            "task": "transcribe",
            "language": "german",
            "duration": 1.3,
            "text": text,
            "segments": result["segments"],
            "usage": usage,
        },
        "text": f"{text}\n",
        "srt": as_text(result, "srt"),
        "vtt": as_text(result, "vtt"),
    }
    assert kinds == {
        "json": "application/json",
        "verbose_json": "application/json",
        "text": "text/plain; charset=utf-8",
        "srt": "text/plain; charset=utf-8",
        "vtt": "text/vtt; charset=utf-8",
    }


@pytest.mark.parametrize("granularities", [("word",), ("word", "segment")])
def test_word_times(server: LiveServer, talk: bytes, granularities: tuple[str, ...]) -> None:
    asked = [("timestamp_granularities[]", granularity) for granularity in granularities]
    reply = server.transcribe(
        talk, [("model", "whisper-1"), ("response_format", "verbose_json"), *asked]
    )
    result = heard(talk, word_timestamps=True)
    words = [word for segment in result["segments"] for word in segment["words"]]
    assert words
    segments = [
        {name: value for name, value in segment.items() if name != "words"}
        for segment in result["segments"]
    ]
    assert reply.json == {
        "task": "transcribe",
        "language": LANGUAGES[result["language"]],
        "duration": 1.3,
        "text": result["text"].strip(),
        "words": [
            {"word": word["word"].strip(), "start": word["start"], "end": word["end"]}
            for word in words
        ],
        **({"segments": segments} if "segment" in granularities else {}),
        "usage": {"type": "duration", "seconds": math.ceil(1.3)},
    }


def test_translations(server: LiveServer, talk: bytes) -> None:
    result = heard(talk, task="translate")
    asked = [("model", "small"), ("response_format", "verbose_json")]
    assert server.transcribe(talk, asked, "translation").json == {
        "task": "translate",
        "language": "english",
        "duration": 1.3,
        "text": result["text"].strip(),
        "segments": result["segments"],
    }
    reply = server.transcribe(talk, task="translation")
    assert reply.json == {"text": result["text"].strip()}


def test_audio_that_is_heard_in_part_says_so(server: LiveServer, talk: bytes) -> None:
    """A file that lost its end."""
    import av

    flac = io.BytesIO()
    with av.open(io.BytesIO(talk)) as source, av.open(flac, "w", format="flac") as target:
        stream = target.add_stream("flac", rate=16_000)
        for frame in source.decode(audio=0):
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    damaged = flac.getvalue()[: flac.tell() * 2 // 3]
    with pytest.warns(AudioWarning) as noted:
        result = heard(damaged)
    reply = server.transcribe(damaged)
    assert reply.json["text"] == result["text"].strip()
    assert reply.headers["X-Ironbird-Warning"] == " ".join(str(noted[0].message).split())


def test_models(server: LiveServer) -> None:
    small, whisper_1 = (
        {"id": name, "object": "model", "created": 7, "owned_by": "ironbird"}
        for name in ("small", "whisper-1")
    )
    assert server.ask("GET", "/v1/models").json == {"object": "list", "data": [small, whisper_1]}
    assert server.ask("GET", "/v1/models/whisper-1").json == whisper_1
    reply = server.ask("GET", "/v1/models/openai/whisper-large")
    assert (reply.status, reply.json) == (
        404,
        {
            "error": {
                "message": "The model 'openai/whisper-large' does not exist here; 'small' does.",
                "type": "invalid_request_error",
                "param": "model",
                "code": "model_not_found",
            }
        },
    )


def test_health(server: LiveServer) -> None:
    reply = server.ask("GET", "/health")
    assert reply.status == 200
    assert reply.json == {
        "status": "ready",
        "model": "small",
        "device": "host",
        "runs": "on paper",
        "requests": 0,
        "requests_waiting": 0,
        "requests_running": 0,
        "queue_length": 128,
    }
    brief = server.ask("HEAD", "/health")
    assert (brief.status, brief.content) == (200, b"")


@pytest.mark.parametrize(
    ("method", "path", "status", "message", "code"),
    [
        ("GET", "/v1/audio/speech", 404, "Invalid URL (GET /v1/audio/speech)", None),
        ("GET", "/docs", 404, "Invalid URL (GET /docs)", None),
        ("GET", "/health/", 404, "Invalid URL (GET /health/)", None),
        (
            *("GET", "/v1/audio/translations", 405),
            *("Not allowed to GET on /v1/audio/translations", "method_not_supported"),
        ),
    ],
)
def test_unknown_routes(
    server: LiveServer, method: str, path: str, status: int, message: str, code: str | None
) -> None:
    reply = server.ask(method, path)
    kind = "invalid_request_error"
    assert (reply.status, reply.json) == (
        status,
        {"error": {"message": message, "type": kind, "param": None, "code": code}},
    )
