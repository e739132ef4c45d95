"""Long audio cut at quiet places into spans that can be transcribed at the same time."""

import numpy as np

from whisper_pipeline.log_mel import FRAMES_PER_SECOND, WINDOW_FRAMES, Features

SEARCHED_FRAMES = 8 * FRAMES_PER_SECOND
"""The last part of a window, in which the quietest place is looked for."""
QUIET_FRAMES = FRAMES_PER_SECOND // 5
"""A place is as quiet as the 0.2 s around it."""


def spans(features: Features, start: int, end: int) -> list[tuple[int, int]]:
    """Cut the frames from `start` to `end` into spans of at most a window.

    Each span but the last is longer than 22 s: it ends at the quietest place of a window's last
    8 s, at the first one of several.
    """
    cuts = [start]
    while end - cuts[-1] > WINDOW_FRAMES:
        first = cuts[-1] + WINDOW_FRAMES - SEARCHED_FRAMES
        loudness = features[:, first : cuts[-1] + WINDOW_FRAMES].mean(axis=0)
        around = np.convolve(loudness, np.ones(QUIET_FRAMES), mode="valid")
        cuts.append(first + int(around.argmin()) + QUIET_FRAMES // 2)
    return list(zip(cuts, [*cuts[1:], end], strict=True))
