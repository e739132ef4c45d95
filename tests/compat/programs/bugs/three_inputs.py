"""A core tile takes two streams in."""

import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_

line = np.ndarray[(16,), np.dtype[np.int32]]
whole = np.ndarray[(64,), np.dtype[np.int32]]


@iron.jit
def design(x: In, y: Out):
    inputs = [ObjectFifo(line, name=f"input{n}") for n in range(3)]  # BUG
    result = ObjectFifo(line, name="result")

    def core(one, two, three, result):
        a, b, c, d = one.acquire(1), two.acquire(1), three.acquire(1), result.acquire(1)
        for i in range_(16):
            d[i] = a[i] + b[i] + c[i]
        for each in (one, two, three, result):
            each.release(1)

    def sequence(x, y, one, two, three, result):
        for each in (one, two, three):
            each.fill(x)
        result.drain(y, wait=True)

    worker = Worker(core, [*(each.cons() for each in inputs), result.prod()])
    ends = [*(each.prod() for each in inputs), result.cons()]
    runtime = Runtime(sequence, [whole, whole, *ends])
    return Program(iron.get_current_device(), runtime, workers=[worker]).resolve_program()


x, y = iron.arange(64, dtype=np.int32), iron.zeros(64, dtype=np.int32)
design(x, y)
