"""One fifo, two consumers: one core takes the maximum of each row, the other the sum."""

import numpy as np
from aie.helpers.dialects.scf import else_, if_
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1
from aie.iron.placers import SequentialPlacer

ROWS, WIDTH = 4, 16
row_ty = np.ndarray[(WIDTH,), np.dtype[np.int32]]
one_ty = np.ndarray[(1,), np.dtype[np.int32]]

of_rows = ObjectFifo(row_ty, depth=2, name="rows")
of_max, of_sum = ObjectFifo(one_ty, name="largest"), ObjectFifo(one_ty, name="sums")


def largest(rows, result):
    row, out = rows.acquire(1), result.acquire(1)
    out[0] = row[0]
    for i in range_(1, WIDTH):
        with if_(row[i] > out[0], hasElse=False):
            out[0] = row[i]
    rows.release(1)
    result.release(1)


def sums(rows, result):
    row, out = rows.acquire(1), result.acquire(1)
    out[0] = 0
    for i in range_(WIDTH):
        with if_(row[i] >= 0) as positive:
            out[0] = out[0] + row[i]
        with else_(positive):
            out[0] = out[0] - row[i]
    rows.release(1)
    result.release(1)


workers = [
    Worker(largest, [of_rows.cons(), of_max.prod()]),
    Worker(sums, [of_rows.cons(), of_sum.prod()]),
]
rt = Runtime()
matrix_ty = np.ndarray[(ROWS, WIDTH), np.dtype[np.int32]]
column_ty = np.ndarray[(ROWS,), np.dtype[np.int32]]
with rt.sequence(matrix_ty, column_ty, column_ty) as (x, most, total):
    rt.start(*workers)
    rt.fill(of_rows.prod(), x)
    rt.drain(of_max.cons(), most, wait=True)
    rt.drain(of_sum.cons(), total, wait=True)

print(Program(NPU1Col1(), rt).resolve_program(SequentialPlacer()))
