"""Multi-head attention on the 16 cores, fused over blocks of keys: no score ever reaches DDR.

    column 0            column 1            column 2            column 3
    core (0, 5)         core (1, 5)         core (2, 5)         core (3, 5)     32 + 32 queries each
    core (0, 4)         core (1, 4)         core (2, 4)         core (3, 4)
    core (0, 3)         core (1, 3)         core (2, 3)         core (3, 3)
    core (0, 2)         core (1, 2)         core (2, 2)         core (3, 2)
      ^  ^   |            ^  ^   |
      q  kv  out          q  kv  out        ...                 through memory tile (c, 1)

The work is a list of passes; a pass is 256 queries of one head. Columns share the list evenly, each
taking a run of it. In a pass each core of the column owns 64 queries: the memory tile deals two
objects of 128 rows out in pieces of 32. Keys and values come as pieces of 32 rows, key piece and
value piece in turn, broadcast to the four cores, all of the head's for each pass. A core folds each
pair of pieces into its running result (aie_kernels/attention.cc); after the last it divides and
sends 2 x 32 rows back, which the memory tile joins. Memory tiles cut pieces into 4x8 blocks on the
way in, and put rows back together.

With a mask, the q stream brings for each key piece the numbers to add to its scores. Where the
number of keys grows, the kv stream begins with a piece that says how many there are.

Rows of q and kv lie as products write them (designs/attention_work.py). Queries fill up to whole
passes, keys to whole pieces; keys that only fill up are never weighed: the kernel is told how many
are valid. NaN and infinity give what the formula gives: a NaN in a query spoils its row, in a key
every row of its head, in a value its column.
"""

import sys
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from aie.iron import Buffer, ObjectFifo, Program, Runtime, TaskGroup, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1, Tile

from aie_kernels import attention_contracts as contracts
from aie_kernels.row_contracts import softmax_reference
from designs.attention_work import (
    CORES_PER_COLUMN,
    DRAWN_TOLERANCE,
    MOST_KEYS,
    OBJECT_ROWS,
    PIECE_ELEMENTS,
    PIECE_ROWS,
    WIDTH,
    Case,
    Layout,
    Walks,
    pack,
    unpack,
)
from designs.block_layout import from_blocks, to_blocks
from designs.case import BFLOAT16, Array
from designs.kernels import array_type, external
from ironbird.base.errors import UsageError
from ironbird.session.design_command import design_main

__all__ = [
    "CASES",
    "DEFAULT_CASE",
    "Case",
    "case_for_inputs",
    "design",
    "pack",
    "reference",
    "unpack",
]


def design(case: Case, layout: Layout | None = None) -> Any:
    """The program. layout: where its tensors have their rows; as `pack` makes them if None."""
    layout = layout if layout is not None else Layout.of(case)
    columns = [_column(case, column) for column in range(case.column_count)]
    of_mask = [array_type(layout.mask, BFLOAT16)] if case.masked else []
    of_length = [array_type(layout.length, BFLOAT16)] if case.growing else []

    def sequence(q: Any, kv: Any, *others: Any) -> None:
        *mask_and_length, out, q_in, kv_in, out_back = others
        every_pass = [case.passes_of_column(column) for column in range(case.column_count)]
        last_group = None
        for step in range(max(map(len, every_pass))):
            group = TaskGroup()
            for column, passes in enumerate(every_pass):
                if step < len(passes):
                    walks = Walks(case, layout, passes[step])
                    out_back[column].drain(out, tap=walks.results, group=group, wait=True)
                    q_in[column].fill(q, tap=walks.queries, group=group)
                    if case.masked:
                        q_in[column].fill(mask_and_length[0], tap=walks.mask, group=group)
                    if case.growing:
                        kv_in[column].fill(mask_and_length[-1], group=group)
                    kv_in[column].fill(kv, tap=walks.keys_and_values, group=group)
            if last_group is not None:
                last_group.finish()
            last_group = group
        if last_group is not None:
            last_group.finish()

    runtime = Runtime(
        sequence,
        [
            array_type(layout.q, BFLOAT16),
            array_type(layout.kv, BFLOAT16),
            *of_mask,
            *of_length,
            array_type(layout.out, BFLOAT16),
            [column.q.prod(tile=Tile(place, 0)) for place, column in enumerate(columns)],
            [column.kv.prod(tile=Tile(place, 0)) for place, column in enumerate(columns)],
            [column.out.cons(tile=Tile(place, 0)) for place, column in enumerate(columns)],
        ],
    )
    workers = [worker for column in columns for worker in column.workers]
    return Program(NPU1(), runtime, workers=workers)


