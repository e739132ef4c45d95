"""Segments: what a window's tokens say, from when to when; and where the next window begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from whisper_pipeline.decoding_options import DecodingResult
from whisper_pipeline.log_mel import FRAMES_PER_SECOND, HOP_SAMPLES, SAMPLE_RATE
from whisper_pipeline.tokenizer import SECONDS_PER_TIMESTAMP, Tokenizer

FRAMES_PER_TIMESTAMP = round(SECONDS_PER_TIMESTAMP * FRAMES_PER_SECOND)
"""2."""


@dataclass
class Word:
    """A word with its leading space and its punctuation; times in seconds of the audio."""

    word: str
    start: float
    end: float
    probability: float

    @property
    def duration(self) -> float:
        return self.end - self.start


@dataclass
class Segment:
    """start, end: seconds of the audio; seek: the frame at which its window begins.

    words: None where word times were not asked for.
    """

    seek: int
    start: float
    end: float
    text: str
    tokens: list[int]
    result: DecodingResult
    words: list[Word] | None = None

    def clear_if_empty(self) -> None:
        """A segment without duration or text stays, but says nothing."""
        if self.start == self.end or not self.text.strip():
            self.text, self.tokens, self.words = "", [], []

    def as_mapping(self, index: int) -> dict[str, Any]:
        """The segment with the keys, and the order of keys, of openai-whisper's result."""
        mapping: dict[str, Any] = {
            "id": index,
            "seek": self.seek,
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "tokens": self.tokens,
            "temperature": self.result.temperature,
            "avg_logprob": self.result.avg_logprob,
            "compression_ratio": self.result.compression_ratio,
            "no_speech_prob": self.result.no_speech_prob,
        }
        if self.words is not None:
            mapping["words"] = [vars(word) for word in self.words]
        return mapping


@dataclass(frozen=True)
class Window:
    """`size` frames of content from frame `seek`; the model sees them filled up to 30 s."""

    seek: int
    size: int

    @property
    def start(self) -> float:
        return seconds_of(self.seek)

    @property
    def duration(self) -> float:
        return seconds_of(self.size)


@dataclass(frozen=True)
class Cut:
    """A window's segments.

    next_seek:       the frame at which the next window begins.
    ends_with_time:  whether the last token is a time that follows text: nothing more was said.
    """

    segments: list[Segment]
    next_seek: int
    ends_with_time: bool


def seconds_of(frames: int) -> float:
    return frames * HOP_SAMPLES / SAMPLE_RATE


def cut_at_times(window: Window, result: DecodingResult, tokenizer: Tokenizer) -> Cut:
    """Cut a window's tokens into segments where two times follow each other.

    The text after the last pair is left to the next window, which begins at that time, unless the
    tokens end with a single time: then nothing was said after it. Without any pair everything is
    one segment, up to the last time if there is one.
    """
    tokens, first = result.tokens, tokenizer.first_timestamp
    is_time = [token >= first for token in tokens]
    ends_with_time = is_time[-2:] == [False, True]
    ends = [place for place in range(1, len(tokens)) if is_time[place - 1] and is_time[place]]

    def segment(start: float, end: float, own: Sequence[int]) -> Segment:
        text = tokenizer.decode([token for token in own if token < tokenizer.end_of_text])
        return Segment(window.seek, start, end, text, list(own), result)

    if not ends:
        times = [token - first for token in tokens if token >= first]
        last = times[-1] * SECONDS_PER_TIMESTAMP if times and times[-1] else window.duration
        whole = segment(window.start, window.start + last, tokens)
        return Cut([whole], window.seek + window.size, ends_with_time)

    if ends_with_time:
        ends.append(len(tokens))
    segments = []
    for begin, end in zip([0, *ends], ends, strict=False):
        own = tokens[begin:end]
        first_time, last_time = (
            window.start + (token - first) * SECONDS_PER_TIMESTAMP for token in (own[0], own[-1])
        )
        segments.append(segment(first_time, last_time, own))
    last_time_frames = (tokens[ends[-1] - 1] - first) * FRAMES_PER_TIMESTAMP
    advance = window.size if ends_with_time else last_time_frames
    return Cut(segments, window.seek + advance, ends_with_time)


def last_end(segments: Sequence[Segment]) -> float | None:
    """When the last word ends; without words, when the last segment does."""
    for segment in reversed(segments):
        if segment.words:
            return segment.words[-1].end
    return segments[-1].end if segments else None
