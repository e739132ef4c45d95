"""Attention of one new position of each window over its cache: what a decoder does at every step.

    rows  --rows_c--> memory tile (c, 1) --> its cores, a head of a window each  --out_c--> rows
    cache --kv_c----> memory tile (c, 1) --> the same: keys and values of 32 positions

A head of a window is a unit, 64 numbers wide. Units go in groups of heads of one window, as many as
divide the heads evenly, four at most; columns take groups in turn, each core one unit of a group.
It takes the unit's bounds and query, and folds piece after piece of keys and values into its
running result (aie_kernels/attention_row.cc), which replaces the query. Which positions are seen
comes with the bounds, so one program serves every length; others are read and not weighed.

    rows    [tensor rows, heads x 64], as a product writes them, one row a window; if the cache
            grows, queries of all heads, keys of all heads, values of all heads
    cache   [windows, positions, heads, key 64 | value 64]; if it grows, positions before windows,
            else several windows may share one
    bounds  [units, as much as a unit has in rows], of which two int32 count

If the cache grows, a core first hands its key and value on, and they become the cache's new
position before any is read. The host says which position that is by where the tensor `tail` begins
in the memory of the cache: a sub-buffer, or an offset to the address that the host's instructions
carry; the program is the same.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import Buffer, ObjectFifo, Program, Runtime, TaskGroup, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1, Tile

from aie_kernels import attention_row_contracts as contracts
from aie_kernels.attention_contracts import PIECE_ROWS, WIDTH
from aie_kernels.row_contracts import softmax_reference
from designs.block_layout import to_blocks
from designs.case import BFLOAT16, Array, draw_bfloat16, padded
from designs.kernels import array_type, external
from ironbird.base.errors import UsageError
from ironbird.base.tolerance import Tolerance
from ironbird.session.design_command import design_main

COLUMNS = 4
CORES_PER_COLUMN = 4
MOST_WINDOWS = 16
MOST_POSITIONS = 64 * PIECE_ROWS
"""A shim's descriptor repeats 64 times (AM020 ch5)."""

PAIR_WIDTH = 2 * WIDTH
PIECE_ELEMENTS = PIECE_ROWS * PAIR_WIDTH

_TOLERANCE = Tolerance(
    relative_l2=5e-3,
    evidence="weights and the result are rounded to bf16 once, 2^-9 of each at most; measured: "
    "2.6e-3",
)


@dataclass(frozen=True)
class Group:
    """Heads of one window, beginning with `head`."""

    window: int
    head: int


