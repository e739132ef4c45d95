"""The work of attention: how it is dealt out, and the arrays that carry it to the device and back.

Apart from the program (designs/attention.py) because the host's part of it is known without one.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from aie.helpers.taplib import TensorAccessPattern

from aie_kernels import attention_contracts as contracts
from designs.case import BFLOAT16, Array, draw_bfloat16, padded, poisoned
from ironbird.base.tolerance import Tolerance

WIDTH = contracts.WIDTH
PIECE_ROWS = contracts.PIECE_ROWS
PIECE_ELEMENTS = contracts.PIECE_ELEMENTS
CORES_PER_COLUMN = 4
OBJECT_ROWS = CORES_PER_COLUMN * PIECE_ROWS
PASS_ROWS = 2 * OBJECT_ROWS

DRAWN_TOLERANCE = Tolerance(
    absolute=0.02,
    relative_l2=0.012,
    evidence="weights carry up to 3 % (exponents in bf16, table exponentials), in both directions "
    "over the keys of a query, and cancel in part in the quotient; the result is rounded by 0.2 %",
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """softmax(Q K' / 8 + mask) V for each head.

    queries, keys: positions on either side; equal in self-attention.
    masked:        whether there is a mask; the one drawn is -inf where a key comes after the query.
    """

    name: str
    heads: int
    queries: int
    keys: int
    masked: bool = False
    tolerance: Tolerance = DRAWN_TOLERANCE

    def __post_init__(self) -> None:
        if min(self.heads, self.queries, self.keys) < 1:
            raise ValueError(
                f"attention of {self.heads} heads, {self.queries} queries, {self.keys} keys is "
                f"empty"
            )

    @property
    def passes_per_head(self) -> int:
        """A pass is 256 queries of one head."""
        return -(-self.queries // PASS_ROWS)

    @property
    def key_pieces(self) -> int:
        """Pieces of 32 keys, the last perhaps partly valid."""
        return -(-self.keys // PIECE_ROWS)

    @property
    def valid_keys_in_last_piece(self) -> int:
        """1..32."""
        return self.keys - (self.key_pieces - 1) * PIECE_ROWS

    @property
    def column_count(self) -> int:
        """Columns that have a pass to do."""
        return min(4, self.heads * self.passes_per_head)

    def passes_of_column(self, column: int) -> range:
        """The run of all passes, head after head, that a column does."""
        total = self.heads * self.passes_per_head
        return range(column * total // self.column_count, (column + 1) * total // self.column_count)

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """q [heads, queries, 64], k and v [heads, keys, 64], mask [queries, keys]; all bf16."""
        drawn = {
            "q": draw_bfloat16(rng, (self.heads, self.queries, WIDTH)),
            "k": draw_bfloat16(rng, (self.heads, self.keys, WIDTH)),
            "v": draw_bfloat16(rng, (self.heads, self.keys, WIDTH)),
        }
        if self.masked:
            key_is_later = np.arange(self.keys)[None, :] > np.arange(self.queries)[:, None]
            drawn["mask"] = np.where(key_is_later, -np.inf, 0.0).astype(BFLOAT16)
        return drawn

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """out [heads, queries, 64] bf16."""
        return {"out": ((self.heads, self.queries, WIDTH), BFLOAT16)}


@dataclass(frozen=True)
class Run:
    """Passes of one head that one column does one after the other, keys and values coming round
    each time.
    """

    head: int
    first_pass: int
    pass_count: int


def packed_shapes(case: Case) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Of the program's q (and out), kv and mask."""
    return (
        (case.heads, case.passes_per_head * PASS_ROWS, WIDTH),
        (case.heads, case.key_pieces, 2, PIECE_ROWS, WIDTH),
        (case.passes_per_head, case.key_pieces, CORES_PER_COLUMN, PIECE_ROWS, 2 * PIECE_ROWS),
    )


@dataclass(frozen=True)
class Walks:
    """Which part of each tensor a run transfers.

    queries:         of q; results: of the result.
    keys_and_values: of kv, coming round once for each pass.
    mask:            of the packed mask; None if there is none.
    """

    queries: Any
    keys_and_values: Any
    results: Any
    mask: Any = None


@dataclass(frozen=True)
class Packed:
    """Tensors as `pack` makes them: what a transfer reads lies together."""

    case: Case

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """Of q, kv, mask and the result."""
        q_shape, kv_shape, mask_shape = packed_shapes(self.case)
        return q_shape, kv_shape, mask_shape, q_shape

    def runs_of_column(self, column: int) -> list[Run]:
        """The runs of a column. With a mask each is one pass: queries and mask come in turn."""
        case = self.case
        runs: list[Run] = []
        for number in case.passes_of_column(column):
            head, first_pass = divmod(number, case.passes_per_head)
            if runs and runs[-1].head == head and not case.masked:
                runs[-1] = Run(head, runs[-1].first_pass, runs[-1].pass_count + 1)
            else:
                runs.append(Run(head, first_pass, 1))
        return runs

    def walks(self, run: Run) -> Walks:
        """Those of one run."""
        case = self.case
        q_shape, kv_shape, mask_shape = packed_shapes(case)
        pass_elements = PASS_ROWS * WIDTH
        queries = TensorAccessPattern(
            q_shape,
            (run.head * case.passes_per_head + run.first_pass) * pass_elements,
            [1, run.pass_count, PASS_ROWS, WIDTH],
            [0, pass_elements, WIDTH, 1],
        )
        pair_elements = 2 * PIECE_ELEMENTS
        keys_and_values = TensorAccessPattern(
            kv_shape,
            run.head * case.key_pieces * pair_elements,
            [run.pass_count, case.key_pieces, 2 * PIECE_ROWS, WIDTH],
            [0, pair_elements, WIDTH, 1],
        )
        if not case.masked:
            return Walks(queries, keys_and_values, queries)
        mask_elements = CORES_PER_COLUMN * contracts.MASK_ELEMENTS
        mask = TensorAccessPattern(
            mask_shape,
            run.first_pass * case.key_pieces * mask_elements,
            [1, case.key_pieces, mask_elements // WIDTH, WIDTH],
            [0, mask_elements, WIDTH, 1],
        )
        return Walks(queries, keys_and_values, queries, mask)


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """The program's arguments: queries, keys and values in turn, the mask if any, room for the
    result.
    """
    q_shape, kv_shape, mask_shape = packed_shapes(case)
    key_rows = case.key_pieces * PIECE_ROWS
    kv = np.stack(
        [
            padded(inputs[name], (case.heads, key_rows, WIDTH)).reshape(
                case.heads, case.key_pieces, PIECE_ROWS, WIDTH
            )
            for name in ("k", "v")
        ],
        axis=2,
    )
    arguments = [padded(inputs["q"], q_shape), np.ascontiguousarray(kv).reshape(kv_shape)]
    if case.masked:
        arguments.append(_packed_mask(case, inputs["mask"]).reshape(mask_shape))
    return *arguments, poisoned(q_shape, BFLOAT16)


def _packed_mask(case: Case, mask: Array) -> Array:
    """For each pass, key piece and core: 32 keys x the core's 64 queries, which are 32 of each
    object.
    """
    whole = padded(mask, (case.passes_per_head * PASS_ROWS, case.key_pieces * PIECE_ROWS))
    by_core = whole.reshape(
        case.passes_per_head, 2, CORES_PER_COLUMN, PIECE_ROWS, case.key_pieces, PIECE_ROWS
    )
    keys_by_queries = by_core.transpose(0, 4, 2, 5, 1, 3)
    return np.ascontiguousarray(keys_by_queries)


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The rows of queries that exist."""
    return {"out": np.ascontiguousarray(arguments[-1][:, : case.queries])}
