"""A refusal or a failure, in OpenAI's shape and with its status codes."""

from typing import Any

RETRY_AFTER_SECONDS = 5


class ApiError(Exception):
    """What a client is told instead of a transcript.

    status: of HTTP; below 500 the request is wrong, from 500 on it may be sent again.
    param:  the field of the request that is wrong.
    code:   a word for programs, where OpenAI has one.
    """

    def __init__(
        self, status: int, message: str, *, param: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.param = param
        self.code = code

    @property
    def body(self) -> dict[str, Any]:
        kind = "invalid_request_error" if self.status < 500 else "server_error"
        fields = {"message": self.message, "type": kind, "param": self.param, "code": self.code}
        return {"error": fields}

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(RETRY_AFTER_SECONDS)} if self.status == 503 else {}


def failure() -> ApiError:
    """For a defect of ours, of which the client need not know more."""
    return ApiError(500, "The server had an error while processing your request.")


def stopping() -> ApiError:
    return ApiError(503, "The server is shutting down.", code="stopping")


def disconnected() -> ApiError:
    """The outcome of a request whose client has gone, which nobody reads."""
    return ApiError(499, "The client closed the connection.")
