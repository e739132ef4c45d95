"""When each word is spoken: cross-attention scores, aligned with the tokens by time warping.

Some heads of the decoder attend to the sound of the token that they predict. Their attention is
cut to the audio's frames, made comparable between tokens, smoothed, averaged over heads; the
cheapest monotonic path through it gives each token its frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whisper_pipeline.ops import Array, Buffer
from whisper_pipeline.speech_model import SpeechModel
from whisper_pipeline.token_choice import softmax
from whisper_pipeline.tokenizer import SECONDS_PER_TIMESTAMP, Tokenizer

POSITIONS_PER_SECOND = round(1 / SECONDS_PER_TIMESTAMP)
SMOOTHED_POSITIONS = 7
"""Width of the median filter, 0.14 s."""


@dataclass
class TimedWord:
    """A word of a window; seconds from the window's start."""

    word: str
    tokens: list[int]
    start: float
    end: float
    probability: float


def time_words(
    model: SpeechModel,
    audio: Buffer,
    tokenizer: Tokenizer,
    text_tokens: Sequence[int],
    frame_count: int,
) -> list[TimedWord]:
    """The words of a window's text tokens, in order, each from when to when.

    audio: the window's states; frame_count: its mel frames that are content, two a position.
    """
    position_count = frame_count // 2
    if not text_tokens or not position_count:
        return []
    given = (*tokenizer.start_sequence, tokenizer.no_timestamps)
    tokens = [*given, *text_tokens, tokenizer.end_of_text]
    logits, scores = model.timing_scores(tokens, audio)
    before_text = len(tokenizer.start_sequence)
    with model.ledger.on_host("word times", "smoothing", "time warping"):
        chances = softmax(logits[before_text:, : tokenizer.end_of_text])
        chances_of_text = chances[np.arange(len(text_tokens)), list(text_tokens)]
        heads = [_comparable(head[:, :position_count]) for head in scores]
        attention = np.stack(heads).mean(axis=0)
        token_places, positions = warp(-attention[before_text:-1].astype(np.float64))

    words, word_tokens = tokenizer.split_to_words([*text_tokens, tokenizer.end_of_text])
    if len(words) <= 1:
        return []
    boundaries = np.concatenate([[0], np.cumsum([len(own) for own in word_tokens[:-1]])])
    enters_token = np.concatenate([[True], np.diff(token_places) != 0])
    times = positions[enters_token] / POSITIONS_PER_SECOND
    return [
        TimedWord(
            word,
            own,
            start=float(times[first]),
            end=float(times[last]),
            probability=float(np.mean(chances_of_text[first:last].astype(np.float64))),
        )
        for word, own, first, last in zip(
            words, word_tokens, boundaries[:-1], boundaries[1:], strict=False
        )
    ]


def warp(cost: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The cheapest path through cost [tokens, positions] from its first to its last corner.

    Each step goes to the next token, the next position, or both; of equal ways it takes the next
    position. Returns the path's tokens and positions. Sums are kept in float32. Filled diagonal
    by diagonal: all cells of one depend only on the two before it.
    """
    token_count, position_count = cost.shape
    total = np.full((token_count + 1, position_count + 1), np.inf, np.float32)
    total[0, 0] = 0
    step = np.full(total.shape, BOTH, np.int8)
    for diagonal in range(2, token_count + position_count + 1):
        first = max(1, diagonal - position_count)
        rows = np.arange(first, min(token_count, diagonal - 1) + 1)
        columns = diagonal - rows
        both = total[rows - 1, columns - 1]
        token, position = total[rows - 1, columns], total[rows, columns - 1]
        take_both = (both < token) & (both < position)
        take_token = ~take_both & (token < both) & (token < position)
        chosen = np.where(take_both, BOTH, np.where(take_token, NEXT_TOKEN, NEXT_POSITION))
        step[rows, columns] = chosen
        before = np.choose(chosen, [both, token, position])
        total[rows, columns] = cost[rows - 1, columns - 1] + before
    step[:, 0] = NEXT_TOKEN
    step[0, :] = NEXT_POSITION
    return _path(step)


BOTH, NEXT_TOKEN, NEXT_POSITION = 0, 1, 2


def _path(step: npt.NDArray[np.int8]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    row, column = step.shape[0] - 1, step.shape[1] - 1
    path = []
    while row > 0 or column > 0:
        path.append((row - 1, column - 1))
        taken = step[row, column]
        row -= taken != NEXT_POSITION
        column -= taken != NEXT_TOKEN
    places = np.array(path[::-1], np.intp).T
    return places[0], places[1]


def _comparable(scores: Array) -> Array:
    """One head's attention [tokens, positions], of mean 0 and deviation 1 over tokens, smoothed."""
    attention = softmax(scores)
    with np.errstate(divide="ignore", invalid="ignore"):
        comparable = (attention - attention.mean(axis=0)) / attention.std(axis=0)
    return _median(comparable)


def _median(values: Array) -> Array:
    """The median of each value and its neighbours along the last axis, mirrored at the ends."""
    side = SMOOTHED_POSITIONS // 2
    if values.shape[-1] <= side:
        return values
    padded = np.pad(values, ((0, 0), (side, side)), mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, SMOOTHED_POSITIONS, axis=-1)
    return np.sort(windows, axis=-1)[..., side]
