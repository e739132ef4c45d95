"""uvicorn around a service, and how both end: answer what runs, refuse what waits, be gone."""

import logging
import socket
from collections.abc import Callable

import uvicorn

from whisper_pipeline.server.application import Service


class WebServer(uvicorn.Server):
    """grace_seconds: once the server is to end, what runs or arrives has so long to be done; the
                   rest is cancelled, which `Service` answers.
    when_ready:    called once requests are taken.
    """

    def __init__(
        self,
        service: Service,
        *,
        grace_seconds: int,
        when_ready: Callable[[], None] = lambda: None,
    ) -> None:
        self.service = service
        self.when_ready = when_ready
        # It would print a line for every malformed body.
        logging.getLogger("python_multipart").setLevel(logging.ERROR)
        config = uvicorn.Config(
            service.application(),
            http="h11",
            ws="none",
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=grace_seconds,
        )
        super().__init__(config)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.when_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.service.queue.stop()
        await super().shutdown(sockets)
