"""The largest element of an int32 array, found by four cores chained through neighbour memory.

                   +--> core (0, 5)
                   |        | partial_0, in memory that both cores reach
                   +--> core (0, 4)
    DDR --x--> memory tile  | partial_1
               (0, 1)  +--> core (0, 3)
                   |        | partial_2
                   +--> core (0, 2) --y--> DDR

The memory tile deals each block of the array out in four pieces. Each core keeps the largest
element of its pieces; at the end the answer walks down the chain, each core passing on the larger
of what it got and what it found.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from aie.iron import Buffer, ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import if_, range_
from aie.iron.device import NPU1, Tile

from aie_kernels.row_contracts import reduce_max_i32
from designs.case import Array, check_counts, draw_integers, next_multiple, padded, poisoned
from designs.kernels import array_type, external
from ironbird.base.tolerance import EXACT, Tolerance
from ironbird.session.design_command import design_main

CORE_COUNT = 4
LEAST = int(np.iinfo(np.int32).min)


@dataclass(frozen=True, kw_only=True)
class Case:
    """An array of any length; a core's piece is whole vectors of 16."""

    name: str
    element_count: int
    piece_elements: int = 512
    tolerance: Tolerance = EXACT

    def __post_init__(self) -> None:
        check_counts(
            "a search", element_count=self.element_count, piece_elements=self.piece_elements
        )
        if self.piece_elements % 16:
            raise ValueError(
                f"a piece of {self.piece_elements} elements is not whole vectors of 16"
            )

    @property
    def block_elements(self) -> int:
        """What the four cores take together."""
        return CORE_COUNT * self.piece_elements

    @property
    def padded_elements(self) -> int:
        """Whole blocks."""
        return next_multiple(self.element_count, self.block_elements)

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x [element_count] int32."""
        return {"x": draw_integers(rng, (self.element_count,), np.int32)}

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [1] int32."""
        return {"y": ((1,), np.dtype(np.int32))}


def design(case: Case) -> Any:
    """The program."""
    piece = array_type(case.piece_elements, np.int32)
    one = array_type(1, np.int32)
    block_count = case.padded_elements // case.block_elements

    x = ObjectFifo(array_type(case.block_elements, np.int32), name="x")
    pieces = x.cons().split(
        [core * case.piece_elements for core in range(CORE_COUNT)],
        obj_types=[piece] * CORE_COUNT,
        names=[f"x_{core}" for core in range(CORE_COUNT)],
    )
    partials = [ObjectFifo(one, name=f"partial_{core}") for core in range(CORE_COUNT - 1)]
    y = ObjectFifo(one, name="y")
    reduce_max = external(reduce_max_i32(case.piece_elements))

    def find_largest(x_in: Any, largest: Any, reduce_max: Any) -> None:
        largest[0] = LEAST
        for _ in range_(block_count):
            elements = x_in.acquire(1)
            reduce_max(elements, largest, case.piece_elements)
            x_in.release(1)

    def pass_on(largest: Any, answer_out: Any) -> None:
        answer = answer_out.acquire(1)
        answer[0] = largest[0]
        answer_out.release(1)

    def first_core(x_in: Any, answer_out: Any, largest: Any, reduce_max: Any) -> None:
        find_largest(x_in, largest, reduce_max)
        pass_on(largest, answer_out)

    def next_core(
        x_in: Any, answer_in: Any, answer_out: Any, largest: Any, reduce_max: Any
    ) -> None:
        find_largest(x_in, largest, reduce_max)
        theirs = answer_in.acquire(1)
        with if_(theirs[0] > largest[0], hasElse=False):
            largest[0] = theirs[0]
        answer_in.release(1)
        pass_on(largest, answer_out)

    workers = []
    for core in range(CORE_COUNT):
        answer_out = partials[core] if core < CORE_COUNT - 1 else y
        fifos = [pieces[core].cons(), answer_out.prod()]
        if core > 0:
            fifos.insert(1, partials[core - 1].cons())
        largest = Buffer(one, name=f"largest_{core}")
        workers.append(
            Worker(
                first_core if core == 0 else next_core,
                [*fifos, largest, reduce_max],
                tile=Tile(0, 5 - core),
            )
        )

    def sequence(array: Any, answer: Any, x_in: Any, y_out: Any) -> None:
        x_in.fill(array)
        y_out.drain(answer, wait=True)

    whole = array_type(case.padded_elements, np.int32)
    runtime = Runtime(sequence, [whole, one, x.prod(), y.cons()])
    return Program(NPU1(), runtime, workers=workers)


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """The array filled up to whole blocks with the least int32, and room for the answer."""
    return padded(inputs["x"], (case.padded_elements,), LEAST), poisoned((1,), np.dtype(np.int32))


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The answer."""
    return {"y": arguments[1]}


def reference(case: Case, x: Array) -> dict[str, Array]:
    """y[0] = max(x)."""
    return {"y": x.max(keepdims=True)}


CASES = (
    Case(name="two_blocks", element_count=512, piece_elements=64),
    Case(name="ragged", element_count=1001, piece_elements=64),
    Case(name="quarter_million", element_count=250_000),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
