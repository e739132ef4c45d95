"""A channel of a memory tile has 24 descriptors, and a ring of 25 needs 25."""

import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime
from aie.iron.device import NPU1Col1

line = np.ndarray[(16,), np.dtype[np.int32]]
whole = np.ndarray[(64,), np.dtype[np.int32]]


@iron.jit
def design(x: In, y: Out):
    source = ObjectFifo(line, depth=25, name="source")
    result = source.cons().forward(depth=25, name="result")  # BUG

    def sequence(x, y, source, result):
        source.fill(x)
        result.drain(y, wait=True)

    runtime = Runtime(sequence, [whole, whole, source.prod(), result.cons()])
    return Program(NPU1Col1(), runtime).resolve_program()


x, y = iron.arange(64, dtype=np.int32), iron.zeros(64, dtype=np.int32)
design(x, y)
