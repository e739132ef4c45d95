"""A transcription's files: txt, vtt, srt, tsv, json, to the byte as openai-whisper writes them.

A file appears whole or not at all: it is written beside its place and then renamed.
"""

import io
import json
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import TextIO

from ironbird.base.errors import ToolError, UsageError
from whisper_pipeline.subtitles import Result, SubtitleOptions, subtitles
from whisper_pipeline.times_as_text import time_as_text

Writer = Callable[[Result, SubtitleOptions, TextIO], None]

ALL = "all"


def write_txt(result: Result, options: SubtitleOptions, file: TextIO) -> None:
    """One line a segment."""
    for segment in result["segments"]:
        print(segment["text"].strip(), file=file)


def write_vtt(result: Result, options: SubtitleOptions, file: TextIO) -> None:
    """WebVTT, hours only where there are any."""
    print("WEBVTT\n", file=file)
    for start, end, text in subtitles(result, options):
        print(f"{time_as_text(start)} --> {time_as_text(end)}\n{text}\n", file=file)


def write_srt(result: Result, options: SubtitleOptions, file: TextIO) -> None:
    """SubRip: numbered, hours always, a comma before milliseconds."""
    for number, (start, end, text) in enumerate(subtitles(result, options), start=1):
        first, last = (time_as_text(t, always_hours=True, decimal_mark=",") for t in (start, end))
        print(f"{number}\n{first} --> {last}\n{text}\n", file=file)


def write_tsv(result: Result, options: SubtitleOptions, file: TextIO) -> None:
    """Start and end in whole milliseconds, and the text, with tabs between."""
    print("start", "end", "text", sep="\t", file=file)
    for segment in result["segments"]:
        text = segment["text"].strip().replace("\t", " ")
        start, end = (round(1000 * segment[side]) for side in ("start", "end"))
        print(start, end, text, sep="\t", file=file)


def write_json(result: Result, options: SubtitleOptions, file: TextIO) -> None:
    """The result dictionary as it is."""
    json.dump(result, file)


WRITERS: Mapping[str, Writer] = {
    "txt": write_txt,
    "vtt": write_vtt,
    "srt": write_srt,
    "tsv": write_tsv,
    "json": write_json,
}


def as_text(result: Result, output_format: str, options: SubtitleOptions | None = None) -> str:
    """What the file of one format holds."""
    file = io.StringIO()
    WRITERS[output_format](result, options or SubtitleOptions(), file)
    return file.getvalue()


def write_files(
    result: Result,
    audio_name: str,
    folder: str | Path,
    output_format: str = ALL,
    options: SubtitleOptions | None = None,
) -> list[Path]:
    """Write one format or all into `folder`, named after the audio; the files that now exist.

    Raises UsageError for an unknown format, ToolError where a file cannot be written.
    """
    if output_format not in (*WRITERS, ALL):
        raise UsageError(
            f"the output format {output_format!r} is not known",
            fix=f"one of {', '.join((*WRITERS, ALL))}",
        )
    formats = list(WRITERS) if output_format == ALL else [output_format]
    stem = os.path.splitext(os.path.basename(audio_name))[0]
    written = []
    for extension in formats:
        path = Path(folder) / f"{stem}.{extension}"
        write_whole(path, as_text(result, extension, options))
        written.append(path)
    return written


def require_writable(folder: Path) -> None:
    """Make the folder, and a file in it, before hours go into what is to be written there.

    Raises ToolError where that cannot be.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        is_file = folder.exists() and not folder.is_dir()
        raise ToolError(
            f"files cannot be written into {folder}",
            because="it is not a folder" if is_file else error.strerror,
            fix="another folder",
        ) from error


def write_whole(path: Path, text: str) -> None:
    """A file with all of the text or, if it cannot be written, none. Raises ToolError."""
    # Not made of the file's own name, which may be as long as names can be.
    unfinished = path.parent / f".{secrets.token_hex(8)}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            unfinished.write_text(text, encoding="utf-8")
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise ToolError(
            f"{path} cannot be written", because=error.strerror or str(error)
        ) from error
