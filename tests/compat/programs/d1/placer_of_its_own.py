"""A placer written by the author, and what a runtime tells one."""

import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1, Tile
from aie.iron.placeable import AlreadyPlacedError, Placeable
from aie.iron.placers import Placer

N = 16
line_ty = np.ndarray[(N,), np.dtype[np.int32]]
whole_ty = np.ndarray[(8 * N,), np.dtype[np.int32]]
of_in, of_out = ObjectFifo(line_ty, name="in"), ObjectFifo(line_ty, name="out")


class Diagonal(Placer):
    def make_placement(self, device, rt, workers, object_fifos):
        assert rt.workers == workers and len(workers) == 2
        assert device.cols == 4 and len(rt.fifos) == 2
        for number, worker in enumerate(workers):
            assert isinstance(worker, Placeable)
            worker.place(Tile(number, 2 + number))
        for handle in object_fifos:
            if handle.name == "out" and handle.handle_type == "cons":
                handle.endpoint.place(Tile(3, 0))


def step(source, sink):
    a, b = source.acquire(1), sink.acquire(1)
    for i in range_(N):
        b[i] = a[i] + a[i]
    source.release(1)
    sink.release(1)


of_mid = ObjectFifo(line_ty, name="mid")
workers = [
    Worker(step, [of_in.cons(), of_mid.prod()]),
    Worker(step, [of_mid.cons(), of_out.prod()]),
]
rt = Runtime()
with rt.sequence(whole_ty, whole_ty) as (x, y):
    rt.start(*workers)
    rt.fill(of_in.prod(), x)
    rt.drain(of_out.cons(), y, wait=True)

module = Program(NPU1(), rt).resolve_program(Diagonal(), "main")
try:
    workers[0].place(Tile(2, 2))
except AlreadyPlacedError:
    print(module)
