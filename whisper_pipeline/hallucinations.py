"""Texts that nobody said: segments of unlikely words with silence around them.

Whisper invents text where there is silence. Such text shows by words that are improbable, too
short or too long, and stands alone. Where it does, the window is cut before it and the next one
begins there, or after the silence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from whisper_pipeline.log_mel import FRAMES_PER_SECOND, WINDOW_FRAMES
from whisper_pipeline.segments import Segment, Window, Word, last_end, seconds_of
from whisper_pipeline.transcription_options import APPENDED, PREPENDED

UNLIKELY_PROBABILITY = 0.15
SHORT_SECONDS = 0.133
LONG_SECONDS = 2.0
NEAR_EDGE_SECONDS = 2.0
MARKS = PREPENDED + APPENDED
JUDGED_WORDS = 8
"""The first words of a segment decide."""


@dataclass(frozen=True)
class Skip:
    """segments: what is left of the window; next_seek: the frame at which the next one begins.

    drops_window: whether the window said nothing that counts, not even for later prompts.
    """

    segments: list[Segment]
    next_seek: int
    drops_window: bool = False


def skip_hallucinations(
    segments: list[Segment],
    window: Window,
    next_seek: int,
    *,
    ends_with_time: bool,
    threshold: float,
    last_speech_end: float,
    content_frames: int,
) -> Skip:
    """Cut a window's segments, which have words, before the first hallucination.

    threshold:       seconds of silence that make an unlikely segment a hallucination.
    last_speech_end: seconds at which the words before this window end.
    """
    window_end = seconds_of(window.seek + WINDOW_FRAMES)
    end = last_end(segments)
    if not ends_with_time and end is not None and end > window.start:
        silent_rest = window_end - end > threshold
        next_seek = round(end * FRAMES_PER_SECOND) if silent_rest else window.seek + window.size

    first = _next_with_words(segments)
    if first is not None and is_anomalous(first):
        gap = first.start - window.start
        if gap > threshold:
            return Skip([], window.seek + round(gap * FRAMES_PER_SECOND), drops_window=True)

    last_end_before = last_speech_end
    for place, segment in enumerate(segments):
        if not segment.words:
            continue
        if is_anomalous(segment):
            following = _next_with_words(segments[place + 1 :])
            next_start = (
                following.words[0].start
                if following is not None and following.words
                else window.start + window.duration
            )
            silence_before = (
                segment.start - last_end_before > threshold
                or segment.start < threshold
                or segment.start - window.start < NEAR_EDGE_SECONDS
            )
            silence_after = (
                next_start - segment.end > threshold
                or is_anomalous(following)
                or window_end - segment.end < NEAR_EDGE_SECONDS
            )
            if silence_before and silence_after:
                resumed = round(max(window.start + 1, segment.start) * FRAMES_PER_SECOND)
                at_end = seconds_of(content_frames) - segment.end < threshold
                return Skip(segments[:place], content_frames if at_end else resumed)
        last_end_before = segment.end
    return Skip(segments, next_seek)


def is_anomalous(segment: Segment | None) -> bool:
    """Whether the first words of a segment are hardly words."""
    if segment is None or not segment.words:
        return False
    words = [word for word in segment.words if word.word not in MARKS][:JUDGED_WORDS]
    score = sum(anomaly(word) for word in words)
    return score >= 3 or score + 0.01 >= len(words)


def anomaly(word: Word) -> float:
    """0 for a likely word of usual length; more for improbable, short and long ones."""
    unlikely = 1.0 if word.probability < UNLIKELY_PROBABILITY else 0.0
    short = max(SHORT_SECONDS - word.duration, 0.0) * 15
    long = max(word.duration - LONG_SECONDS, 0.0)
    return unlikely + short + long


def _next_with_words(segments: Sequence[Segment]) -> Segment | None:
    return next((segment for segment in segments if segment.words), None)
