"""One column's shim sends on two channels, not three."""

import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1

line = np.ndarray[(16,), np.dtype[np.int32]]
whole = np.ndarray[(64,), np.dtype[np.int32]]


@iron.jit
def design(x: In, y: Out):
    inputs = [ObjectFifo(line, name=f"input{n}") for n in range(3)]  # BUG
    outputs = [ObjectFifo(line, name=f"output{n}") for n in range(3)]

    def core(source, result):
        a, b = source.acquire(1), result.acquire(1)
        for i in range_(16):
            b[i] = a[i]
        source.release(1)
        result.release(1)

    def sequence(x, y, *ends):
        for source in ends[:3]:
            source.fill(x)
        for result in ends[3:]:
            result.drain(y, wait=True)

    workers = [Worker(core, [a.cons(), b.prod()]) for a, b in zip(inputs, outputs, strict=True)]
    ends = [*(each.prod() for each in inputs), *(each.cons() for each in outputs)]
    runtime = Runtime(sequence, [whole, whole, *ends])
    return Program(NPU1Col1(), runtime, workers=workers).resolve_program()


x, y = iron.arange(64, dtype=np.int32), iron.zeros(64, dtype=np.int32)
design(x, y)
