"""Activations in the device's memory, as bf16 tensors of which parts of a buffer are computed.

A part is what one launch works on: a window of audio, or a group of texts. Its tensor has a row for
each position, or for each position and text, positions first; behind them rows that only fill up,
which may hold anything finite.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from designs.case import BFLOAT16, Array


@dataclass(frozen=True)
class Part:
    """Elements of `memory`, which is flat, from `first` on."""

    memory: Array
    first: int = 0

    def tensor(self, *shape: int, skipped: int = 0) -> Array:
        """The elements behind the `skipped` first, as a tensor; a view."""
        first = self.first + skipped
        return self.memory[first : first + math.prod(shape)].reshape(shape)


@dataclass(frozen=True)
class Places:
    """Where the model's rows and positions lie in parts.

    counts:      of the model's rows, in each part.
    step:        rows of a tensor from one position to the next; at least any count.
    tensor_rows: of each part, those that fill up included.
    """

    counts: tuple[int, ...]
    positions: int
    tensor_rows: int
    step: int = 1

    def room(self, width: int, margin: int = 0) -> tuple[Part, ...]:
        """A part each, holding zeros, with `margin` rows of zeros before and behind."""
        rows = self.tensor_rows + 2 * margin
        return tuple(Part(np.zeros(rows * width, BFLOAT16), margin * width) for _ in self.counts)


@dataclass(frozen=True)
class Buffer:
    """Rows of `width` elements, `pitch` apart."""

    parts: tuple[Part, ...]
    places: Places
    width: int
    pitch: int

    @classmethod
    def empty(cls, places: Places, width: int, margin: int = 0) -> "Buffer":
        """Room for a result."""
        return cls(places.room(width, margin), places, width, width)

    @property
    def rows(self) -> int:
        """Of each part's tensor."""
        return self.places.tensor_rows

    def tensor(self, number: int) -> Array:
        """The whole of a part, [rows, pitch]."""
        return self.parts[number].tensor(self.rows, self.pitch)

    def from_margin(self, number: int, shape: tuple[int, ...]) -> Array:
        """A part of a buffer with a margin of 1, from the row before its first."""
        return self.parts[number].tensor(*shape, skipped=-self.pitch)

    def place(self, number: int, position: int) -> Array:
        """What a part has at a position, [step, pitch]."""
        elements = self.places.step * self.pitch
        return self.parts[number].tensor(self.places.step, self.pitch, skipped=position * elements)

    def fetched(self) -> npt.NDArray[np.float32]:
        """On the host, [rows of the model, positions, width]."""
        places = self.places
        by_part = [
            self.parts[number]
            .tensor(places.positions, places.step, self.pitch)[:, :count, : self.width]
            .transpose(1, 0, 2)
            for number, count in enumerate(places.counts)
        ]
        return np.concatenate(by_part).astype(np.float32)

    def fill(self, values: Array) -> None:
        """From the host, [rows of the model, positions, width]."""
        first = 0
        for number, count in enumerate(self.places.counts):
            for position in range(self.places.positions):
                given = values[first : first + count, position]
                self.place(number, position)[:count, : self.width] = given
            first += count
