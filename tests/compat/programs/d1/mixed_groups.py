"""A table goes in outside of any group, the lines in groups: strict_task_groups=False."""

import numpy as np
from aie.helpers.taplib import TensorTiler2D
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1
from aie.iron.placers import SequentialPlacer

N, LINES = 16, 4
line_ty = np.ndarray[(N,), np.dtype[np.int32]]
matrix_ty = np.ndarray[(LINES, N), np.dtype[np.int32]]

of_weights = ObjectFifo(line_ty, 1, name="weights")
of_x, of_y = ObjectFifo(line_ty, name="x"), ObjectFifo(line_ty, name="y")


def body(of_weights, of_x, of_y):
    weights = of_weights.acquire(1)
    for _ in range_(LINES):
        x, y = of_x.acquire(1), of_y.acquire(1)
        for i in range_(N):
            y[i] = x[i] * weights[i]
        of_x.release(1)
        of_y.release(1)
    of_weights.release(1)


worker = Worker(body, [of_weights.cons(), of_x.cons(), of_y.prod()])
rt = Runtime(strict_task_groups=False)
with rt.sequence(line_ty, matrix_ty, matrix_ty) as (w, x, y):
    rt.start(worker)
    rt.fill(of_weights.prod(), w)
    for tap in TensorTiler2D.simple_tiler((LINES, N), (1, N)):
        group = rt.task_group()
        rt.fill(of_x.prod(), x, tap, group)
        rt.drain(of_y.cons(), y, tap, group, True)
        rt.finish_task_group(group)

print(Program(NPU1Col1(), rt).resolve_program(SequentialPlacer()))
