"""One fifo, two workers that fill it."""

import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1

line = np.ndarray[(16,), np.dtype[np.int32]]
whole = np.ndarray[(64,), np.dtype[np.int32]]

result = ObjectFifo(line, name="result")


def core(result):
    b = result.acquire(1)
    for i in range_(16):
        b[i] = 1
    result.release(1)


workers = [Worker(core, [result.prod()]), Worker(core, [result.prod()])]  # BUG
rt = Runtime()
with rt.sequence(whole) as y:
    rt.start(*workers)
    rt.drain(result.cons(), y, wait=True)

print(Program(NPU1Col1(), rt).resolve_program())
