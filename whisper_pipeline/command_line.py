"""`python -m whisper_pipeline AUDIO...`: transcribe files, with openai-whisper's options.

A file that cannot be transcribed is said and skipped; the exit code is 1 if there was one. Outputs
appear whole or not at all.
"""

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ironbird.base.errors import IronbirdError, UsageError
from ironbird.session.ending import EXIT_FAILED, exit_code_of
from ironbird.session.result import RunFailed
from whisper_pipeline.alignment_heads import OTHER_NAMES
from whisper_pipeline.audio import STANDARD_INPUT, audio_and_damage, require_packages
from whisper_pipeline.devices import DEVICES, load_model
from whisper_pipeline.languages import ALIASES, LANGUAGES, language_code
from whisper_pipeline.log_mel import SAMPLE_RATE
from whisper_pipeline.report import report_of
from whisper_pipeline.segments import Segment
from whisper_pipeline.speech_model import SpeechModel
from whisper_pipeline.subtitles import SubtitleOptions
from whisper_pipeline.times_as_text import time_as_text
from whisper_pipeline.transcription import Listener, transcribe_audio
from whisper_pipeline.transcription_options import APPENDED, PREPENDED, TranscriptionOptions
from whisper_pipeline.writers import ALL, WRITERS, require_writable, write_files, write_whole

SERVE = "serve"

TURBO = "large-v3-turbo"

LESS_MEMORY = "a smaller --batch_size, --beam_size or --best_of, or parts of the audio"

MOST_STEPS = 100
"""Of the temperature; each decodes a window anew."""

