# 2x4 cores, each with a quarter of a column's share: split over the rows, joined again.
import aie.iron as iron
import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_

ROWS, COLS, N = 2, 4, 16
part = np.ndarray[(N,), np.dtype[np.int32]]
column = np.ndarray[(ROWS * N,), np.dtype[np.int32]]
total = np.ndarray[(COLS * ROWS * N,), np.dtype[np.int32]]


@iron.jit
def add_place(x: In, y: Out):
    ins = [ObjectFifo(column, name=f"in{c}") for c in range(COLS)]
    outs = [ObjectFifo(column, name=f"out{c}") for c in range(COLS)]
    offsets = [r * N for r in range(ROWS)]
    parts = [f.cons().split(offsets, obj_types=[part] * ROWS) for f in ins]
    joins = [f.prod().join(offsets, obj_types=[part] * ROWS) for f in outs]

    def core(src, dst, place):
        a, b = src.acquire(1), dst.acquire(1)
        for i in range_(N):
            b[i] = a[i] + place
        src.release(1)
        dst.release(1)

    workers = Worker.grid(
        ROWS, COLS, lambda r, c: Worker(core, [parts[c][r].cons(), joins[c][r].prod(), 10 * r + c])
    )

    def share(c):
        return TensorAccessPattern((COLS * ROWS * N,), c * ROWS * N, [ROWS * N], [1])

    def sequence(a, b, sources, sinks):
        for c in range(COLS):
            sources[c].fill(a, share(c))
        for c in range(COLS):
            sinks[c].drain(b, share(c), wait=True)

    rt = Runtime(sequence, [total, total, [f.prod() for f in ins], [f.cons() for f in outs]])
    flat = [w for line in workers for w in line]
    return Program(iron.get_current_device(), rt, workers=flat).resolve_program()


x = iron.randint(0, 50, (COLS * ROWS * N,), dtype=np.int32)
y = iron.zeros(COLS * ROWS * N, dtype=np.int32)
add_place(x, y)
places = np.array([[10 * r + c for r in range(ROWS)] for c in range(COLS)])
expected = x.numpy().reshape(COLS, ROWS, N) + places[:, :, None]
np.testing.assert_array_equal(y.numpy(), expected.reshape(-1))
