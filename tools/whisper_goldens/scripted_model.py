"""A model that answers by formula: what it says depends on the window and the text so far.

It is not a network but behaves like one that is sometimes right: it gives words, times that
advance, ends, repetitions, silence and nonsense, so that every branch of transcription is met.
The features of its audio are frame numbers, so it knows which window it hears.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from tools.whisper_goldens.random_model import small_dimensions
from whisper_pipeline.checkpoint import HeadPlaces
from whisper_pipeline.dimensions import ModelDimensions
from whisper_pipeline.ledger import Ledger
from whisper_pipeline.log_mel import WINDOW_FRAMES, Features
from whisper_pipeline.ops import Array, Buffer, Tokens
from whisper_pipeline.tokenizer import Tokenizer, tokenizer_for

WORDS = (
    ' the quick brown fox, jumps over: the lazy dog. It\'s (really) "so" naïve! Why? 日本語 – ok'
)
TIMED_HEADS = ((1, 0), (1, 1))


def scripted_features(content_frames: int, mel_count: int = 80) -> Features:
    """Row 0 is the frame's number plus 1; a window of silence follows."""
    features = np.zeros((mel_count, content_frames + WINDOW_FRAMES), np.float32)
    features[0] = np.arange(features.shape[1]) + 1
    return features


@dataclass(frozen=True)
class ScriptedModel:
    """`whisper_pipeline.speech_model.SpeechModel`; every seed tells another story."""

    seed: int
    vocabulary: int = 51865
    timing_heads: HeadPlaces = TIMED_HEADS
    ledger: Ledger = field(default_factory=Ledger, compare=False)

    @property
    def dimensions(self) -> ModelDimensions:
        return small_dimensions(self.vocabulary)

    @property
    def tokenizer(self) -> Tokenizer:
        return tokenizer_for(self.vocabulary)

    def encode(self, features: Array) -> Buffer:
        """The number of each window's first frame."""
        return features[:, 0, 0].astype(np.int64)

    def select(self, audio: Buffer, windows: Sequence[int]) -> Buffer:
        return audio[list(windows)]

    def begin(self, audio: Buffer, audio_count: int, rows_per_audio: int) -> "ScriptedState":
        windows = [int(window) for window in audio for _ in range(rows_per_audio)]
        return ScriptedState(self, windows, [[] for _ in windows])

    def timing_scores(self, tokens: Sequence[int], audio: Buffer) -> tuple[Array, Array]:
        window = int(audio[0])
        logits = np.stack(
            [self.next_logits(window, tokens[: place + 1]) for place in range(len(tokens))]
        )
        return logits, self.attention(window, tokens)

    def attention(self, window: int, tokens: Sequence[int]) -> Array:
        """[heads, tokens, 1500]: each token a bit later than the one before it, with leaps."""
        draw = self._draw(window, tokens)
        steps = draw.exponential(1, len(tokens)) * draw.choice([0.2, 1, 6], len(tokens))
        places = np.cumsum(steps) / steps.sum() * draw.choice([300, 900, 1500])
        distance = np.arange(1500) - places[:, None]
        bump = 6 * np.exp(-((distance / 12) ** 2))
        noise = draw.standard_normal((len(self.timing_heads), len(tokens), 1500))
        return np.asarray(bump + noise, np.float32)

    def next_logits(self, window: int, history: Sequence[int]) -> Array:
        """The logits after `history`, all tokens so far."""
        tokenizer, draw = self.tokenizer, self._draw(window, history)
        logits = np.roll(_noise(self.vocabulary), int(draw.integers(self.vocabulary)))
        mood = np.random.default_rng([self.seed, window]).choice(
            ["speech", "repetition", "silence", "unsure"], p=[0.7, 0.1, 0.1, 0.1]
        )
        if history[-1] == tokenizer.start_of_transcript:
            logits[tokenizer.language_tokens[int(draw.integers(4))]] += 12
            logits[tokenizer.no_speech] += 20 if mood == "silence" else 5
        confidence = {"unsure": 3, "silence": draw.choice([6, 14])}.get(str(mood), 15)
        words = tokenizer.encode(WORDS)
        word = words[3] if mood == "repetition" else words[int(draw.integers(len(words)))]
        logits[word] += confidence
        last_time = max((t for t in history if t >= tokenizer.first_timestamp), default=None)
        since_time = (
            len(history) if last_time is None else history[::-1].index(last_time)  # type: ignore[index]
        )
        first = tokenizer.first_timestamp if last_time is None else last_time
        ahead = int(draw.integers(1, 200)) if since_time else 0
        if draw.random() < (0.1 if since_time else 0.7) or last_time is None:
            logits[min(first + ahead, self.vocabulary - 1)] += confidence + 3
        if last_time is not None and draw.random() < (0.03 if since_time else 0.15):
            logits[tokenizer.end_of_text] += confidence + 4
        return logits

    def _draw(self, window: int, tokens: Sequence[int]) -> np.random.Generator:
        content = np.asarray(tokens, np.int64).tobytes()
        return np.random.default_rng([self.seed, window, zlib.crc32(content)])


@cache
def _noise(vocabulary: int) -> Array:
    """Drawing it anew for every token would take longer than all the rest."""
    return np.random.default_rng(vocabulary).standard_normal(vocabulary, np.float32)


@dataclass
class ScriptedState:
    """Remembers each row's tokens."""

    model: ScriptedModel
    windows: list[int]
    histories: list[list[int]] = field(default_factory=list)

    def logits(self, tokens: Tokens, positions: Sequence[int]) -> Array:
        before = [list(history) for history in self.histories]
        self.histories = [
            history + row for history, row in zip(self.histories, tokens.tolist(), strict=True)
        ]
        return np.stack(
            [
                np.stack(
                    [
                        self.model.next_logits(window, history[: len(old) + place + 1])
                        for place in positions
                    ]
                )
                for window, old, history in zip(self.windows, before, self.histories, strict=True)
            ]
        )

    def rearrange(self, source_rows: Sequence[int]) -> None:
        self.histories = [self.histories[row] for row in source_rows]
