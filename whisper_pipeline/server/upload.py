"""A request's body to a form with one file, within limits, or a refusal; no part stays behind.

The file is kept in memory up to 1 MiB and above it on disk without a name, as Starlette does it.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, Headers
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from ironbird.base.errors import UsageError
from whisper_pipeline.server.api_error import ApiError

LARGEST_FIELD_BYTES = 64 * 1024
LARGEST_FIELD_COUNT = 32
DISCARD_SECONDS = 2.0
"""How long the rest of a refused upload is read, for clients that only then read the answer."""


class Disconnected(Exception):
    """The client is gone; there is nobody to answer."""


@dataclass(frozen=True, kw_only=True)
class UploadLimits:
    """largest_bytes: of a request's body; OpenAI's 25 MiB by default.
    seconds:       until it must have arrived.
    longest_audio_seconds: a small file may hold days of silence.
    """

    largest_bytes: int = 25 * 2**20
    seconds: float = 300.0
    longest_audio_seconds: float = 7200.0

    def __post_init__(self) -> None:
        if self.largest_bytes < 1:
            raise UsageError(f"an upload of at most {self.largest_bytes} bytes holds nothing")
        if not self.longest_audio_seconds > 0:
            raise UsageError(f"audio of at most {self.longest_audio_seconds:g} s is silent")


class Body:
    """The body of one request, as it arrives.

    deadline: by when it must have arrived, on the event loop's clock.
    """

    def __init__(self, request: Request, limits: UploadLimits) -> None:
        self.request = request
        self.limits = limits
        self._is_read = False
        self.deadline = asyncio.get_running_loop().time() + limits.seconds

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """The whole body; ApiError as soon as it is, or says that it will be, too large."""
        declared_bytes = int(self.request.headers.get("content-length", 0))
        self._refuse_if_too_large(declared_bytes)
        received_bytes = 0
        while not self._is_read:
            chunk = await self._next_chunk()
            received_bytes += len(chunk)
            self._refuse_if_too_large(received_bytes)
            yield chunk

    async def discard(self) -> None:
        """Read the rest for a while, unless the client waits to be asked for it."""
        if "expect" in self.request.headers:
            return
        end = min(self.deadline, asyncio.get_running_loop().time() + DISCARD_SECONDS)
        with suppress(TimeoutError, Disconnected):
            async with asyncio.timeout_at(end):
                while not self._is_read:
                    await self._next_chunk()

    async def disconnection(self) -> None:
        """Return once the client is gone; only after the whole body is read."""
        while (await self.request.receive())["type"] != "http.disconnect":
            pass

    async def _next_chunk(self) -> bytes:
        message = await self.request.receive()
        if message["type"] == "http.disconnect":
            self._is_read = True
            raise Disconnected
        self._is_read = not message.get("more_body", False)
        return bytes(message.get("body", b""))

    def _refuse_if_too_large(self, found_bytes: int) -> None:
        if found_bytes > self.limits.largest_bytes:
            raise ApiError(
                413,
                f"Maximum content size limit ({self.limits.largest_bytes}) exceeded "
                f"({found_bytes} bytes).",
            )


@asynccontextmanager
async def received_form(body: Body) -> AsyncIterator[FormData]:
    """The fields and the file of a body; the file is closed, and with that gone, at the end."""
    content_type = body.request.headers.get("content-type", "")
    kind, parameters = parse_options_header(content_type)
    if kind != b"multipart/form-data":
        raise ApiError(
            415, f"The content type is {content_type!r}; it must be multipart/form-data."
        )
    charset = parameters.get(b"charset", b"utf-8").decode("latin-1")
    if charset.lower() != "utf-8":
        raise ApiError(415, f"The charset is {charset!r}; it must be utf-8.")
    try:
        async with asyncio.timeout_at(body.deadline), aclosing(body.chunks()) as chunks:
            parser = _WholeForm(
                body.request.headers,
                chunks,
                max_files=1,
                max_fields=LARGEST_FIELD_COUNT,
                max_part_size=LARGEST_FIELD_BYTES,
            )
            form = await parser.parse()
    except TimeoutError:
        raise ApiError(408, f"The upload took longer than {body.limits.seconds:g} s.") from None
    except MultiPartException as error:
        raise ApiError(400, f"The multipart body cannot be read: {error.message}") from None
    try:
        yield form
    finally:
        await form.close()


class _WholeForm(MultiPartParser):
    """Refuses a body without its closing boundary, of which Starlette drops the last part."""

    def __init__(
        self, headers: Headers, stream: AsyncGenerator[bytes, None], **limits: int
    ) -> None:
        super().__init__(headers, self._whole(stream), **limits)
        self._has_ended = False

    def on_end(self) -> None:
        self._has_ended = True

    async def _whole(self, stream: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
        """An error that comes out of the stream makes Starlette close its files."""
        async for chunk in stream:
            yield chunk
        if not self._has_ended:
            raise ApiError(400, "The multipart body breaks off: its last boundary is missing.")
