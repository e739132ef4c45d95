"""A result's segments, or its words, as subtitles: from when to when which lines are shown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ironbird.base.errors import UsageError

LONG_PAUSE_SECONDS = 3.0
NO_LIMIT = 1000
"""Characters in a line, words in a subtitle."""

Result = Mapping[str, Any]
"""openai-whisper's result dictionary."""
TimedText = tuple[float, float, str]
Words = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class SubtitleOptions:
    """Only for results with words. None is no limit.

    max_line_width:     characters in a line.
    max_line_count:     lines in a subtitle; with a line width, segments no longer end subtitles.
    max_words_per_line: words in a subtitle; without effect beside a line width.
    highlight_words:    one subtitle a word, the word that is spoken underlined.
    """

    max_line_width: int | None = None
    max_line_count: int | None = None
    max_words_per_line: int | None = None
    highlight_words: bool = False

    def __post_init__(self) -> None:
        for name in ("max_line_width", "max_line_count", "max_words_per_line"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise UsageError(f"{name}={value} is below 1")


def subtitles(result: Result, options: SubtitleOptions) -> Iterator[TimedText]:
    """Start, end (seconds) and text of each subtitle, in order."""
    segments = result["segments"]
    if not segments or not all("words" in segment for segment in segments):
        for segment in segments:
            text = segment["text"].strip().replace("-->", "->")
            yield segment["start"], segment["end"], text
        return
    for words in _grouped(segments, options):
        text = "".join(word["word"] for word in words)
        if options.highlight_words:
            yield from _highlighted(words, text)
        else:
            yield words[0]["start"], words[-1]["end"], text


def _grouped(segments: Sequence[Mapping[str, Any]], options: SubtitleOptions) -> Iterator[Words]:
    """The words of each subtitle, with line breaks in front of those that begin a line."""
    follows_segments = options.max_line_count is None or options.max_line_width is None
    line_width = options.max_line_width or NO_LIMIT
    subtitle: Words = []
    line_length, line_count = 0, 1
    last_start = _first_start(segments) or 0.0
    for words in _chunks(segments, options.max_words_per_line or NO_LIMIT):
        for place, original in enumerate(words):
            word = dict(original)
            pause = not follows_segments and word["start"] - last_start > LONG_PAUSE_SECONDS
            next_segment = place == 0 and bool(subtitle) and follows_segments
            fits = line_length > 0 and line_length + len(word["word"]) <= line_width
            if fits and not pause and not next_segment:
                line_length += len(word["word"])
            else:
                word["word"] = word["word"].strip()
                full = options.max_line_count is not None and (
                    pause or line_count >= options.max_line_count
                )
                if (subtitle and full) or next_segment:
                    yield subtitle
                    subtitle, line_count = [], 1
                elif line_length > 0:
                    line_count += 1
                    word["word"] = "\n" + word["word"]
                line_length = len(word["word"].strip())
            subtitle.append(word)
            last_start = word["start"]
    if subtitle:
        yield subtitle


def _chunks(segments: Sequence[Mapping[str, Any]], word_count: int) -> Iterator[Words]:
    for segment in segments:
        words = segment["words"]
        for first in range(0, len(words), word_count):
            yield words[first : first + word_count]


def _highlighted(words: Words, text: str) -> Iterator[TimedText]:
    """One subtitle a word, and the plain text where nothing is spoken between two.

    Times count as equal where they are written the same, to the millisecond.
    """
    last_end = words[0]["start"]
    for place, word in enumerate(words):
        if _milliseconds(last_end) != _milliseconds(word["start"]):
            yield last_end, word["start"], text
        underlined = re.sub(r"^(\s*)(.*)$", r"\1<u>\2</u>", word["word"])
        texts = [underlined if n == place else other["word"] for n, other in enumerate(words)]
        yield word["start"], word["end"], "".join(texts)
        last_end = word["end"]


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000.0)


def _first_start(segments: Sequence[Mapping[str, Any]]) -> float | None:
    for segment in segments:
        if segment["words"]:
            return float(segment["words"][0]["start"])
    return float(segments[0]["start"]) if segments else None
