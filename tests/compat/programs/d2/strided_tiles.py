"""Each step takes tiles that do not touch each other, column by column."""

import numpy as np
from aie.helpers.taplib import TensorTiler2D
from aie.helpers.taplib.utils import ceildiv
from aie.iron import ObjectFifo, Program, Runtime
from aie.iron.device import NPU1Col1

tile_ty = np.ndarray[(4, 4), np.dtype[np.int32]]
matrix_ty = np.ndarray[(8, 16), np.dtype[np.int32]]
flat_ty = np.ndarray[(8 * 16,), np.dtype[np.int32]]

steps = TensorTiler2D.step_tiler(
    (8, 16), (4, 4), (2, 2), tile_group_steps=(1, 2), tile_col_major=True, iter_col_major=True
)
assert len(steps) == ceildiv(8, 2 * 4) * ceildiv(16, 2 * 4)

of_in = ObjectFifo(tile_ty, name="in")
of_out = of_in.cons().forward()

rt = Runtime()
with rt.sequence(matrix_ty, flat_ty) as (x, y):
    group = rt.task_group()
    for tap in steps:
        rt.fill(of_in.prod(), x, tap, task_group=group)
    rt.drain(of_out.cons(), y, task_group=group, wait=True)
    rt.finish_task_group(group)

print(Program(NPU1Col1(), rt).resolve_program())
