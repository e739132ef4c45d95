"""How texts that are decoded together are dealt out to launches, each of at most 16 rows.

A group is one part of a buffer. Texts about one window of audio stay together where they fit, since
they share its keys and values.
"""

from dataclasses import dataclass

from designs.attention_row import MOST_WINDOWS
from designs.case import next_multiple
from whisper_pipeline.npu.buffers import Places
from whisper_pipeline.ops import Texts

ROWS_OF_GROUP = (1, 2, 4, 8, MOST_WINDOWS)
"""Windows of audio of a group are filled up to one of these, so that few programs are compiled."""

TENSOR_ROWS = (64, 256, 512)
"""Likewise rows of tensors; above, multiples of the last. 64 is the least that linear takes."""


@dataclass(frozen=True)
class Group:
    """row_count rows about the windows of audio from first_audio on."""

    row_count: int
    first_audio: int


@dataclass(frozen=True)
class TextGroups:
    """The groups of texts, all of one size when filled up.

    audios:    windows of audio of each group.
    audio_rows: rows of a group about each of them.
    """

    groups: tuple[Group, ...]
    audios: int
    audio_rows: int

    @classmethod
    def of(cls, texts: Texts) -> "TextGroups":
        """As few as hold all rows, of about the same size."""
        shared = texts.rows_per_audio
        if shared > MOST_WINDOWS:
            group_count = -(-shared // MOST_WINDOWS)
            rows = -(-shared // group_count)
            counts = [min(rows, shared - first) for first in range(0, shared, rows)]
            groups = [Group(n, audio) for audio in range(texts.audio_count) for n in counts]
            return cls(tuple(groups), 1, rows)
        most = MOST_WINDOWS // shared
        group_count = -(-texts.audio_count // most)
        audios = -(-texts.audio_count // group_count)
        groups = [
            Group(min(audios, texts.audio_count - first) * shared, first)
            for first in range(0, texts.audio_count, audios)
        ]
        filled = min(n for n in (*ROWS_OF_GROUP, most) if audios <= n <= most)
        return cls(tuple(groups), filled, shared)

    @property
    def rows(self) -> int:
        """Of each group, filled up."""
        return self.audios * self.audio_rows

    def places(self, positions: int) -> Places:
        """Of buffers for that many positions of each row."""
        rows = positions * self.rows
        tensor_rows = next(
            (n for n in TENSOR_ROWS if rows <= n), next_multiple(rows, TENSOR_ROWS[-1])
        )
        counts = tuple(group.row_count for group in self.groups)
        return Places(counts, positions, tensor_rows, self.rows)