@dataclass(frozen=True)
class _Column:
    """The three fifos between DDR and one column, and the column's workers."""

    q: Any
    kv: Any
    out: Any
    workers: list[Any]


def _column(case: Case, column: int) -> _Column:
    piece = array_type(PIECE_ELEMENTS, BFLOAT16)
    object_type = array_type((OBJECT_ROWS, WIDTH), BFLOAT16)
    offsets = [core * PIECE_ELEMENTS for core in range(CORES_PER_COLUMN)]
    blocks = to_blocks(PIECE_ROWS, WIDTH, 4, 8)
    memory = Tile(column, 1)

    q = ObjectFifo(object_type, name=f"q_{column}")
    q_pieces = q.cons().split(
        offsets,
        tile=memory,
        obj_types=[piece] * CORES_PER_COLUMN,
        names=[f"q_{column}_{core}" for core in range(CORES_PER_COLUMN)],
        to_stream=[blocks] * CORES_PER_COLUMN,
    )
    kv = ObjectFifo(array_type((PIECE_ROWS, WIDTH), BFLOAT16), name=f"kv_{column}")
    kv_pieces = kv.cons().forward(
        tile=memory, obj_type=piece, name=f"kv_blocks_{column}", to_stream=blocks
    )
    out = ObjectFifo(
        object_type, name=f"out_{column}", to_stream=from_blocks(PIECE_ROWS, WIDTH, 4, 8)
    )
    out_pieces = out.prod().join(
        offsets,
        tile=memory,
        obj_types=[piece] * CORES_PER_COLUMN,
        names=[f"out_{column}_{core}" for core in range(CORES_PER_COLUMN)],
    )
    workers = [
        _worker(case, Tile(column, 2 + core), q_pieces[core], kv_pieces, out_pieces[core])
        for core in range(CORES_PER_COLUMN)
    ]
    return _Column(q, kv, out, workers)


def _worker(case: Case, tile: Any, q_pieces: Any, kv_pieces: Any, out_pieces: Any) -> Any:
    begin, weigh, accumulate, finish = (
        external(contract)
        for contract in (
            contracts.ATTENTION_BEGIN_BF16,
            contracts.ATTENTION_WEIGHTS_MASKED_BF16
            if case.masked
            else contracts.ATTENTION_WEIGHTS_BF16,
            contracts.ATTENTION_ACCUMULATE_BF16_F32,
            contracts.ATTENTION_FINISH_F32_BF16,
        )
    )
    growth = [
        external(contracts.ATTENTION_LENGTH_BF16_I32),
        Buffer(
            array_type(contracts.LENGTH_ELEMENTS, np.int32),
            name=f"length_{tile.col}_{tile.row}",
        ),
    ]
    held = [
        Buffer(
            array_type(contracts.ATTENTION_WEIGHTS_BF16.argument(name).shape, dtype),
            name=f"{name}_{tile.col}_{tile.row}",
        )
        for name, dtype in (
            ("queries", BFLOAT16),
            ("weights", BFLOAT16),
            ("reference", np.float32),
            ("sums", np.float32),
            ("accumulated", np.float32),
        )
    ]

    def attend(
        q_in: Any,
        kv_in: Any,
        out: Any,
        queries: Any,
        weights: Any,
        reference: Any,
        sums: Any,
        accumulated: Any,
        begin: Any,
        weigh: Any,
        accumulate: Any,
        finish: Any,
        *growth: Any,
    ) -> None:
        for half in range(2):
            begin(q_in.acquire(1), queries, reference, sums, accumulated, half)
            q_in.release(1)

        def fold_in_a_piece(valid_keys: int) -> None:
            keys = kv_in.acquire(1)
            mask = [q_in.acquire(1)] if case.masked else []
            weigh(keys, queries, *mask, weights, reference, sums, accumulated, valid_keys)
            kv_in.release(1)
            if case.masked:
                q_in.release(1)
            accumulate(kv_in.acquire(1), weights, accumulated)
            kv_in.release(1)

        if growth:
            take_length, keys_left = growth
            take_length(kv_in.acquire(1), keys_left)
            kv_in.release(1)
            for _ in range_(case.key_pieces):
                fold_in_a_piece(keys_left[0])
                keys_left[0] = keys_left[0] - PIECE_ROWS
        else:
            for _ in range_(case.key_pieces - 1):
                fold_in_a_piece(PIECE_ROWS)
            fold_in_a_piece(case.valid_keys_in_last_piece)

        for half in range(2):
            finish(accumulated, sums, out.acquire(1), half)
            out.release(1)

    return Worker(
        attend,
        [
            q_pieces.cons(),
            kv_pieces.cons(),
            out_pieces.prod(),
            *held,
            begin,
            weigh,
            accumulate,
            finish,
            *(growth if case.growing else []),
        ],
        tile=tile,
        stack_size=contracts.STACK_BYTES,
    )


