"""Many requests, clients that go, models that crash, and the end: none lost, none stuck."""

import contextlib
import gc
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from tools.whisper_goldens.scripted_model import ScriptedModel

pytest.importorskip("fastapi", reason="FastAPI, of the extra `server`, answers")

from live_server import PATIENCE_SECONDS, LiveServer, reply_over, service_of, serving

from whisper_pipeline.server import application
from whisper_pipeline.server.hearing import Heard
from whisper_pipeline.transcription import Listener
from whisper_pipeline.transcription_options import TranscriptionOptions

GROWTH_BYTES = 4 * 2**20
FAILURE = {
    "message": "The server had an error while processing your request.",
    "type": "server_error",
    "param": None,
    "code": None,
}


class Echo:
    """Hears in a file what its bytes spell; `long` goes on until the test lets it end."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.ended = 0
        self.may_end = threading.Event()

    def __call__(
        self,
        model: Any,
        file: BinaryIO,
        options: TranscriptionOptions,
        listener: Listener,
        *,
        longest_seconds: float,
    ) -> Heard:
        text = file.read(20).decode().rstrip("\0")
        self.heard.append(text)
        if text == "crash":
            raise MemoryError
        try:
            while text == "long" and not self.may_end.wait(0.002):
                listener.progress(1, 2)
        finally:
            self.ended += 1
        return Heard({"text": f" {text}", "segments": [], "language": "en"}, 1.0)


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch) -> Iterator[Echo]:
    made = Echo()
    monkeypatch.setattr(application, "hear", made)
    yield made
    made.may_end.set()


@pytest.fixture
def server(echo: Echo) -> Iterator[LiveServer]:
    with serving(service_of(ScriptedModel(1), places=100)) as live:
        yield live
        echo.may_end.set()


def says(text: str) -> dict[str, Any]:
    return {"text": text, "usage": {"type": "duration", "seconds": 1}}


def test_a_hundred_at_once(server: LiveServer) -> None:
    with ThreadPoolExecutor(100) as clients:
        together = threading.Barrier(100)

        def ask(number: int) -> tuple[int, Any]:
            together.wait(PATIENCE_SECONDS)
            reply = server.transcribe(b"%d" % number)
            return reply.status, reply.json

        replies = list(clients.map(ask, range(100)))
    assert replies == [(200, says(str(number))) for number in range(100)]
    server.until(requests=0)


def test_one_more_than_there_are_places(echo: Echo) -> None:
    with serving(service_of(ScriptedModel(1), places=2)) as server:
        with server.begin(b"long") as first, server.begin(b"second") as second:
            server.until(requests_running=1, requests_waiting=1)
            reply = server.transcribe(b"third")
            assert (reply.status, reply.headers["Retry-After"]) == (503, "5")
            assert reply.json == {
                "error": {
                    "message": "The queue is full: it holds 2 requests.",
                    "type": "server_error",
                    "param": None,
                    "code": "busy",
                }
            }
            echo.may_end.set()
            assert reply_over(first).json == says("long")
            assert reply_over(second).json == says("second")
        assert server.transcribe(b"third").json == says("third")


def test_clients_that_go(server: LiveServer, echo: Echo) -> None:
    """In the middle of the upload, while it runs, and while it waits."""
    with contextlib.closing(server.begin(b"upload", missing_bytes=9)):
        running = server.begin(b"long")
        server.until(requests_running=1)
        waiting, staying = server.begin(b"waiting"), server.begin(b"staying")
        server.until(requests_waiting=2)
        waiting.close()
        server.until(requests_waiting=1)
        running.close()
        with staying:
            assert reply_over(staying).json == says("staying")
    server.until(requests=0, requests_waiting=0, requests_running=0)
    assert echo.heard == ["long", "staying"]


def test_a_crash_of_the_model(server: LiveServer, capfd: pytest.CaptureFixture[str]) -> None:
    reply = server.transcribe(b"crash")
    assert (reply.status, reply.json) == (500, {"error": FAILURE})
    assert server.transcribe(b"next").json == says("next")


def test_a_defect_elsewhere(
    server: LiveServer, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as broken:
        broken.delattr(application, "request_of")
        reply = server.transcribe(b"1")
    assert (reply.status, reply.json) == (500, {"error": FAILURE})
    assert server.transcribe(b"next").json == says("next")
    server.until(requests=0)


def test_memory_and_files_stay_flat(server: LiveServer) -> None:
    """A leak of one upload in four would grow by 25 MiB, one of files by hundreds."""
    if not Path("/proc/self/statm").exists():
        pytest.skip("/proc, which tells resident bytes and open files, is not here")
    upload = b"x" + bytes(2**18)

    def resident_bytes() -> int:
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def ask(count: int) -> None:
        for number in range(count):
            if number % 10 == 0:
                server.begin(upload, missing_bytes=1000).close()
            assert server.transcribe(upload).json == says("x")

    ask(100)
    bytes_before, files_before = resident_bytes(), len(os.listdir("/proc/self/fd"))
    ask(400)
    server.until(requests=0)
    assert resident_bytes() - bytes_before < GROWTH_BYTES
    assert len(os.listdir("/proc/self/fd")) <= files_before + 2


@pytest.mark.parametrize("finishes", [True, False])
def test_the_end(echo: Echo, finishes: bool) -> None:
    """What runs is finished, or told in time that it will not be; so is all that waits."""
    with contextlib.ExitStack() as connections:
        grace_seconds = 20 if finishes else 1
        with serving(service_of(ScriptedModel(1)), grace_seconds=grace_seconds) as server:
            running, waiting = (
                connections.enter_context(server.begin(text)) for text in (b"long", b"waiting")
            )
            stalled = connections.enter_context(server.begin(b"stalled", missing_bytes=1))
            server.until(requests_running=1, requests_waiting=1)
            server.server.should_exit = True
            told = reply_over(waiting)
            if finishes:
                echo.may_end.set()
                stalled.sendall(b"\n")
            ran, arrived = reply_over(running), reply_over(stalled)
    stopping = {
        "message": "The server is shutting down.",
        "type": "server_error",
        "param": None,
        "code": "stopping",
    }
    assert (told.status, told.headers["Retry-After"]) == (503, "5")
    assert told.json == {"error": stopping}
    assert arrived.json == {"error": stopping}
    assert ran.json == (says("long") if finishes else {"error": stopping})
    assert echo.ended == 1
