"""The endpoints: what comes in over HTTP, to the queue of the device, to what goes out."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from whisper_pipeline.server.answers import answer
from whisper_pipeline.server.api_error import ApiError, failure, stopping
from whisper_pipeline.server.device_queue import DeviceQueue
from whisper_pipeline.server.hearing import Heard, hear
from whisper_pipeline.server.transcription_request import (
    MODEL_ALIAS,
    check_model_name,
    request_of,
)
from whisper_pipeline.server.upload import Body, Disconnected, UploadLimits, received_form
from whisper_pipeline.speech_model import SpeechModel
from whisper_pipeline.transcription import Listener

CLIENT_CLOSED = 499
"""What logs call an answer that nobody reads."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """model_name: under which it is served, beside OpenAI's name.
    device:     where the model runs, in a word; place: in a few.
    created:    when the service began, in seconds since 1970.
    """

    model: SpeechModel
    model_name: str
    device: str
    place: str
    queue: DeviceQueue[Heard]
    limits: UploadLimits = field(default_factory=UploadLimits)
    created: int = field(default_factory=lambda: int(time.time()))

    def application(self) -> FastAPI:
        """The endpoints and the shape of errors; no pages of documentation, which load scripts."""
        application = FastAPI(openapi_url=None, redirect_slashes=False)
        add = application.add_api_route
        add("/v1/audio/transcriptions", self.transcriptions, methods=["POST"])
        add("/v1/audio/translations", self.translations, methods=["POST"])
        add("/v1/models", self.models, methods=["GET"])
        add("/v1/models/{name:path}", self.one_model, methods=["GET"])
        add("/health", self.health, methods=["GET", "HEAD"])
        application.add_exception_handler(ApiError, _refusal)
        application.add_exception_handler(HTTPException, _unknown_route)
        application.add_exception_handler(Exception, _failure)
        return application

    async def transcriptions(self, request: Request) -> Response:
        """Text in the language that is spoken."""
        return await self._answered(request, "transcribe")

    async def translations(self, request: Request) -> Response:
        """Text in English."""
        return await self._answered(request, "translate")

    async def models(self) -> Response:
        """Both names of the model."""
        names = (self.model_name, MODEL_ALIAS)
        return JSONResponse({"object": "list", "data": [self._model(name) for name in names]})

    async def one_model(self, name: str) -> Response:
        check_model_name(name, self.model_name)
        return JSONResponse(self._model(name))

    async def health(self) -> Response:
        """Whether requests are taken, how many there are, and where they run."""
        return JSONResponse(
            {
                "status": "stopping" if self.queue.is_stopping else "ready",
                "model": self.model_name,
                "device": self.device,
                "runs": self.place,
                "requests": self.queue.taken_count,
                "requests_waiting": self.queue.waiting_count,
                "requests_running": self.queue.running_count,
                "queue_length": self.queue.place_count,
            }
        )

    def _model(self, name: str) -> dict[str, Any]:
        return {"id": name, "object": "model", "created": self.created, "owned_by": "ironbird"}

    async def _answered(self, request: Request, task: str) -> Response:
        try:
            return await self._placed(Body(request, self.limits), task)
        except ApiError as refusal:
            return await _refusal(request, refusal)
        except Disconnected:
            return Response(status_code=CLIENT_CLOSED)
        except asyncio.CancelledError:
            # uvicorn cancels what is left when the grace period of a shutdown is over.
            return await _refusal(request, stopping())

    async def _placed(self, body: Body, task: str) -> Response:
        try:
            with self.queue.place():
                return await self._heard(body, task)
        except ApiError:
            await body.discard()
            raise

    async def _heard(self, body: Body, task: str) -> Response:
        async with received_form(body) as form:
            upload = form.get("file")
            if not isinstance(upload, UploadFile):
                raise ApiError(400, "You must provide an audio file.", param="file")
            wanted = request_of(
                [(name, value) for name, value in form.multi_items() if isinstance(value, str)],
                task=task,
                model_name=self.model_name,
                vocabulary_size=self.model.dimensions.n_vocab,
            )

            def work(listener: Listener) -> Heard | ApiError:
                return hear(
                    self.model,
                    upload.file,
                    wanted.options,
                    listener,
                    longest_seconds=self.limits.longest_audio_seconds,
                )

            heard = await self._outcome(body, work)
        return answer(wanted, heard, self.device)

    async def _outcome(self, body: Body, work: Callable[[Listener], Heard | ApiError]) -> Heard:
        """What the queue makes of it, unless the client goes first."""
        job = self.queue.submit(work)
        answered = asyncio.wrap_future(job.outcome)
        gone = asyncio.create_task(body.disconnection())
        either: tuple[asyncio.Future[Any], ...] = (answered, gone)
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not answered.done():
                self.queue.abandon(job)
                await answered  # Until then it has its place, and the thread may read its file.
                raise Disconnected
        finally:
            self.queue.abandon(job)
            gone.cancel()
        outcome = answered.result()
        if isinstance(outcome, ApiError):
            raise outcome
        return outcome


async def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return JSONResponse(error.body, error.status, error.headers)


async def _unknown_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    method, path = request.method, request.url.path
    if error.status_code == 405:
        allowed = dict(error.headers or {})
        refusal = ApiError(405, f"Not allowed to {method} on {path}", code="method_not_supported")
        return JSONResponse(refusal.body, 405, allowed)
    return await _refusal(request, ApiError(404, f"Invalid URL ({method} {path})"))


async def _failure(request: Request, error: Exception) -> Response:
    return await _refusal(request, failure())
