"""Core 2 of three does nothing; one list of handles is shared out by index."""

import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1

N = 16
line_ty = np.ndarray[(N,), np.dtype[np.int32]]
whole_ty = np.ndarray[(2 * N,), np.dtype[np.int32]]
of_in = ObjectFifo(line_ty)
of_mid = [ObjectFifo(line_ty) for _ in range(2)]
of_out = ObjectFifo(line_ty)


def fan_out(source, sinks):
    a = source.acquire(1)
    for factor, sink in enumerate(sinks):
        b = sink.acquire(1)
        for i in range_(N):
            b[i] = a[i] * (factor + 2)
        sink.release(1)
    source.release(1)


def fan_in(sources, sink):
    c = sink.acquire(1)
    first, second = (source.acquire(1) for source in sources)
    for i in range_(N):
        c[i] = first[i] * second[i]
    for source in sources:
        source.release(1)
    sink.release(1)


workers = [
    Worker(fan_out, [of_in.cons(), [fifo.prod() for fifo in of_mid]]),
    Worker(None),
    Worker(fan_in, [[fifo.cons() for fifo in of_mid], of_out.prod()]),
]
rt = Runtime()
with rt.sequence(whole_ty, whole_ty) as (x, y):
    rt.start(*workers)
    rt.fill(of_in.prod(), x)
    rt.drain(of_out.cons(), y, wait=True)

print(Program(NPU1Col1(), rt).resolve_program())
