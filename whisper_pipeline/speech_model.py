"""What decoding asks of a model. `whisper_pipeline.model.Whisper` is one; tests script others."""

from collections.abc import Sequence
from typing import Protocol

from whisper_pipeline.checkpoint import HeadPlaces
from whisper_pipeline.dimensions import ModelDimensions
from whisper_pipeline.ledger import Ledger
from whisper_pipeline.ops import Array, Buffer, Tokens


class TextState(Protocol):
    """Texts being decoded together."""

    def logits(self, tokens: Tokens, positions: Sequence[int]) -> Array:
        """Append tokens [rows, count]; logits [rows, len(positions), n_vocab] at some of them."""

    def rearrange(self, source_rows: Sequence[int]) -> None:
        """Row i goes on from what row `source_rows[i]` was."""


class SpeechModel(Protocol):
    """Features to audio states, tokens and audio states to logits."""

    @property
    def dimensions(self) -> ModelDimensions: ...

    @property
    def timing_heads(self) -> HeadPlaces: ...

    @property
    def ledger(self) -> Ledger:
        """What was computed where; whoever computes for the model on the host adds to it."""

    def encode(self, features: Array) -> Buffer:
        """Windows of features [rows, n_mels, 3000] to audio states, kept by the model."""

    def select(self, audio: Buffer, windows: Sequence[int]) -> Buffer:
        """The audio states of some of the windows."""

    def begin(self, audio: Buffer, audio_count: int, rows_per_audio: int) -> TextState:
        """Start texts about `audio_count` windows, several for each."""

    def timing_scores(self, tokens: Sequence[int], audio: Buffer) -> tuple[Array, Array]:
        """One text about one window: its logits, and what the timing heads attend to."""
