"""Two inputs, row by row; the next row is on its way before the last one is awaited."""

import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1
from aie.iron.placers import SequentialPlacer

ROWS, WIDTH = 6, 32
row_ty = np.ndarray[(WIDTH,), np.dtype[np.int32]]
matrix_ty = np.ndarray[(ROWS, WIDTH), np.dtype[np.int32]]

of_a, of_b, of_c = (ObjectFifo(row_ty, name=name) for name in ("a", "b", "c"))


def subtract(of_a, of_b, of_c):
    a, b, c = of_a.acquire(1), of_b.acquire(1), of_c.acquire(1)
    for i in range_(WIDTH):
        c[i] = a[i] - b[i]
    of_a.release(1)
    of_b.release(1)
    of_c.release(1)


worker = Worker(subtract, [of_a.cons(), of_b.cons(), of_c.prod()])
rt = Runtime()
with rt.sequence(matrix_ty, matrix_ty, matrix_ty) as (a, b, c):
    rt.start(worker)
    open_groups = []
    for row in range(ROWS):
        if len(open_groups) == 2:
            rt.finish_task_group(open_groups.pop(0))
        group = rt.task_group()
        tap = TensorAccessPattern((ROWS, WIDTH), row * WIDTH, [1, 1, 1, WIDTH], [0, 0, 0, 1])
        rt.fill(of_a.prod(), a, tap, task_group=group)
        rt.fill(of_b.prod(), b, tap, task_group=group)
        rt.drain(of_c.cons(), c, tap, task_group=group, wait=True)
        open_groups.append(group)
    for group in open_groups:
        rt.finish_task_group(group)

print(Program(NPU1Col1(), rt).resolve_program(SequentialPlacer()))