def reference(
    case: Case,
    q: Array,
    k: Array,
    v: Array,
    mask: Array | None = None,
    valid_keys: Array | None = None,
) -> dict[str, Array]:
    """softmax(q k' / 8 + mask) v in float64, head by head."""
    if valid_keys is not None:
        number = int(valid_keys[0])
        k, v = k[:, :number], v[:, :number]
        mask = mask[:, :number] if mask is not None else None
    result = np.empty((case.heads, case.queries, WIDTH))
    for head in range(case.heads):
        scores = q[head].astype(np.float64) @ k[head].astype(np.float64).T / np.sqrt(WIDTH)
        if mask is not None:
            scores += mask.astype(np.float64)
        weights = softmax_reference(scores)
        result[head] = weights @ v[head].astype(np.float64)
    return {"out": result}


def case_for_inputs(inputs: dict[str, Array]) -> Case:
    """The case that a user's own q, k, v (and mask) make. Raises UsageError for other shapes."""
    missing = [name for name in ("q", "k", "v") if name not in inputs]
    if missing:
        raise UsageError(
            f"attention needs the inputs q, k and v; {', '.join(missing)} missing",
            fix="np.savez(path, q=..., k=..., v=...), each [heads, positions, 64]",
        )
    for name in ("q", "k", "v"):
        shape = inputs[name].shape
        if len(shape) != 3 or shape[2] != WIDTH:
            raise UsageError(
                f"input {name!r} has the shape {list(shape)}",
                because=f"it is [heads, positions, {WIDTH}]",
            )
    heads, queries, _ = inputs["q"].shape
    keys = inputs["k"].shape[1]
    for name, asked in (("k", (heads, keys, WIDTH)), ("v", (heads, keys, WIDTH))):
        _check_shape(name, inputs[name], asked, f"of {heads} heads and {keys} keys")
    if "mask" in inputs:
        _check_shape("mask", inputs["mask"], (queries, keys), f"of {queries} queries, {keys} keys")
    if keys > MOST_KEYS:
        raise UsageError(
            f"input 'k' has {keys} positions",
            because=f"attention is over {MOST_KEYS} keys at most; Whisper's longest is 1500",
        )
    for name in ("q", "k", "v"):
        wide = inputs[name].astype(np.float32)
        if not np.isfinite(wide).all():
            place = np.argwhere(~np.isfinite(wide))[0]
            raise UsageError(
                f"input {name!r} holds {wide[tuple(place)]:g} at {place.tolist()}",
                because="attention then gives NaN, as its formula does, and nothing can be judged",
            )
    largest_value = float(np.abs(inputs["v"].astype(np.float32)).max())
    return Case(
        name="input",
        heads=heads,
        queries=queries,
        keys=keys,
        masked="mask" in inputs,
        growing="valid_keys" in inputs,
        # A weight is off by 2^-8 and little more, no value is further from the mean than 2 x the
        # largest, and the result is rounded by 2^-8.
        tolerance=replace(DRAWN_TOLERANCE, absolute=0.0125 * largest_value),
    )


def _check_shape(name: str, given: Array, asked: tuple[int, ...], of_what: str) -> None:
    if given.shape != asked:
        raise UsageError(
            f"input {name!r} has the shape {list(given.shape)}",
            because=f"that {of_what} is {list(asked)}",
        )


CASES = (
    Case(name="one_piece", heads=1, queries=40, keys=32),
    Case(name="ragged", heads=2, queries=300, keys=77),
    Case(name="causal", heads=1, queries=96, keys=96, masked=True),
    Case(name="growing", heads=1, queries=3, keys=96, growing=True),
    Case(name="causal_448", heads=2, queries=448, keys=448, masked=True),
    Case(name="cross_448", heads=2, queries=448, keys=1500),
    Case(name="cross_1", heads=8, queries=1, keys=1500),
    Case(name="growing_448", heads=8, queries=1, keys=448, growing=True),
    Case(name="whisper_base", heads=8, queries=1500, keys=1500),
)

DEFAULT_CASE = "whisper_base"

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
