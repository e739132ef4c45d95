"""The highest logits of every row and their ids, ids that are forbidden left out, on 16 cores.

    ids of column 0       column 1            column 2            column 3
    core (0, 5) ------> core (1, 5)         core (2, 5) ------> core (3, 5)
        ^                   v                   ^                   v
    core (0, 4)         core (1, 4)         core (2, 4)         core (3, 4)
        ^                   v                   ^                   v
    core (0, 3)         core (1, 3)         core (2, 3)         core (3, 3)
        ^                   v                   ^                   v
    core (0, 2)         core (1, 2) ------> core (2, 2)         core (3, 2) --best--> DDR

Every core owns a sixteenth of the vocabulary, which its memory tile cuts out of the logits; the
words of a column's forbidden ids go to its four cores alike. For each row a core ranks its logits,
takes the `count` highest, merges them with those of the core before it, and passes the list on
through memory that both reach. Arg-max is `count` 1.

Logits are fp32: Whisper compares them in fp32, and near 20 neighbouring bf16 are 1/8 apart, so that
whole groups of tokens would tie. Which ids are forbidden is a tensor, as it changes with every
token; ids that only fill the vocabulary up to whole cores are forbidden too, so that one program
serves the vocabularies of 51,864 to 51,866.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import Buffer, ObjectFifo, Program, Runtime, TaskGroup, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1, Tile

from aie_kernels.top_k_contracts import (
    MOST_CHOSEN,
    NO_ID,
    RANK_OF_FORBIDDEN,
    WORD_BITS,
    forbidden_words,
    highest,
    logits_of,
    rank_f32_i32,
    ranks_of,
    top_k_i32,
    top_k_merge_i32,
)
from designs.case import Array, next_multiple, padded, poisoned
from designs.kernels import array_type, external
from ironbird.base.tolerance import EXACT, Tolerance
from ironbird.session.design_command import design_main

COLUMNS = 4
CORES_IN_COLUMN = 4
CORE_COUNT = COLUMNS * CORES_IN_COLUMN
MOST_ROWS = 16
MOST_IDS_OF_CORE = 4000
"""A core holds its logits twice and their ranks once: 48 of its 64 KiB."""

INT32 = np.dtype(np.int32)
FLOAT32 = np.dtype(np.float32)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Rows of logits, and how many of each to choose; of drawn ids one in eight is forbidden."""

    name: str
    rows: int
    vocabulary: int
    count: int = 1
    tolerance: Tolerance = EXACT

    def __post_init__(self) -> None:
        most = CORE_COUNT * MOST_IDS_OF_CORE
        if not (1 <= self.rows <= MOST_ROWS and 1 <= self.vocabulary <= most):
            raise ValueError(
                f"{self.rows} rows of {self.vocabulary} logits; there are 1 to {MOST_ROWS} rows "
                f"of 1 to {most}"
            )
        if not 1 <= self.count <= min(MOST_CHOSEN, self.vocabulary):
            raise ValueError(
                f"the {self.count} highest of {self.vocabulary} logits; at least one is chosen, "
                f"at most {MOST_CHOSEN} and no more than there are"
            )

    @property
    def ids_of_core(self) -> int:
        """Whole words of forbidden ids."""
        return next_multiple(-(-self.vocabulary // CORE_COUNT), WORD_BITS)

    @property
    def ids_of_column(self) -> int:
        """What the four cores of a column own."""
        return CORES_IN_COLUMN * self.ids_of_core

    @property
    def padded_shape(self) -> tuple[int, int]:
        """Ids in whole cores."""
        return self.rows, CORE_COUNT * self.ids_of_core

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """logits [rows, vocabulary] float32; forbidden [rows, vocabulary] bool."""
        shape = (self.rows, self.vocabulary)
        return {
            "logits": rng.standard_normal(shape, np.float32) * np.float32(4),
            "forbidden": rng.random(shape) < 1 / 8,
        }

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """From the highest down: ids [rows, count] int32, and their logits [rows, count]."""
        shape = (self.rows, self.count)
        return {"ids": (shape, INT32), "chosen": (shape, FLOAT32)}


def design(case: Case) -> Any:
    """The program."""
    snake = [
        (column, row)
        for column in range(COLUMNS)
        for row in (range(CORES_IN_COLUMN) if column % 2 == 0 else range(3, -1, -1))
    ]
    columns = [_Column(case, column) for column in range(COLUMNS)]
    best = array_type(2 * case.count, np.int32)
    lists = [ObjectFifo(best, name=f"best_{step}") for step in range(CORE_COUNT)]
    workers = [
        columns[column].worker(row, lists[step - 1] if step else None, lists[step])
        for step, (column, row) in enumerate(snake)
    ]

    def sequence(logits: Any, forbidden: Any, best: Any, best_out: Any, *ends: Any) -> None:
        group = TaskGroup()
        for column in range(COLUMNS):
            logits_in, words_in = ends[2 * column : 2 * column + 2]
            logits_in.fill(logits, _logits_of_column(case, column), group=group)
            words_in.fill(forbidden, _words_of_column(case, column), group=group)
        best_out.drain(best, wait=True, group=group)
        group.finish()

    words = case.padded_shape[1] // WORD_BITS
    tensors = [
        array_type(case.padded_shape, np.float32),
        array_type((case.rows, words), np.int32),
        array_type((case.rows, 2 * case.count), np.int32),
    ]
    ends = [end for column in columns for end in (column.logits.prod(), column.words.prod())]
    return Program(NPU1(), Runtime(sequence, [*tensors, lists[-1].cons(), *ends]), workers=workers)


def _logits_of_column(case: Case, column: int) -> Any:
    """A column's ids of every row: sixteen pieces, as a dimension has at most 1,023 elements."""
    piece = case.ids_of_column // 16
    return TensorAccessPattern(
        case.padded_shape,
        column * case.ids_of_column,
        [1, case.rows, 16, piece],
        [0, case.padded_shape[1], piece, 1],
    )


def _words_of_column(case: Case, column: int) -> Any:
    words, words_of_column = (
        ids // WORD_BITS for ids in (case.padded_shape[1], case.ids_of_column)
    )
    return TensorAccessPattern(
        (case.rows, words),
        column * words_of_column,
        [1, 1, case.rows, words_of_column],
        [0, 0, words, 1],
    )


class _Column:
    """The fifos that a column's cores share."""

    def __init__(self, case: Case, column: int) -> None:
        self.case = case
        self.column = column
        self.logits = ObjectFifo(array_type(case.ids_of_column, np.float32), name=f"x_{column}")
        self.words = ObjectFifo(
            array_type(case.ids_of_column // WORD_BITS, np.int32), name=f"forbidden_{column}"
        )
        self.shares = self.logits.cons().split(
            [core * case.ids_of_core for core in range(CORES_IN_COLUMN)],
            tile=Tile(column, 1),
            obj_types=[array_type(case.ids_of_core, np.float32)] * CORES_IN_COLUMN,
            names=[f"x_{column}_{core}" for core in range(CORES_IN_COLUMN)],
        )

    def worker(self, core: int, before: Any, after: Any) -> Any:
        """The worker of one core, between the lists `before` (None for the first) and `after`."""
        case, name = self.case, f"{self.column}_{core}"
        return Worker(
            _rows_body(case, self.column, core),
            [
                self.shares[core].cons(),
                self.words.cons(),
                after.prod(),
                Buffer(array_type(case.ids_of_core, np.int32), name=f"ranks_{name}"),
                external(rank_f32_i32(case.ids_of_core, case.ids_of_column // WORD_BITS)),
                external(top_k_i32(case.ids_of_core, case.count)),
                *(
                    []
                    if before is None
                    else [
                        before.cons(),
                        Buffer(array_type(2 * case.count, np.int32), name=f"ours_{name}"),
                        external(top_k_merge_i32(case.count)),
                    ]
                ),
            ],
            tile=Tile(self.column, 2 + core),
        )


def _rows_body(case: Case, column: int, core: int) -> Any:
    """What a core does with every row; the first of the chain has nothing to merge."""
    first_word = core * case.ids_of_core // WORD_BITS
    first_id = column * case.ids_of_column + core * case.ids_of_core

    def every_row(
        x_in: Any, words_in: Any, best_out: Any, ranks: Any, rank: Any, top_k: Any, *chain: Any
    ) -> None:
        for _ in range_(case.rows):
            logits, words = x_in.acquire(1), words_in.acquire(1)
            rank(logits, words, ranks, first_word, case.ids_of_core)
            x_in.release(1)
            words_in.release(1)
            if chain:
                before, ours, merge = chain
                top_k(ranks, ours, first_id, case.ids_of_core, case.count)
                theirs, best = before.acquire(1), best_out.acquire(1)
                merge(theirs, ours, best, case.count)
                before.release(1)
            else:
                best = best_out.acquire(1)
                top_k(ranks, best, first_id, case.ids_of_core, case.count)
            best_out.release(1)

    return every_row


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """Logits and the words of forbidden ids filled up to whole cores, and room for the lists."""
    forbidden = padded(inputs["forbidden"].astype(bool), case.padded_shape, fill=True)
    return (
        padded(inputs["logits"], case.padded_shape),
        forbidden_words(forbidden),
        poisoned((case.rows, 2 * case.count), INT32),
    )


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The lists, their ranks as the logits they stand for."""
    ranks, ids = np.split(arguments[2], 2, axis=1)
    return {"ids": ids, "chosen": logits_of(ranks)}


def reference(case: Case, logits: Array, forbidden: Array) -> dict[str, Array]:
    """A stable sort of each row. A forbidden id is never chosen: where fewer are left, -1."""
    ranks = np.where(forbidden, RANK_OF_FORBIDDEN, ranks_of(logits)).astype(np.int32)
    rows = [highest(row, case.count) for row in ranks]
    ids = np.array([ids for _, ids in rows], np.int32).reshape(case.rows, case.count)
    allowed = np.take_along_axis(logits, np.maximum(ids, 0), axis=1)
    return {"ids": ids, "chosen": np.where(ids == NO_ID, np.float32(-np.inf), allowed)}


CASES = (
    Case(name="arg_max", rows=2, vocabulary=1000),
    Case(name="top_5", rows=3, vocabulary=2000, count=5),
    Case(name="greedy", rows=16, vocabulary=51_865),
    Case(name="beam", rows=5, vocabulary=51_866, count=6),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
