"""A kernel written in Python with @func, called from two workers."""

import numpy as np
from aie.extras.dialects import arith
from aie.helpers.dialects.func import func
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1

N = 16
line_ty = np.ndarray[(N,), np.dtype[np.int32]]
both_ty = np.ndarray[(2 * N,), np.dtype[np.int32]]
whole_ty = np.ndarray[(8 * N,), np.dtype[np.int32]]


@func
def add_index(source: line_ty, sink: line_ty, step: np.int32):
    for i in range_(N):
        sink[i] = source[i] + arith.index_cast(i, to=np.int32) * step


of_in, of_out = ObjectFifo(both_ty, name="in"), ObjectFifo(both_ty, name="out")
ins = of_in.cons().split([0, N], obj_types=[line_ty, line_ty])
outs = of_out.prod().join([0, N], obj_types=[line_ty, line_ty])


def body(source, sink, kernel, step):
    a, b = source.acquire(1), sink.acquire(1)
    kernel(a, b, step)
    source.release(1)
    sink.release(1)


workers = [
    Worker(body, fn_args=[ins[i].cons(), outs[i].prod(), add_index, 10 ** (i + 1)])
    for i in range(2)
]
rt = Runtime()
with rt.sequence(whole_ty, whole_ty) as (x, y):
    rt.start(*workers)
    rt.fill(of_in.prod(), x)
    rt.drain(of_out.cons(), y, wait=True)

print(Program(NPU1Col1(), rt).resolve_program())
