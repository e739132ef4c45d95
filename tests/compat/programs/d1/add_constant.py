"""Adds a constant to a vector, on one core that the placer chooses."""

import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1
from aie.iron.placers import SequentialPlacer

TILE = 16
tile_ty = np.ndarray[(TILE,), np.dtype[np.int32]]
vector_ty = np.ndarray[(256,), np.dtype[np.int32]]

of_in = ObjectFifo(tile_ty, name="in")
of_out = ObjectFifo(tile_ty, name="out")


def core_body(of_in, of_out):
    elem_in = of_in.acquire(1)
    elem_out = of_out.acquire(1)
    for i in range_(TILE):
        elem_out[i] = elem_in[i] + 12
    of_in.release(1)
    of_out.release(1)


worker = Worker(core_body, fn_args=[of_in.cons(), of_out.prod()])

rt = Runtime()
with rt.sequence(vector_ty, vector_ty) as (a, b):
    rt.start(worker)
    rt.fill(of_in.prod(), a)
    rt.drain(of_out.cons(), b, wait=True)

print(Program(NPU1Col1(), rt).resolve_program(SequentialPlacer()))
