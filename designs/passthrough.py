"""Copy an array through one core.

    DDR --x--> core (0, 2) --y--> DDR

Line by line: the core copies each line with a kernel, and while it does the next is on its way.
Elements narrower than the kernel's int32 are copied four bytes at a time.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.device import NPU1

from aie_kernels.row_contracts import passthrough_i32
from designs.case import Array, check_counts, draw_integers, poisoned
from designs.kernels import array_type, external
from ironbird.base.tolerance import EXACT, Tolerance
from ironbird.session.design_command import design_main

VECTOR_BYTES = 64


@dataclass(frozen=True, kw_only=True)
class Case:
    """An array of whole lines; a line is whole vectors of 64 bytes."""

    name: str
    element_count: int
    line_elements: int = 1024
    dtype: Any = np.int32
    tolerance: Tolerance = EXACT

    def __post_init__(self) -> None:
        check_counts("a copy", element_count=self.element_count, line_elements=self.line_elements)
        lanes = VECTOR_BYTES // np.dtype(self.dtype).itemsize
        if self.element_count % self.line_elements or self.line_elements % lanes:
            raise ValueError(
                f"{self.element_count} elements are not whole lines of {self.line_elements}, "
                f"or a line is not whole vectors of {lanes}"
            )

    def words(self, elements: int) -> int:
        """How many int32 hold so many elements."""
        return elements * int(np.dtype(self.dtype).itemsize) // 4

    def inputs(self, rng: np.random.Generator) -> dict[str, Array]:
        """x [element_count]."""
        return {"x": draw_integers(rng, (self.element_count,), self.dtype)}

    def outputs(self) -> dict[str, tuple[tuple[int, ...], np.dtype[Any]]]:
        """y [element_count]."""
        return {"y": ((self.element_count,), np.dtype(self.dtype))}


def design(case: Case) -> Any:
    """The program."""
    line_words = case.words(case.line_elements)
    line = array_type(line_words, np.int32)
    whole = array_type(case.words(case.element_count), np.int32)
    x = ObjectFifo(line, name="x")
    y = ObjectFifo(line, name="y")
    copy = external(passthrough_i32(line_words))

    def copy_lines(x_in: Any, y_out: Any, copy: Any) -> None:
        source, copied = x_in.acquire(1), y_out.acquire(1)
        copy(source, copied, line_words)
        x_in.release(1)
        y_out.release(1)

    worker = Worker(copy_lines, [x.cons(), y.prod(), copy])

    def sequence(source: Any, copied: Any, x_in: Any, y_out: Any) -> None:
        x_in.fill(source)
        y_out.drain(copied, wait=True)

    runtime = Runtime(sequence, [whole, whole, x.prod(), y.cons()])
    return Program(NPU1(), runtime, workers=[worker])


def pack(case: Case, inputs: dict[str, Array]) -> tuple[Array, ...]:
    """The bytes of the array as int32, and room for as many."""
    words = inputs["x"].view(np.int32)
    return words, poisoned(words.shape, words.dtype)


def unpack(case: Case, arguments: tuple[Array, ...]) -> dict[str, Array]:
    """The copied bytes as elements."""
    return {"y": arguments[1].view(case.dtype)}


def reference(case: Case, x: Array) -> dict[str, Array]:
    """y = x."""
    return {"y": x}


CASES = (
    Case(name="one_line", element_count=64, line_elements=64),
    Case(name="four_lines", element_count=256, line_elements=64),
    Case(name="seed_4096", element_count=4096, line_elements=4096, dtype=np.int8),
    Case(name="megabyte", element_count=262144),
)

if __name__ == "__main__":
    raise SystemExit(design_main(sys.modules[__name__]))
