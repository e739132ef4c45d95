"""Two cores see 8x4 blocks of int16: the memory tile cuts them, and lays them together again."""

import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col2
from aie.iron.placers import SequentialPlacer

both_ty, half_ty, whole_ty = (np.ndarray[(n,), np.dtype[np.int16]] for n in (128, 64, 1024))
blocked = [(2, 4), (8, 8), (4, 1)]

of_in, of_out = ObjectFifo(both_ty, name="in"), ObjectFifo(both_ty, name="out")
ins = of_in.cons().split([0, 64], obj_types=[half_ty] * 2, dims_to_stream=[blocked, blocked])
outs = of_out.prod().join([0, 64], obj_types=[half_ty] * 2, dims_from_stream=[blocked, blocked])


def number_elements(source, sink):
    """Adds to each element its place in the blocked order."""
    a, b = source.acquire(1), sink.acquire(1)
    for i in range_(64):
        b[i] = a[i] + 1
    b[0] = a[0]
    b[32] = a[32]
    source.release(1)
    sink.release(1)


workers = [Worker(number_elements, [i.cons(), o.prod()]) for i, o in zip(ins, outs)]
walk = TensorAccessPattern((8, 128), 0, [1, 8, 8, 16], [0, 16, 128, 1])

rt = Runtime()
with rt.sequence(whole_ty, whole_ty) as (a, b):
    rt.start(*workers)
    rt.fill(of_in.prod(), a, tap=walk)
    rt.drain(of_out.cons(), b, walk, wait=True)

print(Program(NPU1Col2(), rt).resolve_program(SequentialPlacer()))
