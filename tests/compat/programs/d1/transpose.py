"""Transposes a matrix with access patterns alone: no core takes part."""

import numpy as np
from aie.helpers.taplib.tap import TensorAccessPattern
from aie.iron import ObjectFifo, Program, Runtime
from aie.iron.device import NPU1Col1
from aie.iron.placers import SequentialPlacer

ROWS, COLS = 12, 20
row_ty = np.ndarray[(ROWS,), np.dtype[np.int32]]
matrix_ty = np.ndarray[(ROWS * COLS,), np.dtype[np.int32]]

of_in = ObjectFifo(row_ty, name="columns")
of_out = of_in.cons().forward(name="rows")
by_column = TensorAccessPattern((ROWS, COLS), 0, [1, 1, COLS, ROWS], [0, 0, 1, COLS])
assert by_column.transformation_dims == [(1, 0), (1, 0), (COLS, 1), (ROWS, COLS)]
assert list(by_column.access_generator())[:3] == [0, COLS, 2 * COLS]

rt = Runtime()
with rt.sequence(matrix_ty, matrix_ty) as (x, y):
    rt.fill(of_in.prod(), x, tap=by_column)
    rt.drain(of_out.cons(), y, wait=True)

print(Program(NPU1Col1(), rt).resolve_program(SequentialPlacer()))
