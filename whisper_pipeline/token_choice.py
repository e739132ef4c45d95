"""Which token comes next: the likeliest, one drawn at random, or those of the best beams."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from whisper_pipeline.ops import Array, Tokens

Candidates = list[tuple[list[int], float]]
"""Finished texts of one audio, as all their tokens, and the sums of their log probabilities."""


@dataclass(frozen=True)
class Choice:
    """tokens [rows, length + 1]; each row goes on from its source row of before."""

    tokens: Tokens
    source_rows: Sequence[int]
    finished: bool


class TokenChooser(Protocol):
    def choose(self, tokens: Tokens, logits: Array) -> Choice:
        """Append a token to each row of tokens [rows, length], given logits [rows, vocabulary]."""

    def candidates(self, tokens: Tokens) -> list[Candidates]:
        """For each audio its texts, each with at least one end of text, given all rows."""


class Greedy:
    """Each row takes its likeliest token, or at a temperature above 0 one at random.

    A row that has ended stays ended. Source: temperature sampling by the Gumbel-max trick.
    """

    def __init__(
        self,
        row_count: int,
        rows_per_audio: int,
        end_of_text: int,
        temperature: float,
        random: np.random.Generator,
    ) -> None:
        self._rows_per_audio = rows_per_audio
        self._end_of_text = end_of_text
        self._temperature = temperature
        self._random = random
        self._sums = np.zeros(row_count, np.float32)

    def choose(self, tokens: Tokens, logits: Array) -> Choice:
        rows = np.arange(len(tokens))
        chosen = logits.argmax(axis=1)
        if self._temperature > 0:
            cooled = logits / np.float32(self._temperature)
            chosen = (cooled + self._random.gumbel(size=logits.shape)).argmax(axis=1)
        ended = tokens[:, -1] == self._end_of_text
        self._sums += np.where(ended, 0, log_softmax(logits)[rows, chosen])
        chosen[ended] = self._end_of_text
        extended = np.concatenate([tokens, chosen[:, None]], axis=1)
        return Choice(extended, range(len(tokens)), bool((chosen == self._end_of_text).all()))

    def candidates(self, tokens: Tokens) -> list[Candidates]:
        rows = [
            ([*row, self._end_of_text], float(total))
            for row, total in zip(tokens.tolist(), self._sums, strict=True)
        ]
        step = self._rows_per_audio
        return [rows[first : first + step] for first in range(0, len(rows), step)]


class BeamSearch:
    """Each audio keeps its best `beam_size` unfinished texts until enough have finished.

    Source: arXiv:2204.05424 for the patience: an audio is done with round(beam_size * patience)
    finished texts.
    """

    def __init__(
        self, audio_count: int, beam_size: int, end_of_text: int, patience: float | None
    ) -> None:
        self._beam_size = beam_size
        self._end_of_text = end_of_text
        self._enough = round(beam_size * (patience or 1.0))
        self._sums = np.zeros(audio_count * beam_size, np.float32)
        self._finished: list[dict[tuple[int, ...], float]] = [{} for _ in range(audio_count)]

    def choose(self, tokens: Tokens, logits: Array) -> Choice:
        log_probabilities = log_softmax(logits)
        kept: list[tuple[int, ...]] = []
        sources: list[int] = []
        sums = np.zeros_like(self._sums)
        for audio, finished in enumerate(self._finished):
            newly_finished: list[tuple[tuple[int, ...], float]] = []
            first = len(kept)
            for text, (total, source) in self._ranked(audio, tokens, log_probabilities):
                if text[-1] == self._end_of_text:
                    newly_finished.append((text, total))
                    continue
                sums[len(kept)] = total
                kept.append(text)
                sources.append(source)
                if len(kept) - first == self._beam_size:
                    break
            for text, total in newly_finished[: max(self._enough - len(finished), 0)]:
                finished[text] = total
        self._sums = sums
        done = all(len(finished) >= self._enough for finished in self._finished)
        return Choice(np.array(kept), sources, done)

    def candidates(self, tokens: Tokens) -> list[Candidates]:
        """Unfinished texts, best first, fill up to the beam size where too few have finished."""
        result = []
        for audio, finished in enumerate(self._finished):
            texts = dict(finished)
            rows = np.arange(audio * self._beam_size, (audio + 1) * self._beam_size)
            for row in rows[np.argsort(self._sums[rows])[::-1]]:
                if len(texts) >= self._beam_size:
                    break
                texts[(*tokens[row].tolist(), self._end_of_text)] = float(self._sums[row])
            result.append([(list(text), total) for text, total in texts.items()])
        return result

    def _ranked(
        self, audio: int, tokens: Tokens, log_probabilities: Array
    ) -> list[tuple[tuple[int, ...], tuple[float, int]]]:
        """The audio's texts with one more token, best first: sum of log probabilities and row.

        A row gives beam_size + 1 texts, so that beam_size remain where one has ended. Rows that
        hold the same text, as all do at first, give the same ones.
        """
        texts: dict[tuple[int, ...], tuple[float, int]] = {}
        for row in range(audio * self._beam_size, (audio + 1) * self._beam_size):
            before = tokens[row].tolist()
            for token in _largest(log_probabilities[row], self._beam_size + 1):
                total = float(self._sums[row] + log_probabilities[row, token])
                texts[(*before, int(token))] = (total, row)
        return sorted(texts.items(), key=lambda item: item[1][0], reverse=True)


def best_of(candidates: Candidates, lengths: Sequence[int], length_penalty: float | None) -> int:
    """The place of the candidate with the largest log probability for its length.

    lengths: sampled tokens of each. Source of the penalty: arXiv:1609.08144 equation 14.
    """
    scores = []
    for (_, total), length in zip(candidates, lengths, strict=True):
        plain = length_penalty is None
        penalty = float(length) if plain else ((5 + length) / 6) ** (length_penalty or 0.0)
        scores.append(total / penalty if penalty else total)
    return int(np.argmax(scores))


def log_softmax(logits: Array) -> Array:
    """Log probabilities over the last axis, float32."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    result: Array = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result


def softmax(logits: Array) -> Array:
    """Probabilities over the last axis, float32."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: Array = powers / powers.sum(axis=-1, keepdims=True)
    return result


def _largest(values: Array, count: int) -> npt.NDArray[np.intp]:
    """The places of the `count` largest, largest first."""
    places = np.argpartition(values, -count)[-count:]
    return places[np.argsort(-values[places], kind="stable")]
