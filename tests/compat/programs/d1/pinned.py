"""Everything pinned by hand: the core, its table, the memory tile and the shim."""

import sys

import numpy as np
from aie.iron import Buffer, ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1, Tile
from aie.iron.placers import SequentialPlacer


def my_lookup(size):
    line_ty = np.ndarray[(32,), np.dtype[np.int32]]
    whole_ty = np.ndarray[(size,), np.dtype[np.int32]]

    table = Buffer(
        initial_value=np.arange(0, 64, 4, dtype=np.int32), name="table", placement=Tile(1, 3)
    )
    of_host = ObjectFifo(line_ty, 2, "host")
    of_core = of_host.cons().forward(placement=Tile(1, 1), name="core", depth=3)
    of_out = ObjectFifo(line_ty, 2, "result")

    def body(source, sink, table):
        a = source.acquire(1)
        b = sink.acquire(1)
        for i in range_(32):
            b[i] = table[i % 16] - a[i]
        source.release(1)
        sink.release(1)

    worker = Worker(body, [of_core.cons(), of_out.prod(), table], placement=Tile(1, 3))

    rt = Runtime()
    with rt.sequence(whole_ty, whole_ty) as (x, y):
        rt.start(worker)
        rt.fill(of_host.prod(), x, placement=Tile(1, 0))
        rt.drain(of_out.cons(), y, wait=True, placement=Tile(2, 0))

    return Program(NPU1(), rt).resolve_program(SequentialPlacer())


print(my_lookup(int(sys.argv[1]) if len(sys.argv) > 1 else 128))
