"""Which tokens may come next: filters that set the logits of the others to minus infinity.

Each filter changes logits [rows, vocabulary] in place, given all tokens so far [rows, length];
tokens before `sample_begin` were not sampled. The rules are those of openai-whisper, bit for bit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ironbird.base.errors import UsageError
from whisper_pipeline.decoding_options import DecodingOptions
from whisper_pipeline.dimensions import ModelDimensions
from whisper_pipeline.log_mel import WINDOW_SECONDS
from whisper_pipeline.ops import Array, Tokens
from whisper_pipeline.tokenizer import Tokenizer


class LogitFilter(Protocol):
    def apply(self, logits: Array, tokens: Tokens) -> None: ...


@dataclass(frozen=True)
class SuppressBlank:
    """The first sampled token is neither a space nor the end."""

    tokenizer: Tokenizer
    sample_begin: int

    def apply(self, logits: Array, tokens: Tokens) -> None:
        if tokens.shape[1] == self.sample_begin:
            logits[:, [*self.tokenizer.encode(" "), self.tokenizer.end_of_text]] = -np.inf


@dataclass(frozen=True)
class SuppressTokens:
    """Some tokens never come."""

    suppressed: npt.NDArray[np.int64]

    def apply(self, logits: Array, tokens: Tokens) -> None:
        logits[:, self.suppressed] = -np.inf


@dataclass(frozen=True)
class TimestampRules:
    """Times come first, in pairs between texts, never decreasing, and when they are likelier.

    last_initial: the latest first time as an index of timestamps, or None.
    """

    tokenizer: Tokenizer
    sample_begin: int
    last_initial: int | None

    def apply(self, logits: Array, tokens: Tokens) -> None:
        first_timestamp = self.tokenizer.first_timestamp
        logits[:, self.tokenizer.no_timestamps] = -np.inf
        for row, sampled in zip(logits, tokens[:, self.sample_begin :], strict=True):
            self._keep_pairs(row, sampled)
            self._keep_order(row, sampled)
        if tokens.shape[1] == self.sample_begin:
            logits[:, :first_timestamp] = -np.inf
            if self.last_initial is not None:
                logits[:, first_timestamp + self.last_initial + 1 :] = -np.inf
        for row in logits:
            if _log_sum_exp(row[first_timestamp:]) > row[:first_timestamp].max():
                row[:first_timestamp] = -np.inf

    def _keep_pairs(self, row: Array, sampled: npt.NDArray[np.int64]) -> None:
        """After a pair of times text, after a single time a time or the end.

        The first time counts as the second of a pair.
        """
        if not self._ends_with_time(sampled):
            return
        if self._ends_with_time(sampled[:-1]) or len(sampled) < 2:
            row[self.tokenizer.first_timestamp :] = -np.inf
        else:
            row[: self.tokenizer.end_of_text] = -np.inf

    def _keep_order(self, row: Array, sampled: npt.NDArray[np.int64]) -> None:
        """Only the second of a pair may equal the time before it: segments are not empty."""
        times = sampled[sampled >= self.tokenizer.first_timestamp]
        if not len(times):
            return
        closes = self._ends_with_time(sampled) and not (
            self._ends_with_time(sampled[:-1]) or len(sampled) < 2
        )
        least = int(times[-1]) if closes else int(times[-1]) + 1
        row[self.tokenizer.first_timestamp : least] = -np.inf

    def _ends_with_time(self, sampled: npt.NDArray[np.int64]) -> bool:
        return len(sampled) > 0 and bool(sampled[-1] >= self.tokenizer.first_timestamp)


def filters_for(
    options: DecodingOptions, tokenizer: Tokenizer, dimensions: ModelDimensions, sample_begin: int
) -> list[LogitFilter]:
    """The filters that the options ask for, in the order in which they apply."""
    filters: list[LogitFilter] = []
    if options.suppress_blank:
        filters.append(SuppressBlank(tokenizer, sample_begin))
    if options.suppressed:
        filters.append(SuppressTokens(np.array(suppressed_tokens(options.suppressed, tokenizer))))
    if not options.without_timestamps:
        last_initial = None
        if options.max_initial_timestamp:
            seconds_per_position = WINDOW_SECONDS / dimensions.n_audio_ctx
            last_initial = round(options.max_initial_timestamp / seconds_per_position)
        filters.append(TimestampRules(tokenizer, sample_begin, last_initial))
    return filters


def suppressed_tokens(wanted: Iterable[int], tokenizer: Tokenizer) -> list[int]:
    """`wanted` with -1 spelled out, and the special tokens that never follow text."""
    suppressed = set(wanted)
    for token in suppressed:
        if not -1 <= token < tokenizer.vocabulary_size:
            raise UsageError(
                f"the token {token} cannot be suppressed",
                because=f"the vocabulary has {tokenizer.vocabulary_size} tokens",
            )
    if -1 in suppressed:
        suppressed |= set(tokenizer.not_speech_tokens)
        suppressed = {token for token in suppressed if token >= 0}
    return sorted(
        suppressed
        | {
            tokenizer.transcribe,
            tokenizer.translate,
            tokenizer.start_of_transcript,
            tokenizer.start_of_previous,
            tokenizer.start_of_language_model,
            tokenizer.no_speech,
        }
    )


def _log_sum_exp(values: Array) -> np.float32:
    largest = values.max()
    if not np.isfinite(largest):
        return np.float32(largest)
    return np.float32(largest + np.log(np.exp(values - largest).sum()))
