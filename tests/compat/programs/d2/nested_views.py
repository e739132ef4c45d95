"""Rows and slices of a matrix on a core; the second output is padded by the memory tile."""

import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1

matrix_ty = np.ndarray[(4, 8), np.dtype[np.int32]]
row_ty = np.ndarray[(8,), np.dtype[np.int32]]
of_in, of_out = ObjectFifo(matrix_ty, name="in"), ObjectFifo(row_ty, name="out")


def middle_rows(source, sink):
    matrix, out = source.acquire(1), sink.acquire(1)
    middle = matrix[1:3, 2:6]
    for i in range_(8):
        out[i] = matrix[3, i]
    for i in range_(4):
        out[i + 2] = middle[0, i] - middle[1, i]
    source.release(1)
    sink.release(1)


worker = Worker(middle_rows, [of_in.cons(), of_out.prod()])
rt = Runtime()
with rt.sequence(
    np.ndarray[(3, 4, 8), np.dtype[np.int32]], np.ndarray[(3, 8), np.dtype[np.int32]]
) as (x, y):
    rt.start(worker)
    rt.fill(of_in.prod(), x)
    rt.drain(of_out.cons(), y, wait=True)

print(Program(NPU1Col1(), rt).resolve_program())
