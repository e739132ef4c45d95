"""Keys and values on the device: of audio, and of the texts so far."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from designs.case import BFLOAT16, Array
from whisper_pipeline.npu.buffers import Buffer, Part, Places
from whisper_pipeline.npu.text_groups import TextGroups


@dataclass(frozen=True)
class Pairs:
    """Of audio, a part for each window, and how texts about them are grouped."""

    buffer: Buffer
    groups: TextGroups


def room_for_pairs(places: Places, width: int, groups: TextGroups) -> Buffer:
    """Windows one behind the other, and as many more as may fill a group up."""
    count, elements = len(places.counts), places.tensor_rows * width
    memory = np.zeros((count + groups.audios - 1) * elements, BFLOAT16)
    parts = tuple(Part(memory, number * elements) for number in range(count))
    return Buffer(parts, places, width, width)


@dataclass
class Cache:
    """memory: for each group [positions, rows filled up, heads, key | value].

    counts: of the rows that are texts. length: positions so far.
    """

    memory: tuple[Array, ...]
    counts: tuple[int, ...]
    length: int = 0

    @property
    def positions(self) -> int:
        """That there is room for."""
        return len(self.memory[0])

    def rearrange(self, source_rows: Sequence[int]) -> None:
        """Row i becomes what row `source_rows[i]` was."""
        filled = [
            memory[: self.length, :count]
            for memory, count in zip(self.memory, self.counts, strict=True)
        ]
        rows = np.concatenate(filled, axis=1)[:, list(source_rows)]
        first = 0
        for kept, count in zip(filled, self.counts, strict=True):
            kept[:] = rows[:, first : first + count]
            first += count
