"""a*x + y with the factor given at the command line, two tiles in flight."""

import argparse

import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1

parser = argparse.ArgumentParser()
parser.add_argument("-n", "--length", type=int, default=256)
parser.add_argument("-a", "--factor", type=int, default=3)
opts = parser.parse_args()

tile_ty = np.ndarray[(32,), np.dtype[np.int32]]
vector_ty = np.ndarray[(opts.length,), np.dtype[np.int32]]

of_x = ObjectFifo(tile_ty, name="x")
of_y = ObjectFifo(tile_ty, name="y")
of_z = ObjectFifo(tile_ty, name="z")


def saxpy(of_x, of_y, of_z):
    x, y, z = of_x.acquire(1), of_y.acquire(1), of_z.acquire(1)
    for i in range_(32):
        z[i] = x[i] * opts.factor + y[i]
    of_x.release(1)
    of_y.release(1)
    of_z.release(1)


worker = Worker(saxpy, [of_x.cons(), of_y.cons(), of_z.prod()])
rt = Runtime()
with rt.sequence(vector_ty, vector_ty, vector_ty) as (x, y, z):
    rt.start(worker)
    rt.fill(of_x.prod(), x)
    rt.fill(of_y.prod(), y)
    rt.drain(of_z.cons(), z, wait=True)

print(Program(NPU1Col1(), rt).resolve_program())
