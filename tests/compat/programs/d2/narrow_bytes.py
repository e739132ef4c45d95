"""Packs the low bytes of 32-bit numbers, and unpacks them again on another core."""

import numpy as np
from aie.extras.dialects.arith import extsi, trunci
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1

N = 32
wide_ty = np.ndarray[(N,), np.dtype[np.int32]]
bytes_ty = np.ndarray[(N,), np.dtype[np.int8]]
whole_ty = np.ndarray[(4 * N,), np.dtype[np.int32]]

of_in, of_out = ObjectFifo(wide_ty, name="in"), ObjectFifo(wide_ty, name="out")
of_bytes = ObjectFifo(bytes_ty, name="bytes")


def pack(source, sink):
    a, b = source.acquire(1), sink.acquire(1)
    for i in range_(N):
        b[i] = trunci(np.int8, a[i])
    source.release(1)
    sink.release(1)


def unpack(source, sink):
    a, b = source.acquire(1), sink.acquire(1)
    for i in range_(N):
        b[i] = extsi(np.int32, a[i])
    source.release(1)
    sink.release(1)


workers = [
    Worker(pack, [of_in.cons(), of_bytes.prod()]),
    Worker(unpack, [of_bytes.cons(), of_out.prod()]),
]
rt = Runtime()
with rt.sequence(whole_ty, whole_ty) as (x, y):
    rt.start(*workers)
    rt.fill(of_in.prod(), x)
    rt.drain(of_out.cons(), y, wait=True)

print(Program(NPU1Col1(), rt).resolve_program())
