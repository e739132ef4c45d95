"""Bodies that are no form, or no form of ours: each is refused in OpenAI's shape, none is stuck."""

import io
import re
import wave
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.whisper_goldens.scripted_model import ScriptedModel

pytest.importorskip("fastapi", reason="FastAPI, of the extra `server`, answers")
pytest.importorskip("av", reason="PyAV, of the extra `whisper`, reads the audio")

from live_server import BOUNDARY, CONTENT_TYPE, LiveServer, form, reply_over, service_of, serving

from whisper_pipeline.server.upload import UploadLimits

LARGEST_BYTES = 200_000
URL = "/v1/audio/transcriptions"
MODEL = [("model", "small")]


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    limits = UploadLimits(largest_bytes=LARGEST_BYTES, longest_audio_seconds=1.0)
    with serving(service_of(ScriptedModel(1), limits=limits)) as live:
        yield live
        live.until(requests_waiting=0, requests_running=0)


def refusal(message: str, *, param: str | None = None) -> dict[str, Any]:
    kind = "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": param, "code": None}}


WHOLE = form(b"sound", MODEL)
TOO_LARGE = form(bytes(LARGEST_BYTES), MODEL)
CANNOT = "The multipart body cannot be read: "


BROKEN_OFF = refusal("The multipart body breaks off: its last boundary is missing.")
NO_FILE = refusal("You must provide an audio file.", param="file")
REFUSED: Mapping[str, tuple[str, bytes, int, dict[str, Any]]] = {
    "JSON": (
        *("application/json", b"{}", 415),
        refusal("The content type is 'application/json'; it must be multipart/form-data."),
    ),
    "no content type": (
        *("", b"", 415),
        refusal("The content type is ''; it must be multipart/form-data."),
    ),
    "a charset": (
        *(f"{CONTENT_TYPE}; charset=unicode_escape", WHOLE, 415),
        refusal("The charset is 'unicode_escape'; it must be utf-8."),
    ),
    "no boundary": (
        *("multipart/form-data", WHOLE, 400),
        refusal(f"{CANNOT}Missing boundary in multipart."),
    ),
    "another boundary": (
        *("multipart/form-data; boundary=other", WHOLE, 400),
        refusal(f"{CANNOT}Invalid multipart data."),
    ),
    "cut in a part's headers": (CONTENT_TYPE, WHOLE[:-30], 400, BROKEN_OFF),
    "cut in the file": (CONTENT_TYPE, WHOLE[:-20], 400, BROKEN_OFF),
    "no body": (CONTENT_TYPE, b"", 400, BROKEN_OFF),
    "many fields": (
        *(CONTENT_TYPE, form(b"", [("n", "1")] * 33), 400),
        refusal(f"{CANNOT}Too many fields. Maximum number of fields is 32."),
    ),
    "a large field": (
        *(CONTENT_TYPE, form(b"", [("prompt", "long" * 20_000)]), 400),
        refusal(f"{CANNOT}Part exceeded maximum size of 64KB."),
    ),
    "two files": (
        *(CONTENT_TYPE, form(b"", [])[: -len(BOUNDARY) - 6] + form(b"", MODEL), 400),
        refusal(f"{CANNOT}Too many files. Maximum number of files is 1."),
    ),
    "no file": (CONTENT_TYPE, form(None, MODEL), 400, NO_FILE),
    "a file's name only": (CONTENT_TYPE, form(None, [*MODEL, ("file", "a name")]), 400, NO_FILE),
    "an empty file": (
        *(CONTENT_TYPE, form(b"", MODEL), 400),
        refusal("the audio is empty\n  because: it has 0 bytes", param="file"),
    ),
    "not audio": (
        *(CONTENT_TYPE, form(b"not audio at all", MODEL), 400),
        refusal(
            "the audio is not audio that can be read\n"
            "  because: Invalid data found when processing input",
            param="file",
        ),
    ),
    "too large": (
        *(CONTENT_TYPE, TOO_LARGE, 413),
        refusal(f"Maximum content size limit (200000) exceeded ({len(TOO_LARGE)} bytes)."),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(server: LiveServer, case: str) -> None:
    content_type, body, status, answer = REFUSED[case]
    reply = server.ask("POST", URL, body, {"Content-Type": content_type})
    assert (reply.status, reply.json) == (status, answer)


@given(values=st.data())
def test_any_damage_is_the_clients_fault(server: LiveServer, values: st.DataObject) -> None:
    """Whatever a form becomes under way, it is refused as OpenAI does, and never our defect."""
    whole = form(b"sound", [*MODEL, ("language", "de"), ("timestamp_granularities[]", "word")])
    pieces = [b"\r\n", b"--", BOUNDARY.encode(), b'name="', b'"; filename="', b"\xff", b"", b":"]
    damaged = whole
    for _ in range(values.draw(st.integers(1, 4))):
        start, end = sorted(values.draw(st.integers(0, len(damaged))) for _ in range(2))
        end = values.draw(st.sampled_from([start, min(start + 1, len(damaged)), end]))
        damaged = damaged[:start] + values.draw(st.sampled_from(pieces)) + damaged[end:]
    kind = values.draw(
        st.sampled_from([CONTENT_TYPE, f'multipart/form-data; boundary="{"-" * 80}"'])
    )
    reply = server.ask("POST", URL, damaged, {"Content-Type": kind})
    assert reply.status in (400, 404)
    assert set(reply.json["error"]) == {"message", "type", "param", "code"}
    assert reply.json["error"]["type"] == "invalid_request_error"


def test_too_large_without_saying_so(server: LiveServer) -> None:
    """Refused before all of it has come: the client would send for ever."""

    def chunks() -> Iterator[bytes]:
        yield form(bytes(1000), MODEL)[:-20]
        for _ in range(100):
            yield bytes(10_000)

    reply = server.ask("POST", URL, chunks(), {"Content-Type": CONTENT_TYPE})
    assert reply.status == 413
    message = reply.json["error"]["message"]
    found = re.fullmatch(
        r"Maximum content size limit \(200000\) exceeded \((\d+) bytes\)\.", message
    )
    assert found is not None
    assert LARGEST_BYTES < int(found[1]) < 1_000_000


def test_who_asks_before_sending_too_much_is_told_at_once(server: LiveServer) -> None:
    """Without the 100 that would ask for it."""
    body_bytes = len(TOO_LARGE)
    with server.begin(
        bytes(LARGEST_BYTES), missing_bytes=body_bytes, header="Expect: 100-continue"
    ) as connection:
        assert connection.recv(12) == b"HTTP/1.1 413"


def test_who_reads_only_after_sending_too_much_is_told(server: LiveServer) -> None:
    """Although the connection ends with the answer: the rest is read before."""
    with server.begin(bytes(8_000_000), header="Connection: close") as connection:
        assert reply_over(connection).status == 413


def test_an_upload_that_stalls() -> None:
    with (
        serving(service_of(ScriptedModel(1), limits=UploadLimits(seconds=0.2))) as server,
        server.begin(b"sound", missing_bytes=10) as connection,
    ):
        reply = reply_over(connection)
    assert (reply.status, reply.json) == (408, refusal("The upload took longer than 0.2 s."))


def test_a_client_that_goes_while_it_sends(server: LiveServer) -> None:
    for missing_bytes in (10, 100_000):
        server.begin(bytes(150_000), missing_bytes=missing_bytes).close()
    assert server.transcribe(b"").status == 400


def test_a_small_file_of_much_silence(server: LiveServer) -> None:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(1)
        writer.setframerate(4_000)
        writer.writeframes(bytes(4_100))
    reply = server.transcribe(file.getvalue())
    assert reply.json == refusal("the audio is longer than 1 s\n  try: parts of it", param="file")
