"""`serve`: what it says before it serves, what it refuses, and how signals end it."""

import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tools.whisper_goldens.random_model import random_checkpoint, small_dimensions
from tools.whisper_goldens.scripted_model import ScriptedModel
from whisper_pipeline import command_line
from whisper_pipeline.devices import HOST
from whisper_pipeline.ironbird_file import write_ironbird_file

pytest.importorskip("fastapi", reason="FastAPI, of the extra `server`, answers")
pytest.importorskip("av", reason="PyAV, of the extra `whisper`, reads the audio")
pytest.importorskip("safetensors", reason="safetensors, of the extra `whisper`, reads the model")

from whisper_pipeline.server import command
from whisper_pipeline.server.web_server import WebServer


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[WebServer]:
    """The servers that would run."""
    servers: list[WebServer] = []

    def run(server: WebServer, sockets: list[socket.socket]) -> None:
        servers.append(server)
        server.when_ready()
        server.service.queue.stop()

    monkeypatch.setattr(WebServer, "run", run)
    monkeypatch.setattr(command, "load_model", lambda model, folder, device: ScriptedModel(1))
    return servers


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it(tmp_path: Path, ending: signal.Signals) -> None:
    model = tmp_path / "small.safetensors"
    write_ironbird_file(model, random_checkpoint(small_dimensions()))
    arguments = ["-m", "whisper_pipeline", "serve", "--model", str(model), "--port", "0"]
    with subprocess.Popen([sys.executable, *arguments], stderr=subprocess.PIPE, text=True) as run:
        try:
            assert run.stderr is not None
            line = run.stderr.readline()
            start, _, url = line.strip().rpartition(" ")
            assert start == f"serving small, {HOST.described}, at"
            with urllib.request.urlopen(f"{url}/models", timeout=20) as reply:
                assert reply.status == 200
            run.send_signal(ending)
            assert run.wait(20) == 0
            assert run.stderr.read() == ""
        finally:
            run.kill()


@pytest.mark.parametrize(
    ("host", "is_open"), [("127.0.0.1", False), ("localhost", False), ("0.0.0.0", True)]
)
def test_it_warns_where_others_can_reach_it(
    served: list[WebServer], capsys: pytest.CaptureFixture[str], host: str, is_open: bool
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    arguments = ["--model", "base.en", "--host", host, "--port", "0", "--queue_length", "3"]
    assert command_line.main(["serve", *arguments, "--device", "cpu"]) == 0
    assert signal.getsignal(signal.SIGTERM) is before
    assert [(s.service.queue.place_count, s.service.device) for s in served] == [(3, "host")]
    warning, said = capsys.readouterr().err.rpartition(f"serving base.en, {HOST.described}, at ")[
        ::2
    ]
    assert said.startswith("http://") and said.endswith("/v1\n")  # noqa: PT018
    assert warning == (
        "WARNING: 0.0.0.0 is open to other machines, without authentication or encryption: "
        "whoever reaches it may use it\n"
        if is_open
        else ""
    )


def test_what_stops_it_from_starting(
    served: list[WebServer], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert command.main(["--port", str(port)]) == 1
    assert command.main(["--max_upload_megabytes", "0"]) == 1
    assert command.main(["--max_audio_minutes", "nan"]) == 1
    assert command.main(["--queue_length", "0"]) == 1
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert command.main([]) == 1
    assert not served
    assert capsys.readouterr().err == (
        f"cannot listen on 127.0.0.1 port {port}\n"
        "  because: Address already in use\n"
        "  try: another --port\n"
        "an upload of at most 0 bytes holds nothing\n"
        "audio of at most nan s is silent\n"
        "a queue of 0 requests takes none\n"
        "serving needs the package uvicorn\n"
        "  because: import of uvicorn halted; None in sys.modules\n"
        "  try: pip install 'ironbird[server]'\n"
    )


def test_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command_line.main(["serve", "talk.wav"])
    assert ended.value.code == 2
    assert "python -m whisper_pipeline serve: error: unrecognized" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("model", "name"),
    [("base.en", "base.en"), ("folder/whisper-tiny.en", "whisper-tiny.en"), ("a.pt", "a")],
)
def test_the_name_of_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: str, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder" / "whisper-tiny.en").mkdir(parents=True)
    (tmp_path / "a.pt").touch()
    assert command._model_name(model) == name
