"""The command line: openai-whisper's options, its files, and errors that say what to try."""

import json
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import whisper_pipeline
from tools.whisper_goldens.random_model import random_checkpoint, small_dimensions
from tools.whisper_goldens.scripted_model import ScriptedModel
from whisper_pipeline import command_line
from whisper_pipeline.ironbird_file import write_ironbird_file

pytest.importorskip("av", reason="PyAV, of the extra `whisper`, reads the audio")
pytest.importorskip("safetensors", reason="safetensors, of the extra `whisper`, reads the model")


@pytest.fixture(scope="module")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "small.safetensors"
    write_ironbird_file(path, random_checkpoint(small_dimensions()))
    return path


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.wav"
    with wave.open(str(path), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(16_000)
        noise = np.random.default_rng(0).integers(-9_000, 9_000, 16_000)
        writer.writeframes(noise.astype(np.int16).tobytes())
    return path


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scripted story instead of the random model, which would talk for long."""
    monkeypatch.setattr(command_line, "Whisper", lambda checkpoint, ops: ScriptedModel(1))


def test_a_file_becomes_text_of_every_format(
    talk: Path, model_file: Path, tmp_path: Path, scripted: None, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(talk), "--model", str(model_file), "-o", str(tmp_path / "out")]
    arguments += ["--word_timestamps", "True", "--max_line_width", "9"]
    assert command_line.main(arguments) == 0
    files = {path.suffix: path.read_text() for path in (tmp_path / "out").iterdir()}
    assert sorted(files) == [".json", ".srt", ".tsv", ".txt", ".vtt"]
    result = json.loads(files[".json"])
    options: dict[str, Any] = {"beam_size": 5, "best_of": 5, "word_timestamps": True}
    assert whisper_pipeline.transcribe(talk, ScriptedModel(1), **options) == result
    printed, noted = capsys.readouterr()
    assert printed.startswith("Detected language: ")
    assert printed.count(" --> ") == len(result["segments"]) > 0
    assert noted == f"running on the host in float32 (numpy {np.__version__})\n"


def test_a_whole_model_transcribes(
    talk: Path, model_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--beam_size", "None", "--temperature_increment_on_fallback", "None"]
    options += ["--language", "Welsh", "--verbose", "False", "--output_format", "json"]
    options += ["--no_speech_threshold", "None", "--suppress_tokens=-1,0"]
    folder = tmp_path / "out"
    code = command_line.main([str(talk), "--model", str(model_file), "-o", str(folder), *options])
    assert code == 0
    assert capsys.readouterr().out == ""
    result = json.loads((folder / "talk.json").read_text())
    assert result["language"] == "Welsh"
    assert result["segments"]


def test_a_bad_file_is_skipped_and_said(
    talk: Path, model_file: Path, tmp_path: Path, scripted: None, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "missing.wav"
    arguments = [str(missing), str(talk), "--model", str(model_file), "-f", "txt"]
    assert command_line.main([*arguments, "-o", str(tmp_path), "--verbose", "None"]) == 1
    assert (tmp_path / "talk.txt").exists()
    assert capsys.readouterr().err.splitlines()[1:] == [
        f"{missing} cannot be read",
        "  because: No such file or directory",
        f"{missing} is skipped",
    ]


def test_ctrl_c_leaves_no_output(
    talk: Path, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command_line, "transcribe_audio", interrupted)
    folder = tmp_path / "out"
    assert command_line.main([str(talk), "--model", str(model_file), "-o", str(folder)]) == 130
    assert not folder.exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--model", "no.pt"], "the model no.pt cannot be read\n  because: No such file or direc"),
        (["--highlight_words", "True"], "--highlight_words needs --word_timestamps True\n"),
        (["--threads", "4"], "--threads cannot be set once numpy runs\n  try: the environment v"),
        (
            ["--temperature_increment_on_fallback", "0"],
            "--temperature_increment_on_fallback 0.0",
        ),
        (["--clip_timestamps", "9,1"], "clip_timestamps='9,1' do not rise from 0\n"),
        (["--hallucination_silence_threshold", "1"], "hallucination_silence_threshold needs w"),
    ],
)
def test_options_that_are_refused(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.main(["a.wav", *options]) == 1
    assert capsys.readouterr().err.startswith(said)


def test_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["a.wav", "--language", "germn"], ["a.wav", "--verbose", "maybe"]):
        with pytest.raises(SystemExit) as ended:
            command_line.main(arguments)
        assert ended.value.code == 2
    assert "the language 'germn' is not known; try one of german" in capsys.readouterr().err


def test_defaults_are_openai_whispers() -> None:
    arguments = command_line.make_parser().parse_args(["a.wav"])
    assert (arguments.beam_size, arguments.best_of, arguments.model) == (5, 5, "turbo")
    options = command_line._transcription_options(arguments)
    assert options.temperatures == (0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0)


def test_an_english_only_model_ignores_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["a.wav", "--model", "none.en", "--language", "fr"]) == 1
    assert capsys.readouterr().err.startswith(
        "none.en knows English only; --language fr is ignored\nthe model none.en cannot be read\n"
    )


def test_turbo_does_not_translate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["a.wav", "--model_dir", str(tmp_path), "--task", "translate"]
    assert command_line.main(arguments) == 1
    assert capsys.readouterr().err.splitlines()[:2] == [
        "turbo was not trained to translate; large-v3 was",
        "the model turbo is not here",
    ]
