"""One vector against each row of a matrix: the vector is sent again for every row."""

import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1

ROWS, K = 5, 16
row_ty = np.ndarray[(K,), np.dtype[np.int32]]
one_ty = np.ndarray[(1,), np.dtype[np.int32]]
of_row, of_vector, of_dot = (
    ObjectFifo(row_ty, name="row"),
    ObjectFifo(row_ty, name="vector"),
    ObjectFifo(one_ty, name="dot"),
)


def dot(of_row, of_vector, of_dot):
    row, vector, out = of_row.acquire(1), of_vector.acquire(1), of_dot.acquire(1)
    out[0] = 0
    for i in range_(K):
        out[0] += row[i] * vector[i]
    of_row.release(1)
    of_vector.release(1)
    of_dot.release(1)


worker = Worker(dot, [of_row.cons(), of_vector.cons(), of_dot.prod()])
rt = Runtime()
with rt.sequence(
    np.ndarray[(ROWS, K), np.dtype[np.int32]], row_ty, np.ndarray[(ROWS,), np.dtype[np.int32]]
) as (matrix, vector, result):
    rt.start(worker)
    rt.fill(of_row.prod(), matrix)
    rt.fill(of_vector.prod(), vector, TensorAccessPattern((K,), 0, [ROWS, 1, 1, K], [0, 0, 0, 1]))
    rt.drain(of_dot.cons(), result, wait=True)

print(Program(NPU1Col1(), rt).resolve_program())