@dataclass(frozen=True, kw_only=True)
class Case:
    """softmax(q K' / 8) V for one query of each head of each window.

    positions:   how many a cache holds.
    grows:       whether the rows bring a key and a value, which become the last position seen.
    tensor_rows: of the tensor `rows`, the first of which are the windows'.
    sharing:     consecutive windows that share a cache; 1 if it grows.
    """

    name: str
    windows: int
    heads: int
    positions: int
    grows: bool = False
    tensor_rows: int = MOST_WINDOWS
    sharing: int = 1
    tolerance: Tolerance = _TOLERANCE

    def __post_init__(self) -> None:
        if not 1 <= self.windows <= min(MOST_WINDOWS, self.tensor_rows) or self.heads < 1:
            raise ValueError(
                f"attention of {self.heads} heads of {self.windows} windows in {self.tensor_rows} "
                f"rows; there are 1 to {MOST_WINDOWS} windows, a row each"
            )
        if self.sharing < 1 or self.windows % self.sharing or (self.grows and self.sharing > 1):
            raise ValueError(
                f"{self.sharing} of {self.windows} windows share a cache that "
                f"{'grows' if self.grows else 'does not grow'}; it is a divisor of the windows, "
                f"and 1 if it grows"
            )
        if self.positions % PIECE_ROWS or not 1 <= self.positions <= MOST_POSITIONS:
            raise ValueError(
                f"a cache of {self.positions} positions; it is a multiple of {PIECE_ROWS}, at "
                f"most {MOST_POSITIONS}"
            )

    @property
    def units(self) -> int:
        """Heads of all windows."""
        return self.windows * self.heads

    @property
    def units_of_group(self) -> int:
        """1 to 4."""
        return max(n for n in range(1, CORES_PER_COLUMN + 1) if self.heads % n == 0)

    @property
    def width(self) -> int:
        """Elements of all heads together."""
        return self.heads * WIDTH

    @property
    def unit_elements(self) -> int:
        """What a unit has in `rows`."""
        return (3 if self.grows else 1) * WIDTH

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Of the program's tensors, in order; `tail` only if the cache grows."""
        windows, positions = self.windows, self.positions
        first_two = (positions, windows) if self.grows else (windows // self.sharing, positions)
        shapes: dict[str, tuple[int, ...]] = {
            "bounds": (self.units, self.unit_elements),
            "rows": (self.tensor_rows, self.heads * self.unit_elements),
            "cache": (*first_two, self.heads, PAIR_WIDTH),
        }
        if self.grows:
            shapes["tail"] = (windows, self.heads, PAIR_WIDTH)
        return shapes

    def groups_of_column(self, column: int) -> list[Group]:
        """What a column does, one after the other."""
        per_window = self.heads // self.units_of_group
        numbers = range(column, self.windows * per_window, COLUMNS)
        return [
            Group(number // per_window, number % per_window * self.units_of_group)
            for number in numbers
        ]

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """rows [windows, heads, 64], or [windows, heads, 3, 64] if the cache grows; cache [windows,
        heads, positions, 128]; first [windows] and end [1] int32: every window sees the positions
        from its own first to before `end`.
        """
        end = int(rng.integers(1, self.positions, endpoint=True))
        parts = (3,) if self.grows else ()
        return {
            "rows": draw_bfloat16(rng, (self.windows, self.heads, *parts, WIDTH)),
            "cache": draw_bfloat16(rng, (self.windows, self.heads, self.positions, PAIR_WIDTH)),
            "first": rng.integers(0, end, self.windows, np.int32),
            "end": np.array([end], np.int32),
        }

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """out [windows, heads, 64]; appended [windows, heads, 128] if the cache grows. bf16."""
        shapes = {"out": (self.windows, self.heads, WIDTH)}
        if self.grows:
            shapes["appended"] = (self.windows, self.heads, PAIR_WIDTH)
        return {name: (shape, BFLOAT16) for name, shape in shapes.items()}


def design(case: Case) -> Any:
    """The program. Tensors: `case.shapes`."""
    every_group = [case.groups_of_column(number) for number in range(COLUMNS)]
    columns = [_column(case, number) for number, groups in enumerate(every_group) if groups]

    def sequence(bounds: Any, rows: Any, cache: Any, *others: Any) -> None:
        *tail, rows_in, kv_in, out_back = others
        last_group = None
        for step in range(len(every_group[0])):
            group = TaskGroup()
            walks = {
                column: _Walks(case, groups[step])
                for column, groups in enumerate(every_group)
                if step < len(groups)
            }
            for column, walk in walks.items():
                rows_in[column].fill(bounds, tap=walk.bounds, group=group)
                rows_in[column].fill(rows, tap=walk.rows, group=group)
            if case.grows:
                appended = TaskGroup()
                for column, walk in walks.items():
                    out_back[column].drain(tail[0], tap=walk.tail, group=appended, wait=True)
                appended.finish()
            for column, walk in walks.items():
                kv_in[column].fill(cache, tap=walk.cache, group=group)
                out_back[column].drain(rows, tap=walk.results, group=group, wait=True)
            if last_group is not None:
                last_group.finish()
            last_group = group
        if last_group is not None:
            last_group.finish()

    runtime = Runtime(
        sequence,
        [
            *(array_type(shape, BFLOAT16) for shape in case.shapes.values()),
            [column.rows.prod(tile=Tile(place, 0)) for place, column in enumerate(columns)],
            [column.kv.prod(tile=Tile(place, 0)) for place, column in enumerate(columns)],
            [column.out.cons(tile=Tile(place, 0)) for place, column in enumerate(columns)],
        ],
    )
    workers = [worker for column in columns for worker in column.workers]
    return Program(NPU1(), runtime, workers=workers)


class _Walks:
    """Which part of each tensor a group transfers. results: of `rows`, in the queries' place."""

    def __init__(self, case: Case, group: Group) -> None:
        shapes, units, elements = case.shapes, case.units_of_group, case.unit_elements
        unit = group.window * case.heads + group.head
        query = group.window * case.heads * elements + group.head * WIDTH
        row_pairs = case.heads * PAIR_WIDTH
        position, window = row_pairs, case.positions * row_pairs
        if case.grows:
            position, window = case.windows * row_pairs, row_pairs
        self.bounds = TensorAccessPattern(
            shapes["bounds"], unit * elements, [1, 1, units, elements], [0, 0, elements, 1]
        )
        self.rows = TensorAccessPattern(
            shapes["rows"], query, [1, units, elements // WIDTH, WIDTH], [0, WIDTH, case.width, 1]
        )
        self.results = TensorAccessPattern(
            shapes["rows"], query, [1, 1, units, WIDTH], [0, 0, WIDTH, 1]
        )
        self.cache = TensorAccessPattern(
            shapes["cache"],
            group.window // case.sharing * window + group.head * PAIR_WIDTH,
            [case.positions // PIECE_ROWS, units, PIECE_ROWS, PAIR_WIDTH],
            [PIECE_ROWS * position, PAIR_WIDTH, position, 1],
        )
        if case.grows:
            self.tail = TensorAccessPattern(
                shapes["tail"], unit * PAIR_WIDTH, [1, 2, units, WIDTH], [0, WIDTH, PAIR_WIDTH, 1]
            )


@dataclass(frozen=True)
class _Column:
    """The three fifos between DDR and one column, and the column's workers."""

    rows: Any
    kv: Any
    out: Any
    workers: list[Any]


def _column(case: Case, column: int) -> _Column:
    units = case.units_of_group
    memory, cores = Tile(column, 1), range(units)
    rows = ObjectFifo(array_type((units, case.unit_elements), BFLOAT16), name=f"rows_{column}")
    rows_of_all = rows.cons().forward(
        tile=memory,
        obj_type=array_type(units * case.unit_elements, BFLOAT16),
        name=f"rows_of_all_{column}",
    )
    kv = ObjectFifo(array_type((units, PIECE_ELEMENTS), BFLOAT16), name=f"kv_{column}")
    kv_of_core = kv.cons().split(
        [core * PIECE_ELEMENTS for core in cores],
        tile=memory,
        obj_types=[array_type(PIECE_ELEMENTS, BFLOAT16)] * units,
        names=[f"kv_{column}_{core}" for core in cores],
        to_stream=[to_blocks(PIECE_ROWS, PAIR_WIDTH, 4, 8)] * units,
    )
    out = ObjectFifo(array_type((units, WIDTH), BFLOAT16), name=f"out_{column}")
    out_of_core = out.prod().join(
        [core * WIDTH for core in cores],
        tile=memory,
        obj_types=[array_type(WIDTH, BFLOAT16)] * units,
        names=[f"out_{column}_{core}" for core in cores],
    )
    workers = [
        _worker(case, column, core, rows_of_all, kv_of_core[core], out_of_core[core])
        for core in cores
    ]
    return _Column(rows, kv, out, workers)


def _worker(case: Case, column: int, core: int, rows: Any, kv: Any, out: Any) -> Any:
    begin = contracts.attention_row_begin(case.unit_elements, case.units_of_group)
    kernels = [
        begin,
        contracts.attention_row_fold(case.unit_elements, case.units_of_group),
        contracts.ATTENTION_ROW_FINISH_F32_BF16,
        *([contracts.attention_row_append(case.units_of_group)] if case.grows else []),
    ]
    held = [
        Buffer(array_type(argument.shape, argument.dtype), name=f"{argument.name}_{column}_{core}")
        for argument in begin.arguments
        if argument.is_written
    ]
    offset = core * case.unit_elements

    def attend(
        rows_in: Any,
        kv_in: Any,
        out: Any,
        queries: Any,
        reference: Any,
        sums: Any,
        accumulated: Any,
        begin: Any,
        fold: Any,
        finish: Any,
        *append: Any,
    ) -> None:
        bounds, rows = rows_in.acquire(2)
        begin(rows, queries, reference, sums, accumulated, offset)
        for hand_on in append:
            for part in (WIDTH, 2 * WIDTH):
                hand_on(rows, out.acquire(1), offset + part)
                out.release(1)
        for number in range_(case.positions // PIECE_ROWS):
            piece = kv_in.acquire(1)
            fold(piece, queries, bounds, reference, sums, accumulated, offset, number)
            kv_in.release(1)
        rows_in.release(2)
        finish(accumulated, sums, out.acquire(1))
        out.release(1)

    return Worker(
        attend,
        [rows.cons(), kv.cons(), out.prod(), *held, *map(external, kernels)],
        tile=Tile(column, 2 + core),
        stack_size=contracts.STACK_BYTES,
    )


def bounds_of(case: Case, first: Array, end: int) -> Array:
    """The tensor `bounds`: every window sees the positions from its own first to before `end`.

    Raises UsageError for bounds without a position, or beyond the cache.
    """
    if first.shape != (case.windows,) or not ((first >= 0) & (first < end)).all():
        raise UsageError(
            f"first is {first.tolist()} and end is {end}",
            because=f"each of {case.windows} windows sees a position from its first to before end",
        )
    if end > case.positions:
        raise UsageError(
            f"end is {end}", because=f"a cache holds {case.positions} positions and no more"
        )
    firsts = np.repeat(first, case.heads)
    return contracts.bounds_of(firsts, np.full_like(firsts, end), case.unit_elements)


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """The program's arguments; the tail lies in the cache."""
    shapes, end, rows = case.shapes, int(inputs["end"][0]), inputs["rows"]
    if case.grows:
        rows = rows.transpose(0, 2, 1, 3)
    places = (2, 0, 1, 3) if case.grows else (0, 2, 1, 3)
    cache = np.ascontiguousarray(inputs["cache"].transpose(places))
    return (
        bounds_of(case, inputs["first"], end),
        padded(rows.reshape(case.windows, -1), shapes["rows"]),
        cache,
        *([cache[end - 1]] if case.grows else []),
    )


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The windows' results, and what the cache grew by."""
    out = arguments[1][: case.windows, : case.width].reshape(case.windows, case.heads, WIDTH)
    return {"out": out, "appended": arguments[3]} if case.grows else {"out": out}


def reference(case: Case, rows: Array, cache: Array, first: Array, end: Array) -> dict[str, Array]:
    """softmax(q K' / 8) V in float64, window by window and head by head."""
    last = int(end[0]) - 1
    pairs, queries = cache.astype(np.float64), rows.astype(np.float64)
    if case.grows:
        pairs[:, :, last] = queries[:, :, 1:].reshape(case.windows, case.heads, PAIR_WIDTH)
        queries = queries[:, :, 0]
    result = np.empty((case.windows, case.heads, WIDTH))
    for window in range(case.windows):
        for head in range(case.heads):
            seen = pairs[window, head, first[window] : last + 1]
            scores = seen[:, :WIDTH] @ queries[window, head] / 8
            result[window, head] = softmax_reference(scores[None])[0] @ seen[:, WIDTH:]
    return {"out": result, "appended": pairs[:, :, last]} if case.grows else {"out": result}


CASES = (
    Case(name="growing", windows=3, heads=2, positions=64, grows=True),
    Case(name="fixed", windows=2, heads=3, positions=96),
    Case(name="base_self", windows=8, heads=8, positions=448, grows=True),
    Case(name="base_cross", windows=8, heads=8, positions=1536),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
