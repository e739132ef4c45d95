"""The work of attention: how it is dealt out, and the arrays that carry it to the device and back.

Apart from the program (designs/attention.py) because the host's part of it is known without one.

Queries, and the result, are rows of all heads side by side, [rows, heads * 64]; keys and values
are rows of all keys and then all values, [rows, 2 * heads * 64]: what a product with all heads'
weights writes, and what a key/value cache grows by a row. Rows that only fill up may hold anything
finite.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from aie.helpers.taplib import TensorAccessPattern

from aie_kernels import attention_contracts as contracts
from designs.case import BFLOAT16, Array, draw_bfloat16, next_multiple, padded, poisoned
from ironbird.base.errors import UsageError
from ironbird.base.tolerance import Tolerance

WIDTH = contracts.WIDTH
PIECE_ROWS = contracts.PIECE_ROWS
PIECE_ELEMENTS = contracts.PIECE_ELEMENTS
CORES_PER_COLUMN = 4
OBJECT_ROWS = CORES_PER_COLUMN * PIECE_ROWS
PASS_ROWS = 2 * OBJECT_ROWS
KEY_ROWS_STEP = 2 * PIECE_ROWS
"""So 1,500 keys have 1,536 rows, like 1,500 queries, and 448 have 448."""

MOST_KEYS = 64 * PIECE_ROWS
"""A shim's descriptor counts 64 pieces at most (AM025, the iteration's wrap)."""

DRAWN_TOLERANCE = Tolerance(
    absolute=0.02,
    relative_l2=5e-3,
    evidence="weights and the result are rounded to bf16 once, 2^-8 of each at most; the rest is "
    "below 4e-4. Measured: 2.4e-3 over 1,500 keys, 6.7e-3 for the worst single row of "
    "tests/designs/test_attention_design.py's distributions",
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """softmax(Q K' / 8 + mask) V for each head.

    queries, keys: positions on either side; equal in self-attention.
    masked:        whether there is a mask; the one drawn is -inf where a key comes after the query.
    growing:       whether the number of keys comes at run time, as a tensor: 1 to `keys`, and one
                   program serves all.
    """

    name: str
    heads: int
    queries: int
    keys: int
    masked: bool = False
    growing: bool = False
    tolerance: Tolerance = DRAWN_TOLERANCE

    def __post_init__(self) -> None:
        if min(self.heads, self.queries, self.keys) < 1:
            raise ValueError(
                f"attention of {self.heads} heads, {self.queries} queries, {self.keys} keys is "
                f"empty"
            )
        if self.keys > MOST_KEYS:
            raise ValueError(f"attention over {self.keys} keys; there are at most {MOST_KEYS}")

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

    def passes_of_column(self, column: int) -> list["Pass"]:
        """The run of all passes, head after head, that a column does."""
        total = self.heads * self.passes_per_head
        numbers = range(
            column * total // self.column_count, (column + 1) * total // self.column_count
        )
        return [Pass(*divmod(number, self.passes_per_head)) for number in numbers]

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """q [heads, queries, 64], k and v [heads, keys, 64], mask [queries, keys]; all bf16.

        And valid_keys [1] int32, where it comes at run time.
        """
        drawn: dict[str, Array] = {
            "q": draw_bfloat16(rng, (self.heads, self.queries, WIDTH)),
            "k": draw_bfloat16(rng, (self.heads, self.keys, WIDTH)),
            "v": draw_bfloat16(rng, (self.heads, self.keys, WIDTH)),
        }
        if self.masked:
            key_is_later = np.arange(self.keys)[None, :] > np.arange(self.queries)[:, None]
            drawn["mask"] = np.where(key_is_later, -np.inf, 0.0).astype(BFLOAT16)
        if self.growing:
            drawn["valid_keys"] = rng.integers(1, self.keys, 1, np.int32, endpoint=True)
        return drawn

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """out [heads, queries, 64] bf16."""
        return {"out": ((self.heads, self.queries, WIDTH), BFLOAT16)}


@dataclass(frozen=True)
class Pass:
    """256 queries of one head: the `number`th of its passes."""

    head: int
    number: int


@dataclass(frozen=True)
class Layout:
    """Where a program's tensors have the rows that passes transfer.

    q, kv, mask, length, out: shapes; q and kv may be one tensor, given twice.
    first_key_column:         of kv; the first head's keys begin here.
    head_columns:             of kv, from one head's keys to the next's.
    value_columns:            of kv, from a head's keys to its values; None for behind all keys.
    """

    q: tuple[int, int]
    kv: tuple[int, int]
    mask: tuple[int, ...]
    length: tuple[int, int]
    out: tuple[int, int]
    first_key_column: int = 0
    head_columns: int = WIDTH
    value_columns: int | None = None

    @classmethod
    def of(cls, case: Case) -> "Layout":
        """As `pack` has it: queries, and keys beside values."""
        heads_wide = case.heads * WIDTH
        rows = case.passes_per_head * PASS_ROWS
        return cls(
            q=(rows, heads_wide),
            kv=(next_multiple(case.keys, KEY_ROWS_STEP), 2 * heads_wide),
            mask=(
                case.passes_per_head,
                case.key_pieces,
                CORES_PER_COLUMN,
                PIECE_ROWS,
                2 * PIECE_ROWS,
            ),
            length=(PIECE_ROWS, WIDTH),
            out=(rows, heads_wide),
        )


class Walks:
    """Which part of each tensor a pass transfers.

    queries:         of q; results: of the result.
    keys_and_values: of kv, a piece of keys and a piece of values in turn.
    mask:            of the packed mask, if there is one.
    """

    def __init__(self, case: Case, layout: Layout, of: Pass) -> None:
        self.queries = _rows_of_a_head(layout.q, of)
        self.results = _rows_of_a_head(layout.out, of)
        row_elements = layout.kv[1]
        to_values = case.heads * WIDTH if layout.value_columns is None else layout.value_columns
        self.keys_and_values = TensorAccessPattern(
            layout.kv,
            layout.first_key_column + of.head * layout.head_columns,
            [case.key_pieces, 2, PIECE_ROWS, WIDTH],
            [PIECE_ROWS * row_elements, to_values, row_elements, 1],
        )
        mask_elements = CORES_PER_COLUMN * contracts.MASK_ELEMENTS
        self.mask = TensorAccessPattern(
            layout.mask,
            of.number * case.key_pieces * mask_elements,
            [1, case.key_pieces, mask_elements // WIDTH, WIDTH],
            [0, mask_elements, WIDTH, 1],
        )


def _rows_of_a_head(shape: tuple[int, int], of: Pass) -> Any:
    row_elements = shape[1]
    return TensorAccessPattern(
        shape,
        of.number * PASS_ROWS * row_elements + of.head * WIDTH,
        [1, 1, PASS_ROWS, WIDTH],
        [0, 0, row_elements, 1],
    )


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """The program's arguments: queries, keys and values, the mask if any, the number of keys if it
    comes at run time, room for the result.

    Raises UsageError for a mask that hides every key of a query, or that adds infinity or NaN, and
    for a number of keys that the tensors do not hold.
    """
    layout = Layout.of(case)
    heads_side_by_side = [
        inputs[name].transpose(1, 0, 2).reshape(inputs[name].shape[1], case.heads * WIDTH)
        for name in ("q", "k", "v")
    ]
    arguments = [
        padded(heads_side_by_side[0], layout.q),
        padded(np.concatenate(heads_side_by_side[1:], axis=1), layout.kv),
    ]
    if case.masked:
        arguments.append(packed_mask(case, inputs["mask"]))
    if case.growing:
        arguments.append(packed_length(case, inputs["valid_keys"]))
    return *arguments, poisoned(layout.out, BFLOAT16)


def packed_length(case: Case, valid_keys: Array) -> Array:
    """The tensor that brings the number of keys: an object of the keys' fifo, and its first bytes.

    Raises UsageError for a number of keys that the tensors do not hold.
    """
    number = int(valid_keys.reshape(-1)[0])
    if not 1 <= number <= case.keys:
        raise UsageError(
            f"valid_keys is {number}", because=f"attention {case.name} holds 1 to {case.keys} keys"
        )
    packed = np.zeros(Layout.of(case).length, BFLOAT16)
    packed.view(np.int32)[0, 0] = number
    return packed


def _check_mask(mask: Array) -> None:
    wide = mask.astype(np.float32)
    wrong = np.argwhere(np.isnan(wide) | (wide == np.inf))
    if wrong.size:
        query, key = wrong[0]
        raise UsageError(
            f"mask[{query}, {key}] is {wide[query, key]:g}",
            because="a mask is added to scores: finite numbers, and -inf to hide a key",
        )
    hidden = np.flatnonzero((wide == -np.inf).all(axis=1))
    if hidden.size:
        raise UsageError(
            f"the mask hides every key of query {hidden[0]}",
            because=f"softmax of nothing has no meaning ({hidden.size} of {len(wide)} queries)",
            fix="leave a key visible, and drop the query's result",
        )


def packed_mask(case: Case, mask: Array) -> Array:
    """For each pass, key piece and core: 32 keys x the core's 64 queries, which are 32 of each
    object.

    Raises UsageError for a mask that hides every key of a query, or that adds infinity or NaN.
    """
    _check_mask(mask)
    whole = padded(mask, (case.passes_per_head * PASS_ROWS, case.key_pieces * PIECE_ROWS))
    by_core = whole.reshape(
        case.passes_per_head, 2, CORES_PER_COLUMN, PIECE_ROWS, case.key_pieces, PIECE_ROWS
    )
    keys_by_queries = by_core.transpose(0, 4, 2, 5, 1, 3)
    return np.ascontiguousarray(keys_by_queries).reshape(Layout.of(case).mask)


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The rows of queries that exist, head by head."""
    rows = arguments[-1][: case.queries].reshape(case.queries, case.heads, WIDTH)
    return {"out": np.ascontiguousarray(rows.transpose(1, 0, 2))}
