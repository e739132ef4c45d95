# Twelve rows, at most three groups of transfers open at a time.
import aie.iron as iron
import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import In, ObjectFifo, Out, Program, Runtime, TaskGroup, Worker
from aie.iron.controlflow import range_

ROWS, WIDTH = 12, 64
row = np.ndarray[(WIDTH,), np.dtype[np.int32]]
table = np.ndarray[(ROWS, WIDTH), np.dtype[np.int32]]


@iron.jit
def reverse_rows(x: In, y: Out):
    of_in, of_out = ObjectFifo(row, name="in"), ObjectFifo(row, name="out")

    def core(src, dst):
        a, b = src.acquire(1), dst.acquire(1)
        for i in range_(WIDTH):
            b[WIDTH - 1 - i] = a[i]
        src.release(1)
        dst.release(1)

    def sequence(a, b, a_in, b_out):
        for n, group in TaskGroup.pipelined(ROWS, depth=3):
            here = TensorAccessPattern((ROWS, WIDTH), n * WIDTH, [1, WIDTH], [0, 1])
            a_in.fill(a, here, group=group)
            b_out.drain(b, here, wait=True, group=group)

    w = Worker(core, [of_in.cons(), of_out.prod()])
    rt = Runtime(sequence, [table, table, of_in.prod(), of_out.cons()])
    return Program(iron.get_current_device(), rt, workers=[w]).resolve_program()


x = iron.randint(-9, 9, (ROWS, WIDTH), dtype=np.int32)
y = iron.zeros(ROWS, WIDTH, dtype=np.int32)
assert reverse_rows(x, y).is_success()
np.testing.assert_array_equal(y.numpy(), x.numpy()[:, ::-1])
