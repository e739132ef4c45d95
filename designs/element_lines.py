"""A matrix whose elements need no other, as lines that cores share evenly.

The last lines are filled up with zeros.
"""

from dataclasses import dataclass
from typing import ClassVar

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


@dataclass(frozen=True, kw_only=True)
class ElementWiseCase:
    """A matrix of any shape, drawn with the standard deviation `scale`.

    core_count, lanes, longest_line: of the design, as in ElementLines.
    """

    design_name: ClassVar[str]
    core_count: ClassVar[int]
    lanes: ClassVar[int]
    longest_line: ClassVar[int]

    name: str
    rows: int
    columns: int
    scale: float = 2.0

    def __post_init__(self) -> None:
        if not (self.rows >= 1 and self.columns >= 1):
            raise ValueError(f"{self.design_name} of {self.rows}x{self.columns} is empty")

    @property
    def lines(self) -> ElementLines:
        """How the elements lie."""
        return ElementLines(
            element_count=self.rows * self.columns,
            core_count=self.core_count,
            lanes=self.lanes,
            longest=self.longest_line,
        )
