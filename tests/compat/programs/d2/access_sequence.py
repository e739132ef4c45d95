"""Lines of a matrix in an order of their own, from functions of the step."""

import numpy as np
from aie.helpers.taplib import TensorAccessPattern, TensorAccessSequence
from aie.helpers.taplib.tas import TensorAccessSequence as Sequence
from aie.iron import ObjectFifo, Program, Runtime
from aie.iron.device import NPU1Col1

ROWS, COLS = 6, 16
line_ty = np.ndarray[(COLS,), np.dtype[np.int32]]
matrix_ty = np.ndarray[(ROWS, COLS), np.dtype[np.int32]]

# Odd lines first, then even ones, each from its end to its middle and its middle to its end.
order = [1, 3, 5, 0, 2, 4]
steps = TensorAccessSequence(
    (ROWS, COLS),
    ROWS,
    sizes=[1, 1, 2, COLS // 2],
    strides=[0, 0, 0, 1],
    offset_fn=lambda step, _offset: order[step] * COLS,
    strides_fn=lambda step, strides: strides[:2] + [COLS // 2, 1],
    sizes_fn=lambda step, sizes: sizes,
)
straight = Sequence.from_taps(
    [TensorAccessPattern((ROWS, COLS), COLS * row, [1, 1, 1, COLS], [0, 0, 0, 1]) for row in order]
)
assert steps.compare_access_orders(straight)
assert (steps.access_count() == 1).all() and steps.access_order()[1, 0] == 0
first = steps[0]
assert first.compare_access_orders(straight[0]) and first.offset == COLS
order_of_first, count_of_first = first.accesses()
assert count_of_first.sum() == COLS and order_of_first[1, 3] == 3

of_in = ObjectFifo(line_ty, name="in")
of_out = of_in.cons().forward(obj_type=line_ty, depth=4)

rt = Runtime()
with rt.sequence(matrix_ty, matrix_ty) as (x, y):
    group = rt.task_group()
    for tap in steps:
        rt.fill(of_in.prod(), x, tap, task_group=group)
    rt.drain(of_out.cons(), y, task_group=group, wait=True)
    rt.finish_task_group(group)

print(Program(NPU1Col1(), rt).resolve_program())
