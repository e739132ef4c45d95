"""How audio is transcribed, with the names and defaults of openai-whisper's `transcribe`."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ironbird.base.errors import UsageError
from whisper_pipeline.decoding_options import DecodingOptions, DecodingResult
from whisper_pipeline.log_mel import FRAMES_PER_SECOND
from whisper_pipeline.option_types import refuse_wrong_types

PREPENDED = "\"'“¿([{-"
APPENDED = "\"'.。,，!！?？:：”)]}、"


@dataclass(frozen=True, kw_only=True)
class TranscriptionOptions:
    """From `task` on, the options of every window: see `DecodingOptions`.

    temperature:  one, or those to try one after the other until the text is no failure.
    compression_ratio_threshold: a text that compresses better repeats itself and is a failure.
    logprob_threshold: a text with a lower average log probability is a guess and a failure.
    no_speech_threshold: a window with a higher probability of no speech is left out, unless its
                  average log probability is above `logprob_threshold`; a guess about it is kept.
                  None switches a threshold off.
    condition_on_previous_text: whether a window is given the text before it.
    initial_prompt: text given to the first window, or with carry_initial_prompt to all.
    word_timestamps: whether to find when each word is spoken, which also sharpens segments.
    prepend_punctuations, append_punctuations: what is part of the next and of the previous word.
    clip_timestamps: start, end, start, end... in seconds of the parts to transcribe, also as text
                  with commas; the last end may be left out.
    hallucination_silence_threshold: with word times, seconds of silence around an unlikely text
                  from which on it is skipped; None for never.
    batch_size:   windows decoded together. 1 is openai-whisper's way; above it audio longer than
                  a window is cut at quiet places, every window is given the initial prompt, and
                  none the text before it.
    beam_size and patience apply at temperature 0, best_of above it.
    """

    temperature: float | Sequence[float] = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    compression_ratio_threshold: float | None = 2.4
    logprob_threshold: float | None = -1.0
    no_speech_threshold: float | None = 0.6
    condition_on_previous_text: bool = True
    initial_prompt: str | None = None
    carry_initial_prompt: bool = False
    word_timestamps: bool = False
    prepend_punctuations: str = PREPENDED
    append_punctuations: str = APPENDED
    clip_timestamps: str | Sequence[float] = "0"
    hallucination_silence_threshold: float | None = None
    batch_size: int = 8
    task: str = "transcribe"
    language: str | None = None
    sample_len: int | None = None
    best_of: int | None = None
    beam_size: int | None = None
    patience: float | None = None
    length_penalty: float | None = None
    prefix: str | Sequence[int] | None = None
    suppress_tokens: str | Sequence[int] | None = "-1"
    suppress_blank: bool = True
    without_timestamps: bool = False
    max_initial_timestamp: float | None = 1.0

    def __post_init__(self) -> None:
        refuse_wrong_types(self)
        if self.batch_size < 1:
            raise UsageError(f"batch_size={self.batch_size} is below 1")
        if not self.temperatures:
            raise UsageError("temperature holds no value", fix="0.0, or several to fall back to")
        for temperature in self.temperatures:
            self.decoding(temperature, language=None, prompt=())
        if self.hallucination_silence_threshold is not None and not self.word_timestamps:
            raise UsageError(
                "hallucination_silence_threshold needs word_timestamps",
                because="the silence around a text is measured between its words",
            )
        self.clips(0)

    @property
    def temperatures(self) -> tuple[float, ...]:
        """In the order in which they are tried."""
        return tuple(np.atleast_1d(self.temperature).tolist())

    def decoding(
        self, temperature: float, *, language: str | None, prompt: Sequence[int]
    ) -> DecodingOptions:
        """The options of one window at one temperature."""
        sampled = temperature > 0
        return DecodingOptions(
            task=self.task,
            language=language,
            temperature=temperature,
            sample_len=self.sample_len,
            best_of=self.best_of if sampled else None,
            beam_size=None if sampled else self.beam_size,
            patience=None if sampled else self.patience,
            length_penalty=self.length_penalty,
            prompt=prompt,
            prefix=self.prefix,
            suppress_tokens=self.suppress_tokens,
            suppress_blank=self.suppress_blank,
            without_timestamps=self.without_timestamps,
            max_initial_timestamp=self.max_initial_timestamp,
        )

    def clips(self, content_frames: int) -> list[tuple[int, int]]:
        """First and last frame of each part to transcribe; the content's end ends them all.

        Parts without a frame are left out.
        """
        seconds = self._clip_seconds()
        points = [round(each * FRAMES_PER_SECOND) for each in seconds if math.isfinite(each)] or [0]
        rises = min(points) >= 0 and points == sorted(points)
        if not rises or not all(map(math.isfinite, seconds)):
            raise UsageError(
                f"clip_timestamps={self.clip_timestamps!r} do not rise from 0",
                fix="start,end,start,end,... in seconds",
            )
        if len(points) % 2:
            points.append(max(content_frames, points[-1]))
        ends = [min(end, content_frames) for end in points[1::2]]
        clips = zip(points[::2], ends, strict=True)
        return [(start, end) for start, end in clips if start < end]

    def is_failure(self, result: DecodingResult) -> bool:
        """Whether to try again; a guess about a silent window is not worth it."""
        repeats = (
            self.compression_ratio_threshold is not None
            and result.compression_ratio > self.compression_ratio_threshold
        )
        guess = self.logprob_threshold is not None and result.avg_logprob < self.logprob_threshold
        return (repeats or guess) and not (guess and self._seems_silent(result))

    def is_silence(self, result: DecodingResult) -> bool:
        """Whether to leave the window out."""
        sure = self.logprob_threshold is not None and result.avg_logprob > self.logprob_threshold
        return self._seems_silent(result) and not sure

    def _seems_silent(self, result: DecodingResult) -> bool:
        threshold = self.no_speech_threshold
        return threshold is not None and result.no_speech_prob > threshold

    def _clip_seconds(self) -> list[float]:
        if not isinstance(self.clip_timestamps, str):
            return [float(seconds) for seconds in self.clip_timestamps]
        try:
            return [float(part) for part in self.clip_timestamps.split(",") if part]
        except ValueError as error:
            raise UsageError(
                f"clip_timestamps={self.clip_timestamps!r} are not numbers",
                fix="start,end,start,end,... in seconds",
            ) from error
