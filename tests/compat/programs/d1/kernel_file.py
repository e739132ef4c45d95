"""Two kernels of one object file, one after the other on two cores."""

import numpy as np
from aie.iron import Kernel, ObjectFifo, Program, Runtime, Worker
from aie.iron.device import NPU1Col1
from aie.iron.placers import SequentialPlacer

N = 32
line_ty = np.ndarray[(N,), np.dtype[np.int32]]
whole_ty = np.ndarray[(8 * N,), np.dtype[np.int32]]

saturate = Kernel("saturate_i32", "saturate.o", [line_ty, line_ty, np.int32, np.int32])
negate = Kernel("negate_i32", "saturate.o", [line_ty, line_ty, np.int32])

of_in = ObjectFifo(line_ty, name="in")
of_mid = ObjectFifo(line_ty, name="mid")
of_out = ObjectFifo(line_ty, name="out")


def first(source, sink, kernel):
    a, b = source.acquire(1), sink.acquire(1)
    kernel(a, b, 50, N)
    source.release(1)
    sink.release(1)


def second(source, sink, kernel):
    a, b = source.acquire(1), sink.acquire(1)
    kernel(a, b, N)
    source.release(1)
    sink.release(1)


workers = [
    Worker(first, [of_in.cons(), of_mid.prod(), saturate]),
    Worker(second, [of_mid.cons(), of_out.prod(), negate], stack_size=0x600),
]
rt = Runtime()
with rt.sequence(whole_ty, whole_ty) as (x, y):
    rt.start(*workers)
    rt.fill(of_in.prod(), x)
    rt.drain(of_out.cons(), y, wait=True)

print(Program(NPU1Col1(), rt).resolve_program(SequentialPlacer()))
