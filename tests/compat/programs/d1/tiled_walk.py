"""Multiplies the 4x4 tiles of a matrix by their number, groups of two tiles at a time."""

import numpy as np
from aie.helpers.taplib import TensorTiler2D
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1
from aie.iron.placers import SequentialPlacer

ROWS, COLS = 8, 16
tile_ty = np.ndarray[(4, 4), np.dtype[np.int32]]
matrix_ty = np.ndarray[(ROWS, COLS), np.dtype[np.int32]]

pairs = TensorTiler2D.group_tiler((ROWS, COLS), (4, 4), (1, 2))
of_in, of_out = ObjectFifo(tile_ty, name="in"), ObjectFifo(tile_ty, name="out")


def body(source, sink):
    for number in range_(8):
        a, b = source.acquire(1), sink.acquire(1)
        for r in range_(4):
            for c in range_(4):
                b[r, c] = a[r, c] * (number + 1)
        source.release(1)
        sink.release(1)


worker = Worker(body, [of_in.cons(), of_out.prod()])
rt = Runtime()
with rt.sequence(matrix_ty, matrix_ty) as (x, y):
    rt.start(worker)
    for tap in pairs:
        group = rt.task_group()
        rt.fill(of_in.prod(), x, tap, task_group=group)
        rt.drain(of_out.cons(), y, tap, task_group=group, wait=True)
        rt.finish_task_group(group)

print(Program(NPU1Col1(), rt).resolve_program(SequentialPlacer()))
