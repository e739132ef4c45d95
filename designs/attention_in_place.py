"""Attention on what one product left: queries, keys and values side by side, heads side by side.

    qkv      [rows, 3 width]:  queries of every head | keys of every head | values of every head
    result   [rows, width]:    every head, as the product behind it reads them

A head is 64 columns, so a transfer reads runs of 128 bytes; nothing is moved between launches.
"""

from dataclasses import dataclass
from typing import Any

from aie.helpers.taplib import TensorAccessPattern

from designs import attention
from designs.attention_work import PASS_ROWS, PIECE_ROWS, WIDTH, Case, Run, Walks


@dataclass(frozen=True)
class SideBySide:
    """Where `qkv` and the result have what a run of `case` transfers."""

    case: Case

    def __post_init__(self) -> None:
        if self.case.masked or self.case.queries != self.case.keys:
            raise ValueError(
                f"attention of {self.case.queries} queries and {self.case.keys} keys"
                f"{', masked' * self.case.masked}; side by side every position has all three, "
                f"unmasked"
            )

    @property
    def width(self) -> int:
        """Elements of all heads together."""
        return self.case.heads * WIDTH

    @property
    def rows(self) -> int:
        """Positions in whole passes."""
        return self.case.passes_per_head * PASS_ROWS

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Of the tensor as queries, as keys and values, of the mask there is not, of the result."""
        qkv = (self.rows, 3 * self.width)
        return qkv, qkv, (), (self.rows, self.width)

    def runs_of_column(self, column: int) -> list[Run]:
        """One pass each: the keys and values of a pass take all four dimensions of a transfer."""
        passes = (divmod(n, self.case.passes_per_head) for n in self.case.passes_of_column(column))
        return [Run(head, number, 1) for head, number in passes]

    def walks(self, run: Run) -> Walks:
        """Those of one pass."""
        qkv, _, _, result = self.shapes
        first_row, first_column = run.first_pass * PASS_ROWS, run.head * WIDTH
        return Walks(
            queries=TensorAccessPattern(
                qkv,
                first_row * 3 * self.width + first_column,
                [1, 1, PASS_ROWS, WIDTH],
                [0, 0, 3 * self.width, 1],
            ),
            keys_and_values=TensorAccessPattern(
                qkv,
                self.width + first_column,
                [self.case.key_pieces, 2, PIECE_ROWS, WIDTH],
                [PIECE_ROWS * 3 * self.width, self.width, 3 * self.width, 1],
            ),
            results=TensorAccessPattern(
                result,
                first_row * self.width + first_column,
                [1, 1, PASS_ROWS, WIDTH],
                [0, 0, self.width, 1],
            ),
        )


def design(case: Case) -> Any:
    """The program. Tensors: qkv, qkv again, the result; rows behind the last position count not."""
    return attention.design(case, SideBySide(case))
