"""Audio of any length to text: window after window, each beginning where the last one's text ended.

This is openai-whisper's sequential mode, with its result: a dictionary of `text`, `segments` and
`language`. Two ways in which that program would never end are closed: a window always moves on,
and clips end with the audio.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from whisper_pipeline.decoding import decode
from whisper_pipeline.decoding_options import DecodingResult
from whisper_pipeline.hallucinations import skip_hallucinations
from whisper_pipeline.language_detection import detect_language
from whisper_pipeline.log_mel import (
    FRAMES_PER_SECOND,
    WINDOW_FRAMES,
    WINDOW_SAMPLES,
    Features,
    log_mel,
    window_of,
)
from whisper_pipeline.ops import Array, Buffer
from whisper_pipeline.segments import Segment, Window, cut_at_times, last_end
from whisper_pipeline.speech_model import SpeechModel
from whisper_pipeline.tokenizer import Tokenizer, tokenizer_for
from whisper_pipeline.transcription_options import TranscriptionOptions
from whisper_pipeline.word_rules import add_words
from whisper_pipeline.word_timing import time_words

CONDITIONING_LIMIT = 0.5
"""A text sampled at a higher temperature is not given to the next window."""


@dataclass(frozen=True)
class Listener:
    """What wants to know how far a transcription is.

    language: called once with the code of a detected language.
    segments: called with the segments of each window.
    progress: called with the frames done and all frames.
    """

    language: Callable[[str], None] = lambda code: None
    segments: Callable[[list[Segment]], None] = lambda segments: None
    progress: Callable[[int, int], None] = lambda done, total: None


def transcribe_audio(
    model: SpeechModel,
    audio: Array,
    options: TranscriptionOptions,
    *,
    listener: Listener | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Samples at 16 kHz to openai-whisper's result dictionary.

    seed: of sampling above temperature 0, so that a run can be repeated.
    """
    features = log_mel(audio, model.dimensions.n_mels, padding_samples=WINDOW_SAMPLES)
    return transcribe_features(model, features, options, listener=listener, seed=seed)


def transcribe_features(
    model: SpeechModel,
    features: Features,
    options: TranscriptionOptions,
    *,
    listener: Listener | None = None,
    seed: int = 0,
) -> dict[str, Any]:
    """Features of the whole audio, followed by a window of silence, to the result dictionary."""
    listener = listener or Listener()
    language = options.language
    if language is None:
        language = _language_of(model, features)
        if tokenizer_for(model.dimensions.n_vocab).is_multilingual:
            listener.language(language)
    tokenizer = tokenizer_for(model.dimensions.n_vocab, language=language, task=options.task)
    run = _Run(model, features, options, tokenizer, listener, np.random.default_rng(seed))
    for start, end in options.clips(run.content_frames):
        seek = start
        while seek < end:
            window = Window(seek, min(WINDOW_FRAMES, end - seek))
            after = run.transcribe_window(window)
            seek = after if after > seek else seek + window.size
            listener.progress(min(seek, run.content_frames), run.content_frames)
    return {
        "text": tokenizer.decode(run.tokens[len(run.initial_prompt) :]),
        "segments": [segment.as_mapping(index) for index, segment in enumerate(run.segments)],
        "language": language,
    }


@dataclass
class _Run:
    """A transcription under way.

    tokens:       of the initial prompt and of all segments so far.
    prompt_since: the place in `tokens` from which on they are given to the next window.
    """

    model: SpeechModel
    features: Features
    options: TranscriptionOptions
    tokenizer: Tokenizer
    listener: Listener
    random: np.random.Generator
    segments: list[Segment] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    initial_prompt: list[int] = field(default_factory=list)
    prompt_since: int = 0
    last_speech_end: float = 0.0

    def __post_init__(self) -> None:
        if self.options.initial_prompt is not None:
            text = " " + self.options.initial_prompt.strip()
            self.initial_prompt = self.tokenizer.encode(text)
            self.tokens = list(self.initial_prompt)

    @property
    def content_frames(self) -> int:
        return int(self.features.shape[1]) - WINDOW_FRAMES

    def transcribe_window(self, window: Window) -> int:
        """Transcribe one window; the frame at which the next one begins."""
        features = window_of(self.features, window.seek, window.size)
        audio = self.model.encode(features[None])
        result = self._decode(audio)
        if self.options.is_silence(result):
            return window.seek + window.size
        cut = cut_at_times(window, result, self.tokenizer)
        segments, next_seek = cut.segments, cut.next_seek
        if self.options.word_timestamps:
            self._add_words(segments, audio, window)
            end = last_end(segments)
            if not cut.ends_with_time and end is not None and end > window.start:
                next_seek = round(end * FRAMES_PER_SECOND)
            threshold = self.options.hallucination_silence_threshold
            if threshold is not None:
                skip = skip_hallucinations(
                    segments,
                    window,
                    next_seek,
                    ends_with_time=cut.ends_with_time,
                    threshold=threshold,
                    last_speech_end=self.last_speech_end,
                    content_frames=self.content_frames,
                )
                segments, next_seek = skip.segments, skip.next_seek
                if skip.drops_window:
                    return next_seek
            end = last_end(segments)
            if end is not None:
                self.last_speech_end = end
        self._keep(segments, result)
        return next_seek

    def _decode(self, audio: Buffer) -> DecodingResult:
        """The first temperature's text that is no failure, or the last one's."""
        options, prompt = self.options, self._prompt()
        for temperature in options.temperatures:
            window_options = options.decoding(
                temperature, language=self.tokenizer.language, prompt=prompt
            )
            result = decode(self.model, audio, 1, window_options, self.random)[0]
            if not options.is_failure(result):
                break
        return result

    def _prompt(self) -> list[int]:
        if not self.options.carry_initial_prompt:
            return self.tokens[self.prompt_since :]
        left = self.model.dimensions.n_text_ctx // 2 - 1 - len(self.initial_prompt)
        since = max(len(self.initial_prompt), self.prompt_since)
        return self.initial_prompt + self.tokens[since:][-left:]

    def _add_words(self, segments: list[Segment], audio: Buffer, window: Window) -> None:
        texts = [
            [token for token in segment.tokens if token < self.tokenizer.end_of_text]
            for segment in segments
        ]
        text_tokens = [token for text in texts for token in text]
        add_words(
            segments,
            time_words(self.model, audio, self.tokenizer, text_tokens, window.size),
            [len(text) for text in texts],
            prepended=self.options.prepend_punctuations,
            appended=self.options.append_punctuations,
            last_speech_end=self.last_speech_end,
        )

    def _keep(self, segments: list[Segment], result: DecodingResult) -> None:
        self.listener.segments(segments)
        for segment in segments:
            segment.clear_if_empty()
            self.tokens += segment.tokens
        self.segments += segments
        if not self.options.condition_on_previous_text or result.temperature > CONDITIONING_LIMIT:
            self.prompt_since = len(self.tokens)


def _language_of(model: SpeechModel, features: Features) -> str:
    """The likeliest language of the first 30 s; English for English-only models."""
    if not tokenizer_for(model.dimensions.n_vocab).is_multilingual:
        return "en"
    audio = model.encode(window_of(features, 0, WINDOW_FRAMES)[None])
    found = detect_language(model, audio, 1)[0]
    return max(found, key=lambda code: found[code])
