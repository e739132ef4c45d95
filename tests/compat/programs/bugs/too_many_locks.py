"""Seventeen barriers, and a core tile has sixteen locks."""

import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker, WorkerRuntimeBarrier
from aie.iron.controlflow import range_

line = np.ndarray[(16,), np.dtype[np.int32]]
whole = np.ndarray[(64,), np.dtype[np.int32]]


@iron.jit
def design(x: In, y: Out):
    source, result = ObjectFifo(line, name="source"), ObjectFifo(line, name="result")

    barriers = [WorkerRuntimeBarrier() for _ in range(17)]  # BUG

    def core(source, result, *barriers):
        for barrier in barriers:
            barrier.wait_for_value(1)
        a, b = source.acquire(1), result.acquire(1)
        for i in range_(16):
            b[i] = a[i] + 1
        source.release(1)
        result.release(1)

    def sequence(x, y, source, result):
        source.fill(x)
        result.drain(y, wait=True)

    worker = Worker(core, [source.cons(), result.prod(), *barriers])
    runtime = Runtime(sequence, [whole, whole, source.prod(), result.cons()])
    return Program(iron.get_current_device(), runtime, workers=[worker]).resolve_program()


x, y = iron.arange(64, dtype=np.int32), iron.zeros(64, dtype=np.int32)
design(x, y)
