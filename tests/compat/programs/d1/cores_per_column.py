"""Four workers, two in each column, each with its own way to the host."""

import numpy as np
from aie.helpers.taplib.tensortiler2d import TensorTiler2D
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col2
from aie.iron.placers import SequentialPlacer

COLUMNS, PER_COLUMN, WIDTH = 2, 2, 32
n_workers = COLUMNS * PER_COLUMN
line_ty = np.ndarray[(WIDTH,), np.dtype[np.int32]]
matrix_ty = np.ndarray[(n_workers * 4, WIDTH), np.dtype[np.int32]]

fifos_in = [ObjectFifo(line_ty, name=f"in{i}") for i in range(n_workers)]
fifos_out = [ObjectFifo(line_ty, name=f"out{i}") for i in range(n_workers)]


def reverse(source, sink):
    a, b = source.acquire(1), sink.acquire(1)
    for i in range_(WIDTH):
        b[WIDTH - 1 - i] = a[i]
    source.release(1)
    sink.release(1)


workers = [Worker(reverse, [i.cons(), o.prod()]) for i, o in zip(fifos_in, fifos_out)]
shares = TensorTiler2D.simple_tiler((n_workers * 4, WIDTH), (4, WIDTH))

rt = Runtime()
with rt.sequence(matrix_ty, matrix_ty) as (x, y):
    rt.start(*workers)
    for fifo, tap in zip(fifos_in, shares):
        rt.fill(fifo.prod(), x, tap)
    for fifo, tap in zip(fifos_out, shares):
        rt.drain(fifo.cons(), y, tap, wait=True)

print(Program(NPU1Col2(), rt).resolve_program(SequentialPlacer(cores_per_col=PER_COLUMN)))
