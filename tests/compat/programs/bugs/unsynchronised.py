"""Without the fifo's locks the core reads while the DMA writes."""

import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_

line = np.ndarray[(16,), np.dtype[np.int32]]


@iron.jit
def design(x: In, y: Out):
    source = ObjectFifo(line, name="source", disable_synchronization=True)
    result = ObjectFifo(line, name="result")

    def core(source, result):
        a, b = source.acquire(1), result.acquire(1)
        for i in range_(16):
            b[i] = a[i] + 1  # BUG
        source.release(1)
        result.release(1)

    def sequence(x, y, source, result):
        source.fill(x)
        result.drain(y, wait=True)

    worker = Worker(core, [source.cons(), result.prod()])
    runtime = Runtime(sequence, [line, line, source.prod(), result.cons()])
    return Program(iron.get_current_device(), runtime, workers=[worker]).resolve_program()


x, y = iron.arange(16, dtype=np.int32), iron.zeros(16, dtype=np.int32)
design(x, y)
