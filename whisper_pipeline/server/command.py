"""`python -m whisper_pipeline serve`: load a model, then answer until SIGINT or SIGTERM."""

import argparse
import ipaddress
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ironbird.base.errors import ToolError, UsageError
from ironbird.session.ending import exit_code_of
from whisper_pipeline.devices import DEVICES, load_model


def main(argv: Sequence[str]) -> int:
    """Exit codes: 0 ended by a signal, 1 could not start, 2 misused."""
    arguments = make_parser().parse_args(argv)
    return exit_code_of(lambda: run(arguments))


def make_parser() -> argparse.ArgumentParser:
    """Names as in transcribing files, where both have an option."""
    parser = argparse.ArgumentParser(
        prog="python -m whisper_pipeline serve",
        description="Serve OpenAI's audio endpoints.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on; by default this machine only")
    add("--port", type=int, default=8000, help="0 takes any that is free")
    add("--model", default="turbo", help="a path, or a published name such as base.en")
    add("--model_dir", help="where models given by name lie; openai-whisper's cache by default")
    add("--device", default="host", choices=DEVICES, help="where the model is computed")
    add("--max_upload_megabytes", type=int, default=25, help="of 2**20 bytes, in one request")
    add("--max_audio_minutes", type=float, default=120.0, help="of sound in one request")
    add("--queue_length", type=int, default=128, help="requests at once, the running one included")
    add("--grace_seconds", type=int, default=10, help="to finish what runs when told to end")
    return parser


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to end; what is missing or wrong shows before that."""
    _require_packages()
    from whisper_pipeline.server.application import Service
    from whisper_pipeline.server.device_queue import DeviceQueue
    from whisper_pipeline.server.upload import UploadLimits
    from whisper_pipeline.server.web_server import WebServer

    limits = UploadLimits(
        largest_bytes=arguments.max_upload_megabytes * 2**20,
        longest_audio_seconds=arguments.max_audio_minutes * 60,
    )
    with _bound_socket(arguments.host, arguments.port) as listener:
        service = Service(
            model=load_model(arguments.model, folder=arguments.model_dir, device=arguments.device),
            model_name=_model_name(arguments.model),
            device=_first_name(arguments.device),
            place=DEVICES[arguments.device].described,
            queue=DeviceQueue(arguments.queue_length),
            limits=limits,
        )
        server = WebServer(
            service,
            grace_seconds=arguments.grace_seconds,
            when_ready=lambda: _say_where(listener, service.model_name, service.place),
        )
        with _ended_by_signals():
            server.run(sockets=[listener])
    return 0


def _require_packages() -> None:
    try:
        import av  # noqa: F401
        import fastapi  # noqa: F401
        import python_multipart  # noqa: F401
        import soxr  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise ToolError(
            f"serving needs the package {error.name}",
            because=str(error),
            fix="pip install 'ironbird[server]'",
        ) from error


def _model_name(model: str) -> str:
    """Of a file without its ending; a folder and a published name may have dots of their own."""
    path = Path(model)
    return path.stem if path.is_file() else path.name


def _first_name(device: str) -> str:
    """Of several names of a device, our own."""
    return next(name for name, other in DEVICES.items() if other is DEVICES[device])


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """uvicorn raises the signal that ended it once more, which is to be the end of nothing else."""
    before = {
        ending: signal.signal(ending, lambda *_: None) for ending in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for ending, handler in before.items():
            signal.signal(ending, handler)


def _bound_socket(host: str, port: int) -> socket.socket:
    """Bound before the model is loaded, so that a port that is taken shows at once."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        bound = socket.socket(family, kind, protocol)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
        except BaseException:
            bound.close()
            raise
    except (OSError, OverflowError) as error:
        raise UsageError(
            f"cannot listen on {host} port {port}",
            because=getattr(error, "strerror", None) or str(error),
            fix="another --port",
        ) from error
    return bound


def _say_where(listener: socket.socket, model_name: str, place: str) -> None:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    if not ipaddress.ip_address(host).is_loopback:
        _say(
            f"WARNING: {shown} is open to other machines, without authentication or encryption: "
            "whoever reaches it may use it"
        )
    _say(f"serving {model_name}, {place}, at http://{shown}:{port}/v1")


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
