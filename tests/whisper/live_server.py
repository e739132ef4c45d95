"""A server on a free port of this machine, and the little of HTTP that tests say to it."""

import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from typing import Any

from whisper_pipeline.server.application import Service
from whisper_pipeline.server.device_queue import DeviceQueue
from whisper_pipeline.server.hearing import Heard
from whisper_pipeline.server.web_server import WebServer

BOUNDARY = "a-boundary"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"
PATIENCE_SECONDS = 20.0

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Reply:
    """A response, whole."""

    status: int
    headers: Message
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


@dataclass
class LiveServer:
    service: Service
    server: WebServer
    port: int

    def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        with contextlib.closing(connection):
            connection.request(method, path, body, dict(headers or {}))
            return whole(connection.getresponse())

    def transcribe(
        self,
        file: bytes | None,
        fields: Fields = (("model", "small"),),
        task: str = "transcription",
    ) -> Reply:
        return self.ask(
            "POST", f"/v1/audio/{task}s", form(file, fields), {"Content-Type": CONTENT_TYPE}
        )

    def begin(
        self, file: bytes, *, missing_bytes: int = 0, header: str = "Accept: */*"
    ) -> socket.socket:
        """A connection over which a request, or all but its end, was sent."""
        body = form(file, [("model", "small")])
        head = (
            f"POST /v1/audio/transcriptions HTTP/1.1\r\nHost: here\r\n{header}\r\n"
            f"Content-Type: {CONTENT_TYPE}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        connection = socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS)
        connection.sendall(head.encode() + body[: len(body) - missing_bytes])
        return connection

    def until(self, **health: int) -> None:
        """Wait until the service says so of itself."""
        wait_for(lambda: health.items() <= self.ask("GET", "/health").json.items())


def whole(response: http.client.HTTPResponse) -> Reply:
    return Reply(response.status, response.headers, response.read())


def reply_over(connection: socket.socket) -> Reply:
    """The answer to what `begin` sent."""
    with http.client.HTTPResponse(connection, method="POST") as response:
        response.begin()
        return whole(response)


def form(file: bytes | None, fields: Fields) -> bytes:
    """The multipart body of a form."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    if file is not None:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.wav"'
        parts.append(head.encode() + b"\r\n\r\n" + file + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def wait_for(condition: Any) -> None:
    """Poll, for what happens in other threads; fails instead of waiting for ever."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)


def service_of(model: Any, *, places: int = 128, **fields: Any) -> Service:
    names = {"model_name": "small", "device": "host", "place": "on paper"}
    queue = DeviceQueue[Heard](places)
    return Service(model=model, queue=queue, created=7, **names, **fields)


@contextlib.contextmanager
def serving(service: Service, *, grace_seconds: int = 5) -> Iterator[LiveServer]:
    """A thread that serves, and ends in time whatever the test did."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = WebServer(service, grace_seconds=grace_seconds)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            wait_for(lambda: server.started)
            yield LiveServer(service, server, listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(PATIENCE_SECONDS)
            assert not thread.is_alive()
            assert service.queue.join(PATIENCE_SECONDS)