SUBTITLE_OPTIONS = ("highlight_words", "max_line_width", "max_line_count", "max_words_per_line")


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0 all files transcribed, 1 not all, 2 misused, 130 interrupted.

    `serve` in the first place is the server's command; a file of that name is `./serve`.
    """
    given = sys.argv[1:] if argv is None else list(argv)
    if given[:1] == [SERVE]:
        from whisper_pipeline.server import command

        return command.main(given[1:])
    arguments = make_parser().parse_args(given)
    return exit_code_of(lambda: run(arguments))


def run(arguments: argparse.Namespace) -> int:
    """Transcribe every file; 0 if all could be."""
    require_packages()
    subtitle_options = _subtitle_options(arguments)
    language = arguments.language
    if arguments.model.endswith(".en") and language and language_code(language) != "en":
        _say(f"{arguments.model} knows English only; --language {language} is ignored")
        arguments.language = "en"
    options = _transcription_options(arguments)
    if arguments.task == "translate" and OTHER_NAMES.get(arguments.model, arguments.model) == TURBO:
        _say(f"{arguments.model} was not trained to translate; large-v3 was")
    if arguments.threads:
        raise UsageError(
            "--threads cannot be set once numpy runs",
            fix="the environment variable OPENBLAS_NUM_THREADS",
        )
    device = DEVICES[arguments.device]
    if arguments.fp16:
        _say(f"--fp16 True has no effect: it runs {device.described}")
    require_writable(Path(arguments.output_dir))
    report_path = _report_path(arguments.report_file)
    model = load_model(arguments.model, folder=arguments.model_dir, device=arguments.device)
    _say(f"running {device.described}")
    skipped, seconds = 0, 0.0
    for name in arguments.audio:
        try:
            seconds += _transcribe_file(model, name, arguments, options, subtitle_options)
        except RunFailed:
            raise  # of the simulation: a defect, or Ctrl-C, and no fault of the file
        except IronbirdError as error:
            skipped += 1
            _say(f"{error}\n{name} is skipped")
        except MemoryError as error:
            skipped += 1
            _say(f"memory does not suffice\n  because: {error}\n  try: {LESS_MEMORY}")
            _say(f"{name} is skipped")
    report = report_of(model.ledger, seconds)
    if arguments.report:
        _say(str(report))
    if report_path is not None:
        write_whole(report_path, json.dumps(report.as_mapping(), indent=1) + "\n")
    return EXIT_FAILED if skipped else 0


def make_parser() -> argparse.ArgumentParser:
    """Every option of openai-whisper 20250625, by its name, and what is our own."""
    parser = argparse.ArgumentParser(
        prog="python -m whisper_pipeline",
        description="Transcribe or translate speech.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = parser.add_argument
    add("audio", nargs="+", help=f"audio files of any kind; {STANDARD_INPUT} is standard input")
    add("--model", default="turbo", help="a path, or a published name such as base.en")
    add("--model_dir", help="where models given by name lie; openai-whisper's cache by default")
    add("--device", default="host", choices=DEVICES, help="where the model is computed")
    add("--report", action="store_true", help="tell what each stage cost, and where it ran")
    add("--report_file", help="the report as JSON")
    add("--output_dir", "-o", default=".", help="folder of the outputs")
    formats = [*WRITERS, ALL]
    add("--output_format", "-f", default=ALL, choices=formats, help="which files to write")
    add(
        "--verbose",
        type=_or_none(_boolean),
        default=True,
        help="print the text; False: a progress bar",
    )

    add("--task", default="transcribe", choices=["transcribe", "translate"], help="to English")
    add("--language", type=_language, help="code or name; None detects it")
    add("--temperature", type=_number, default=0.0, help="of sampling; 0 takes the likeliest token")
    add("--best_of", type=_or_none(int), default=5, help="candidates above temperature 0")
    add("--beam_size", type=_or_none(int), default=5, help="beams at temperature 0")
    add("--patience", type=_or_none(_number), help="beams stop at beam_size * patience results")
    add("--length_penalty", type=_or_none(_number), help="alpha, 0 to 1; None: by plain length")
    add("--suppress_tokens", default="-1", help="ids never sampled; -1: those of sounds and tags")
    add("--initial_prompt", help="text that came before the first window")
    add("--carry_initial_prompt", type=_boolean, default=False, help="give it to every window")
    add(
        "--condition_on_previous_text",
        type=_boolean,
        default=True,
        help="give each window the text before it",
    )
    add("--fp16", type=_boolean, default=False, help="has no effect: --device says how precise")
    add(
        "--temperature_increment_on_fallback",
        type=_or_none(_number),
        default=0.2,
        help="steps up to 1.0 after failures; None: no fallback",
    )
    add(
        "--compression_ratio_threshold",
        type=_or_none(_number),
        default=2.4,
        help="above: a failure",
    )
    add("--logprob_threshold", type=_or_none(_number), default=-1.0, help="below: failed")
    add("--no_speech_threshold", type=_or_none(_number), default=0.6, help="above: silence")
    add("--word_timestamps", type=_boolean, default=False, help="find when each word is spoken")
    add("--prepend_punctuations", default=PREPENDED, help="marks that belong to the next word")
    add("--append_punctuations", default=APPENDED, help="marks that belong to the word before")
    add("--batch_size", type=int, default=8, help="windows decoded together; 1: in sequence")
    add("--highlight_words", type=_boolean, default=False, help="underline words in time")
    add("--max_line_width", type=_or_none(int), help="characters in a subtitle's line")
    add("--max_line_count", type=_or_none(int), help="lines in a subtitle")
    add("--max_words_per_line", type=_or_none(int), help="words in a subtitle")
    add("--threads", type=int, default=0, help="refused unless 0: numpy's threads are its own")
    add("--clip_timestamps", default="0", help="start,end,start,end,... in seconds to transcribe")
    add(
        "--hallucination_silence_threshold",
        type=_or_none(_number),
        help="seconds of silence around unlikely text from which on it is skipped",
    )
    return parser


def _transcribe_file(
    model: SpeechModel,
    name: str,
    arguments: argparse.Namespace,
    options: TranscriptionOptions,
    subtitle_options: SubtitleOptions,
) -> float:
    """The seconds of audio."""
    with model.ledger.on_host("audio", "decoding", "resampling"):
        audio, damage = audio_and_damage(name)
    for each in damage:
        _say(each)
    with _listener(arguments.verbose) as listener:
        result = transcribe_audio(model, audio, options, listener=listener)
    output_name = "stdin" if name == STANDARD_INPUT else name
    write_files(
        result, output_name, arguments.output_dir, arguments.output_format, subtitle_options
    )
    return len(audio) / SAMPLE_RATE


def _report_path(given: str | None) -> Path | None:
    """Where the report goes, once it is sure that a file can be written there."""
    if given is None:
        return None
    path = Path(given)
    if path.is_dir():
        raise UsageError(f"--report_file {given!r} is a folder", fix=f"{path / 'report.json'}")
    require_writable(path.parent)
    return path


def _transcription_options(arguments: argparse.Namespace) -> TranscriptionOptions:
    start, step = arguments.temperature, arguments.temperature_increment_on_fallback
    if step is not None and step <= 0:
        raise UsageError(f"--temperature_increment_on_fallback {step} does not rise", fix="None")
    if step is not None and (1.0 - start) / step > MOST_STEPS:
        raise UsageError(
            f"--temperature_increment_on_fallback {step} is too small",
            because=f"from {start} to 1.0 it makes more than {MOST_STEPS} steps",
        )
    # As openai-whisper steps, so that the third is 0.6000000000000001 in both.
    falls_back = step is not None and start <= 1.0
    several = np.arange(start, 1.0 + 1e-6, step).tolist() if falls_back else []
    given = vars(arguments)
    names = (
        *("compression_ratio_threshold", "logprob_threshold", "no_speech_threshold"),
        *("condition_on_previous_text", "initial_prompt", "carry_initial_prompt"),
        *("word_timestamps", "prepend_punctuations", "append_punctuations", "clip_timestamps"),
        *("hallucination_silence_threshold", "task", "language", "best_of", "beam_size"),
        *("patience", "length_penalty", "suppress_tokens", "batch_size"),
    )
    return TranscriptionOptions(
        temperature=tuple(several) or (start,), **{name: given[name] for name in names}
    )


def _subtitle_options(arguments: argparse.Namespace) -> SubtitleOptions:
    given = {name: getattr(arguments, name) for name in SUBTITLE_OPTIONS}
    for name, value in given.items():
        if value and not arguments.word_timestamps:
            raise UsageError(f"--{name} needs --word_timestamps True")
    if arguments.max_line_count and not arguments.max_line_width:
        _say("--max_line_count has no effect without --max_line_width")
    if arguments.max_words_per_line and arguments.max_line_width:
        _say("--max_words_per_line has no effect with --max_line_width")
    return SubtitleOptions(**given)


@contextmanager
def _listener(verbose: bool | None) -> Iterator[Listener]:
    """Prints the text as it comes, or shows a bar of frames on standard error.

    Nothing is printed where a shell closed standard output, which Python then has as None.
    """

    def say_language(code: str) -> None:
        print(f"Detected language: {LANGUAGES[code].title()}")

    if verbose is None or sys.stdout is None:
        yield Listener()
        return
    if verbose:
        yield Listener(language=say_language, segments=_print_segments)
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("frames", total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield Listener(language=say_language, progress=show)


def _print_segments(segments: list[Segment]) -> None:
    for segment in segments:
        line = f"[{time_as_text(segment.start)} --> {time_as_text(segment.end)}] {segment.text}"
        encoding = sys.stdout.encoding or "utf-8"
        print(line.encode(encoding, "replace").decode(encoding), flush=True)


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _boolean(text: str) -> bool:
    values = {"True": True, "False": False}
    if text not in values:
        raise argparse.ArgumentTypeError(f"{text!r} is not True or False")
    return values[text]


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number")
    return number


def _or_none(kind: Callable[[str], Any]) -> Callable[[str], Any]:
    def parse(text: str) -> Any:
        return None if text == "None" else kind(text)

    parse.__name__ = kind.__name__
    return parse


def _language(text: str) -> str | None:
    """As given, once it is known that there is such a language."""
    if text == "None":
        return None
    try:
        language_code(text)
    except UsageError as error:
        near = error.fix or f"{len(LANGUAGES) + len(ALIASES)} names"
        raise argparse.ArgumentTypeError(f"{error.what}; try {near}") from error
    return text
