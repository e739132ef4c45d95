"""A memory tile whose descriptors run a counted number of times, and then stop."""

import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1

N, LINES = 16, 4
line_ty = np.ndarray[(N,), np.dtype[np.int32]]
whole_ty = np.ndarray[(LINES * N,), np.dtype[np.int32]]

of_in = ObjectFifo(line_ty, name="in")
of_out = ObjectFifo(line_ty, depth=1, name="out")
of_mem = of_in.cons().forward(name="mem")
of_mem.set_iter_count(LINES // of_mem.depth)
assert of_in.depth == 2 and of_in.shape == (N,) and of_in.dtype == np.int32


def body(source, sink):
    for _ in range_(LINES):
        a, b = source.acquire(1), sink.acquire(1)
        for i in range_(N):
            b[i] = a[i] - 1
        source.release(1)
        sink.release(1)


worker = Worker(body, [of_mem.cons(), of_out.prod()], while_true=False)
rt = Runtime()
with rt.sequence(whole_ty, whole_ty) as (x, y):
    rt.start(worker)
    rt.fill(of_in.prod(), x)
    rt.drain(of_out.cons(), y, wait=True)

print(Program(NPU1Col1(), rt).resolve_program())
