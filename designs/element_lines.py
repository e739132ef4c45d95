"""A matrix whose elements need no other, as lines that cores share evenly.

The last lines are filled up with zeros.
"""

from dataclasses import dataclass

from designs.case import Array, next_multiple, padded


@dataclass(frozen=True, kw_only=True)
class ElementLines:
    """How many lines there are, and how long.

    longest: elements that a core has room for; a multiple of `lanes`, which a kernel takes at once.
    """

    element_count: int
    core_count: int
    lanes: int
    longest: int

    @property
    def elements(self) -> int:
        """Of a line: one core's share, or what fits."""
        share = -(-self.element_count // self.core_count)
        return min(self.longest, next_multiple(share, self.lanes))

    @property
    def count(self) -> int:
        """Lines that hold every element, as many on every core."""
        return next_multiple(-(-self.element_count // self.elements), self.core_count)

    @property
    def shape(self) -> tuple[int, int]:
        """Of the array of lines."""
        return self.count, self.elements

    def deal(self, matrix: Array) -> Array:
        """The elements in lines."""
        return padded(matrix.reshape(-1), (self.count * self.elements,)).reshape(self.shape)

    def gather(self, lines: Array, shape: tuple[int, ...]) -> Array:
        """The matrix again."""
        return lines.reshape(-1)[: self.element_count].reshape(shape)
