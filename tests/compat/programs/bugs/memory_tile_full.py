"""Six objects of 100 KiB on a memory tile of 512 KiB."""

import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime
from aie.iron.device import NPU1Col1

line = np.ndarray[(16,), np.dtype[np.int32]]
whole = np.ndarray[(64,), np.dtype[np.int32]]

whole = np.ndarray[(25600,), np.dtype[np.int32]]


@iron.jit
def design(x: In, y: Out):
    source = ObjectFifo(whole, depth=6, name="source")  # BUG
    result = source.cons().forward(name="result")

    def sequence(x, y, source, result):
        source.fill(x)
        result.drain(y, wait=True)

    runtime = Runtime(sequence, [whole, whole, source.prod(), result.cons()])
    return Program(NPU1Col1(), runtime).resolve_program()


x, y = iron.arange(25600, dtype=np.int32), iron.zeros(25600, dtype=np.int32)
design(x, y)
