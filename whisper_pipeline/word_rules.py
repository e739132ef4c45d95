"""Words of a window to words of its segments: punctuation, and durations that can be right.

Time warping gives the first word after a pause, and words at the ends of sentences, all of the
silence beside them. The rules cut such words to twice the median, as openai-whisper does.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from whisper_pipeline.segments import Segment, Word, seconds_of
from whisper_pipeline.word_timing import TimedWord

SENTENCE_ENDS = ".。!！?？"
LONGEST_MEDIAN_SECONDS = 0.7
LEAST_DISAGREEMENT_SECONDS = 0.5
"""From here on a segment's own time is believed rather than that of its outer word."""


def add_words(
    segments: Sequence[Segment],
    timed: Sequence[TimedWord],
    text_token_counts: Sequence[int],
    *,
    prepended: str,
    appended: str,
    last_speech_end: float,
) -> None:
    """Give each segment its words, and let the words set its start and end.

    timed:             the words of all segments' text tokens together; changed by the merging.
    text_token_counts: how many text tokens each segment has.
    last_speech_end:   seconds, in the audio, at which the words before this window end.
    """
    if not segments:
        return
    durations = np.array([word.end - word.start for word in timed])
    durations = durations[durations != 0]
    median = min(LONGEST_MEDIAN_SECONDS, float(np.median(durations)) if len(durations) else 0.0)
    if len(durations):
        _shorten_at_sentence_ends(timed, longest=median * 2)
    merge_punctuation(timed, prepended, appended)
    words = iter(timed)
    offset = seconds_of(segments[0].seek)
    for segment, token_count in zip(segments, text_token_counts, strict=True):
        own = [
            Word(
                word.word,
                round(offset + word.start, 2),
                round(offset + word.end, 2),
                word.probability,
            )
            for word in _taken(words, token_count)
            if word.word
        ]
        if own:
            _shorten_after_pause(own, last_speech_end, median)
            _settle_start(segment, own, median)
            _settle_end(segment, own, median)
            last_speech_end = segment.end
        segment.words = own


def merge_punctuation(words: Sequence[TimedWord], prepended: str, appended: str) -> None:
    """Join marks to the word after or before them; what was joined stays as an empty word."""
    following = len(words) - 1
    for place in range(len(words) - 2, -1, -1):
        mark, word = words[place], words[following]
        if mark.word.startswith(" ") and mark.word.strip() in prepended:
            word.word, word.tokens = mark.word + word.word, mark.tokens + word.tokens
            mark.word, mark.tokens = "", []
        else:
            following = place
    previous = 0
    for place in range(1, len(words)):
        word, mark = words[previous], words[place]
        if not word.word.endswith(" ") and mark.word in appended:
            word.word, word.tokens = word.word + mark.word, word.tokens + mark.tokens
            mark.word, mark.tokens = "", []
        else:
            previous = place


def _taken(words: Iterator[TimedWord], token_count: int) -> Iterator[TimedWord]:
    """The next words until they make up `token_count` tokens."""
    taken = 0
    while taken < token_count:
        word = next(words, None)
        if word is None:
            return
        taken += len(word.tokens)
        yield word


def _shorten_at_sentence_ends(words: Sequence[TimedWord], *, longest: float) -> None:
    for before, word in pairwise(words):
        if word.end - word.start > longest:
            if word.word in SENTENCE_ENDS:
                word.end = word.start + longest
            elif before.word in SENTENCE_ENDS:
                word.start = word.end - longest


def _shorten_after_pause(words: list[Word], last_speech_end: float, median: float) -> None:
    """The first two words after a pause are no longer than twice the median each."""
    longest, first = median * 2, words[0]
    second = words[1] if len(words) > 1 else None
    too_long = first.duration > longest or (
        second is not None and second.end - first.start > longest * 2
    )
    if first.end - last_speech_end <= median * 4 or not too_long:
        return
    if second is not None and second.duration > longest:
        first.end = second.start = max(second.end / 2, second.end - longest)
    first.start = max(0, first.end - longest)


def _settle_start(segment: Segment, words: list[Word], median: float) -> None:
    first = words[0]
    if segment.start < first.end and segment.start - LEAST_DISAGREEMENT_SECONDS > first.start:
        first.start = max(0, min(first.end - median, segment.start))
    else:
        segment.start = first.start


def _settle_end(segment: Segment, words: list[Word], median: float) -> None:
    last = words[-1]
    if segment.end > last.start and segment.end + LEAST_DISAGREEMENT_SECONDS < last.end:
        last.end = max(last.start + median, segment.end)
    else:
        segment.end = last.end
