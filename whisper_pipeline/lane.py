"""A run of audio being transcribed in order: which window comes next, and what its text changes.

A lane holds what one window hands on to the next: where it ended, what was said (the next prompt),
and when the last word was spoken. It asks for windows and takes their decoded texts; who decodes
them, alone or together with those of other lanes, is not its business.
"""

from dataclasses import dataclass, field

from whisper_pipeline.decoding_options import DecodingResult
from whisper_pipeline.hallucinations import skip_hallucinations
from whisper_pipeline.log_mel import FRAMES_PER_SECOND, WINDOW_FRAMES
from whisper_pipeline.ops import Buffer
from whisper_pipeline.segments import Segment, Window, cut_at_times, last_end
from whisper_pipeline.speech_model import SpeechModel
from whisper_pipeline.tokenizer import Tokenizer
from whisper_pipeline.transcription_options import TranscriptionOptions
from whisper_pipeline.word_rules import add_words
from whisper_pipeline.word_timing import time_words

CONDITIONING_LIMIT = 0.5
"""A text sampled at a higher temperature is not given to the next window."""


@dataclass
class Lane:
    """clips: first and last frame of each part of the audio, in the order of transcription.

    content_frames:  of the whole audio.
    conditioned:     whether windows are given the text before them; without it every window is
                     given the initial prompt.
    tokens:          of the initial prompt and of all segments so far.
    prompt_since:    the place in `tokens` from which on they are given to the next window.
    last_speech_end: seconds at which the last word ends.
    """

    model: SpeechModel
    tokenizer: Tokenizer
    options: TranscriptionOptions
    clips: list[tuple[int, int]]
    content_frames: int
    conditioned: bool = True
    last_speech_end: float = 0.0
    seek: int = 0
    segments: list[Segment] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    initial_prompt: list[int] = field(default_factory=list)
    prompt_since: int = 0

    def __post_init__(self) -> None:
        self.frame_count = sum(end - start for start, end in self.clips)
        self.seek = self.clips[0][0] if self.clips else 0
        if self.options.initial_prompt is not None:
            text = " " + self.options.initial_prompt.strip()
            self.initial_prompt = self.tokenizer.encode(text)
            self.tokens = list(self.initial_prompt)

    @property
    def is_done(self) -> bool:
        return not self.clips

    @property
    def done_frames(self) -> int:
        """Of the clips' `frame_count`."""
        left = sum(end - start for start, end in self.clips[1:])
        return self.frame_count - left - (self.clips[0][1] - self.seek if self.clips else 0)

    @property
    def said(self) -> list[int]:
        """The tokens of all segments so far."""
        return self.tokens[len(self.initial_prompt) :]

    def window(self) -> Window:
        """The next window; there is one unless the lane is done."""
        return Window(self.seek, min(WINDOW_FRAMES, self.clips[0][1] - self.seek))

    def prompt(self) -> list[int]:
        """The tokens that the next window is given."""
        if not self.conditioned:
            return self.initial_prompt
        if not self.options.carry_initial_prompt:
            return self.tokens[self.prompt_since :]
        left = self.model.dimensions.n_text_ctx // 2 - 1 - len(self.initial_prompt)
        since = max(len(self.initial_prompt), self.prompt_since)
        return self.initial_prompt + self.tokens[since:][-left:]

    def take(self, window: Window, audio: Buffer, result: DecodingResult) -> list[Segment]:
        """Go on after `window`, given its states and its text; the segments that it adds."""
        segments, next_seek = self._segments_of(window, audio, result)
        end = self.clips[0][1]
        self.seek = next_seek if next_seek > window.seek else window.seek + window.size
        if self.seek >= end:
            self.clips = self.clips[1:]
            self.seek = self.clips[0][0] if self.clips else end
        return segments

    def _segments_of(
        self, window: Window, audio: Buffer, result: DecodingResult
    ) -> tuple[list[Segment], int]:
        if self.options.is_silence(result):
            return [], window.seek + window.size
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
                    return [], next_seek
            end = last_end(segments)
            if end is not None:
                self.last_speech_end = end
        self._keep(segments, result)
        return segments, next_seek

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
        for segment in segments:
            segment.clear_if_empty()
            self.tokens += segment.tokens
        self.segments += segments
        if not self.options.condition_on_previous_text or result.temperature > CONDITIONING_LIMIT:
            self.prompt_since = len(self.tokens)
