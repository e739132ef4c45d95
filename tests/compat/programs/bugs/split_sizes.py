"""Parts that overlap."""

import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_

line = np.ndarray[(16,), np.dtype[np.int32]]
whole = np.ndarray[(64,), np.dtype[np.int32]]


@iron.jit
def design(x: In, y: Out):
    source = ObjectFifo(whole, name="source")
    result = ObjectFifo(line, name="result")
    parts = source.cons().split([0, 8], obj_types=[line, line], names=["low", "high"])  # BUG

    def core(low, high, result):
        a, b, c = low.acquire(1), high.acquire(1), result.acquire(1)
        for i in range_(16):
            c[i] = a[i] + b[i]
        low.release(1)
        high.release(1)
        result.release(1)

    def sequence(x, y, source, result):
        source.fill(x)
        result.drain(y, wait=True)

    worker = Worker(core, [parts[0].cons(), parts[1].cons(), result.prod()])
    runtime = Runtime(sequence, [whole, line, source.prod(), result.cons()])
    return Program(iron.get_current_device(), runtime, workers=[worker]).resolve_program()


x, y = iron.arange(64, dtype=np.int32), iron.zeros(64, dtype=np.int32)
design(x, y)
