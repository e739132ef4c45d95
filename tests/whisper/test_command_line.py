"""The command line: openai-whisper's options, its files, and errors that say what to try."""

import json
import os
import re
import signal
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import whisper_pipeline
from ironbird.base.errors import UsageError
from ironbird.base.findings import Finding, FindingKind
from ironbird.session.result import RunFailed
from tools.whisper_goldens.random_model import random_checkpoint, small_dimensions
from tools.whisper_goldens.scripted_model import ScriptedModel
from whisper_pipeline import DEVICES, command_line, load_model
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
    monkeypatch.setattr(command_line, "load_model", lambda *_, **__: ScriptedModel(1))


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


def test_the_report_of_a_run(
    talk: Path, model_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of all files of one command: as a table on standard error, and as JSON."""
    path = tmp_path / "reports" / "both.json"
    options = ["--report", "--report_file", str(path), "-o", str(tmp_path), "--language", "de"]
    nothing = ["--clip_timestamps", "0,0"]
    files = [str(talk), str(talk), "--model", str(model_file)]
    assert command_line.main([*files, *options, *nothing]) == 0
    table = capsys.readouterr().err.splitlines()
    assert table[1].split()[:4] == ["stage", "where", "runs", "configurations"]
    told = json.loads(path.read_text())
    works = {work["stage"]: work for work in told["works"]}
    assert [line.split()[0] for line in table[2 : table.index("")]] == list(works)
    assert list(works) == ["model", "audio", "features"]
    assert works["audio"]["ops"] == ["decoding", "resampling"]
    assert (works["model"]["computations"], works["audio"]["computations"]) == (1, 2)
    assert told["audio_seconds"] == 2.0
    assert told["realtime_factor_modelled"] is None


def test_a_device_that_is_not_here(
    talk: Path, model_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.main([str(talk), "--model", str(model_file), "--device", "npu"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "the NPU cannot be used by the pipeline yet",
        "  because: there is no way from here to its driver, and no result of another device "
        "stands in for one of the NPU",
        "  try: --device simulator runs the same designs",
    ]
    with pytest.raises(UsageError) as found:
        load_model(model_file, device="gpu")
    assert str(found.value) == "the device 'gpu' is not known\n  try: one of " + ", ".join(DEVICES)


def test_a_model_that_designs_cannot_compute(
    talk: Path, model_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is not computed on the host instead."""
    assert command_line.main([str(talk), "--model", str(model_file), "--device", "simulator"]) == 1
    assert capsys.readouterr().err == (
        "this model cannot run on the array: n_audio_state is 64 and n_audio_head 2\n"
        "  because: attention on the array is of heads 64 wide\n  try: --device host\n"
    )


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


def test_a_damaged_file_is_said_and_transcribed(
    talk: Path, model_file: Path, tmp_path: Path, scripted: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line of its own, and not Python's two of a warning."""
    import av

    damaged = tmp_path / "damaged.flac"
    with av.open(str(talk)) as source, av.open(str(damaged), "w") as target:
        stream = target.add_stream("flac", rate=16_000)
        for frame in source.decode(audio=0):
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    damaged.write_bytes(damaged.read_bytes()[: damaged.stat().st_size * 2 // 3])
    arguments = [str(damaged), "--model", str(model_file), "-f", "txt", "-o", str(tmp_path)]
    assert command_line.main([*arguments, "--verbose", "None"]) == 0
    _, said = capsys.readouterr().err.splitlines()
    assert re.fullmatch(
        rf"{damaged} is damaged after 0\.\d s; the rest is left out "
        r"\(Invalid data found when processing input\)",
        said,
    )
    assert (tmp_path / "damaged.txt").exists()


def test_more_than_memory_holds(
    talk: Path,
    model_file: Path,
    tmp_path: Path,
    scripted: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is said of the file, and the next one is begun."""
    second = tmp_path / "second.wav"
    second.write_bytes(talk.read_bytes())
    transcribe_audio = command_line.transcribe_audio
    failures = [MemoryError("Unable to allocate 9 TiB")]

    def fails_once(*given: Any, **named: Any) -> dict[str, Any]:
        if failures:
            raise failures.pop()
        return transcribe_audio(*given, **named)

    monkeypatch.setattr(command_line, "transcribe_audio", fails_once)
    arguments = [str(talk), str(second), "--model", str(model_file), "-f", "txt"]
    assert command_line.main([*arguments, "-o", str(tmp_path), "--verbose", "None"]) == 1
    assert capsys.readouterr().err.splitlines()[1:] == [
        "memory does not suffice",
        "  because: Unable to allocate 9 TiB",
        "  try: a smaller --batch_size, --beam_size or --best_of, or parts of the audio",
        f"{talk} is skipped",
    ]
    assert [path.name for path in tmp_path.glob("*.txt")] == ["second.txt"]


@pytest.mark.parametrize(
    ("kind", "code"), [(FindingKind.INTERRUPTED, 130), (FindingKind.RACE, 1)], ids=str
)
def test_a_simulation_that_fails_ends_the_command(
    kind: FindingKind,
    code: int,
    talk: Path,
    model_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Ctrl-C while designs are simulated is a finding; the next file is not begun."""
    finding = Finding(kind=kind, what="after 7 cycles")

    def failed(*_: object, **__: object) -> None:
        raise RunFailed((finding,))

    monkeypatch.setattr(command_line, "transcribe_audio", failed)
    folder = tmp_path / "out"
    arguments = [str(talk), str(talk), "--model", str(model_file), "-o", str(folder)]
    assert command_line.main(arguments) == code
    assert capsys.readouterr().err.splitlines()[1:] == [str(finding)]
    assert not list(folder.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT")
def test_ctrl_c_in_the_middle_of_a_file(talk: Path, model_file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    arguments = [str(talk), "--model", str(model_file), "-o", str(folder), "--language", "en"]
    with subprocess.Popen(
        [sys.executable, "-m", "whisper_pipeline", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A suite that runs in the background of a shell is deaf to Ctrl-C, and so are its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as running:
        assert running.stderr is not None
        assert running.stderr.readline().startswith("running on the host")
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    assert (running.returncode, said) == (130, "interrupted\n")
    assert not list(folder.iterdir())


def test_a_closed_standard_output(
    talk: Path,
    model_file: Path,
    tmp_path: Path,
    scripted: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    arguments = [str(talk), "--model", str(model_file), "-o", str(tmp_path), "-f", "txt"]
    assert command_line.main(arguments) == 0
    assert talk.with_suffix(".txt").exists()


def test_folders_that_cannot_be_written(
    talk: Path, model_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Said before anything is computed."""
    command = [str(talk), "--model", str(model_file)]
    assert command_line.main([*command, "-o", str(talk)]) == 1
    assert command_line.main([*command, "-o", str(talk / "in")]) == 1
    report = ["-o", str(tmp_path), "--report_file"]
    assert command_line.main([*command, *report, str(tmp_path)]) == 1
    assert command_line.main([*command, *report, str(talk / "report.json")]) == 1
    cannot = "files cannot be written into"
    assert capsys.readouterr().err.splitlines() == [
        *(f"{cannot} {talk}", "  because: it is not a folder", "  try: another folder"),
        *(f"{cannot} {talk}/in", "  because: Not a directory", "  try: another folder"),
        f"--report_file '{tmp_path}' is a folder",
        f"  try: {tmp_path}/report.json",
        *(f"{cannot} {talk}", "  because: it is not a folder", "  try: another folder"),
    ]


def test_outputs_of_the_longest_names(
    talk: Path, model_file: Path, tmp_path: Path, scripted: None
) -> None:
    """A file system has names of up to 255 bytes."""
    longest = talk.rename(tmp_path / f"{'n' * 251}.wav")
    arguments = [str(longest), "--model", str(model_file), "-o", str(tmp_path), "-f", "txt"]
    assert command_line.main([*arguments, "--verbose", "None"]) == 0
    assert longest.with_suffix(".txt").exists()


WORDS_NEEDED = "--{} needs --word_timestamps True\n"
CLIPS = "  try: start,end,start,end,... in seconds\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--model no.pt", "the model no.pt cannot be read\n  because: No such file or directory\n"),
        (
            "--model Tine",
            "the model Tine cannot be read\n  because: No such file or directory\n"
            "  try: one of the names tiny, tiny.en\n",
        ),
        ("--highlight_words True", WORDS_NEEDED.format("highlight_words")),
        ("--max_words_per_line 3", WORDS_NEEDED.format("max_words_per_line")),
        (
            "--hallucination_silence_threshold 1",
            "hallucination_silence_threshold needs word_timestamps\n"
            "  because: the silence around a text is measured between its words\n",
        ),
        (
            "--threads 4",
            "--threads cannot be set once numpy runs\n"
            "  try: the environment variable OPENBLAS_NUM_THREADS\n",
        ),
        (
            "--temperature_increment_on_fallback 0",
            "--temperature_increment_on_fallback 0.0 does not rise\n  try: None\n",
        ),
        (
            "--temperature_increment_on_fallback 1e-300",
            "--temperature_increment_on_fallback 1e-300 is too small\n"
            "  because: from 0.0 to 1.0 it makes more than 100 steps\n",
        ),
        ("--temperature -1", "temperature=-1.0 is not a number from 0 on\n"),
        ("--patience 2 --beam_size None", "patience needs beam_size\n"),
        ("--length_penalty 3", "length_penalty=3.0 is not between 0 and 1\n"),
        (
            "--suppress_tokens a",
            "suppress_tokens='a' is not a list of token ids\n"
            "  try: ids with commas between them, such as -1,220\n",
        ),
        ("--batch_size 0", "batch_size=0 is below 1\n"),
        ("--beam_size 0", "beam_size=0 is below 1\n"),
        ("--clip_timestamps 9,1", f"clip_timestamps='9,1' do not rise from 0\n{CLIPS}"),
        ("--clip_timestamps 1,inf", f"clip_timestamps='1,inf' do not rise from 0\n{CLIPS}"),
        ("--clip_timestamps a", f"clip_timestamps='a' are not numbers\n{CLIPS}"),
    ],
)
def test_options_that_are_refused(
    options: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.main(["a.wav", *options.split()]) == 1
    assert capsys.readouterr().err == said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", "the following arguments are required: audio"),
        (
            "a.wav --language germn",
            "argument --language: the language 'germn' is not known; try one of german, georgian",
        ),
        ("a.wav --word_timestamps None", "argument --word_timestamps: 'None' is not True or False"),
        ("a.wav --verbose maybe", "argument --verbose: 'maybe' is not True or False"),
        ("a.wav --temperature nan", "argument --temperature: 'nan' is not a number"),
        ("a.wav --patience much", "argument --patience: 'much' is not a number"),
        ("a.wav --beam_size many", "argument --beam_size: invalid int value: 'many'"),
    ],
)
def test_misuse(arguments: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command_line.main(arguments.split())
    assert ended.value.code == 2
    last_line = capsys.readouterr().err.splitlines()[-1]
    assert last_line == f"python -m whisper_pipeline: error: {said}"


def test_defaults_are_openai_whispers() -> None:
    arguments = command_line.make_parser().parse_args(["a.wav"])
    assert (arguments.beam_size, arguments.best_of, arguments.model) == (5, 5, "turbo")
    options = command_line._transcription_options(arguments)
    assert options.temperatures == (0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0)


def test_a_temperature_above_1_has_no_other_to_fall_back_to() -> None:
    arguments = command_line.make_parser().parse_args(["a.wav", "--temperature", "1e300"])
    assert command_line._transcription_options(arguments).temperatures == (1e300,)


def test_an_english_only_model_ignores_the_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["a.wav", "--model", "none.en", "--language", "fr"]) == 1
    assert capsys.readouterr().err.startswith(
        "none.en knows English only; --language fr is ignored\nthe model none.en cannot be read\n"
    )
    assert command_line.main(["a.wav", "--model", "none.en", "--language", "english"]) == 1
    assert capsys.readouterr().err.startswith("the model none.en cannot be read\n")


def test_turbo_does_not_translate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["a.wav", "--model_dir", str(tmp_path), "--task", "translate"]
    assert command_line.main(arguments) == 1
    assert capsys.readouterr().err.splitlines()[:2] == [
        "turbo was not trained to translate; large-v3 was",
        "the model turbo is not here",
    ]
