"""A kernel with a mistake in its C++."""

import aie.iron as iron
import numpy as np
from aie.iron import ExternalFunction, In, ObjectFifo, Out, Program, Runtime, Worker

line = np.ndarray[(16,), np.dtype[np.int32]]
whole = np.ndarray[(64,), np.dtype[np.int32]]


@iron.jit
def design(x: In, y: Out):
    source, result = ObjectFifo(line, name="source"), ObjectFifo(line, name="result")

    work = ExternalFunction(
        "work",
        source_string="""
extern "C" void work(int *x, int *y) {
  for (int i = 0; i < 16; i++) y[i] = x[i] + missing;  // BUG
}
""",
        arg_types=[line, line],
    )

    def core(source, result, work):
        a, b = source.acquire(1), result.acquire(1)
        work(a, b)
        source.release(1)
        result.release(1)

    def sequence(x, y, source, result):
        source.fill(x)
        result.drain(y, wait=True)

    worker = Worker(core, [source.cons(), result.prod(), work])
    runtime = Runtime(sequence, [whole, whole, source.prod(), result.cons()])
    return Program(iron.get_current_device(), runtime, workers=[worker]).resolve_program()


x, y = iron.arange(64, dtype=np.int32), iron.zeros(64, dtype=np.int32)
design(x, y)
