"""Small D4 programs that the session's tests build and run."""

from pathlib import Path
from typing import Any

import numpy as np
from aie.iron import (
    CompileTime,
    ExternalFunction,
    In,
    ObjectFifo,
    Out,
    Program,
    Runtime,
    Worker,
)
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1

LINE = 16


def line_type(dtype: Any = np.int32, elements: int = LINE) -> Any:
    return np.ndarray[(elements,), np.dtype[dtype]]


def program(core: Any, *, elements: int, kernel: Any = None, dtype: Any = np.int32) -> Program:
    """DDR -> one core -> DDR, line by line; `core(x_line, y_line)` or a kernel makes y of x."""
    fifo_in = ObjectFifo(line_type(dtype), name="x")
    fifo_out = ObjectFifo(line_type(dtype), name="y")

    def work(x: Any, y: Any, *kernels: Any) -> None:
        for _ in range_(elements // LINE):
            x_line, y_line = x.acquire(1), y.acquire(1)
            core(x_line, y_line, *kernels)
            x.release(1)
            y.release(1)

    worker = Worker(
        work, [fifo_in.cons(), fifo_out.prod(), *([kernel] if kernel is not None else [])]
    )

    def sequence(x: Any, y: Any, x_in: Any, y_out: Any) -> None:
        x_in.fill(x)
        y_out.drain(y, wait=True)

    whole = line_type(dtype, elements)
    runtime = Runtime(sequence, [whole, whole, fifo_in.prod(), fifo_out.cons()])
    return Program(NPU1Col1(), runtime, workers=[worker])


def add_constant(elements: int, constant: int) -> Program:
    """y = x + constant, in Python core code."""

    def core(x_line: Any, y_line: Any) -> None:
        for position in range_(LINE):
            y_line[position] = x_line[position] + constant

    return program(core, elements=elements)


AMPLIFY = """
#include <cstdint>
#include "factor.h"
extern "C" void amplify(const int32_t *x, int32_t *y) {
  for (int i = 0; i < 16; i++) y[i] = FACTOR * x[i];
}
"""


def amplify(elements: int, folder: Path, source: str = AMPLIFY, factor: int = 3) -> Program:
    """y = factor * x, by a C++ kernel with a header, both in `folder`."""
    (folder / "amplify.cc").write_text(source)
    (folder / "factor.h").write_text(f"#define FACTOR {factor}\n")
    return call_amplify(elements, folder / "amplify.cc")


def call_amplify(elements: int, source: Path) -> Program:
    """y = what the kernel `amplify` in `source` makes of x."""
    kernel = ExternalFunction(
        "amplify", source_file=str(source), arg_types=[line_type(), line_type()]
    )
    return program(lambda x, y, call: call(x, y), elements=elements, kernel=kernel)


def add_generator(x: In, y: Out, *, constant: CompileTime[int] = 1) -> Any:
    """What `@iron.jit` decorates in the tests."""
    return add_constant(x.size, constant).resolve_program()
