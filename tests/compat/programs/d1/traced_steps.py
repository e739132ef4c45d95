# Two cores in a row; the second one's steps are traced behind the output (ddr_id=-1).
import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1, Tile
from aie.iron.placers import SequentialPlacer

STEPS, N = 6, 32
step_ty = np.ndarray[(N,), np.dtype[np.int32]]
data_ty = np.ndarray[(STEPS * N,), np.dtype[np.int32]]

of_in = ObjectFifo(step_ty, name="in")
of_mid = ObjectFifo(step_ty, name="mid")
of_out = ObjectFifo(step_ty, name="out")


def double(of_in, of_out):
    x, y = of_in.acquire(1), of_out.acquire(1)
    for i in range_(N):
        y[i] = x[i] * 2
    of_in.release(1)
    of_out.release(1)


def minus_one(of_in, of_out):
    x, y = of_in.acquire(1), of_out.acquire(1)
    for i in range_(N):
        y[i] = x[i] - 1
    of_in.release(1)
    of_out.release(1)


first = Worker(double, [of_in.cons(), of_mid.prod()], placement=Tile(0, 2))
second = Worker(minus_one, [of_mid.cons(), of_out.prod()], placement=Tile(0, 5))

rt = Runtime()
with rt.sequence(data_ty, data_ty) as (a, b):
    rt.enable_trace(2048, workers=[second], ddr_id=-1)
    rt.start(first, second)
    rt.fill(of_in.prod(), a)
    rt.drain(of_out.cons(), b, wait=True)

print(Program(NPU1Col1(), rt).resolve_program(SequentialPlacer()))
