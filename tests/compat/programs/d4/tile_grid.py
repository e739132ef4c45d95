# A grid of tiles over a matrix: every tile goes to the core once, and back in column order.
import aie.iron as iron
import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import In, ObjectFifo, Out, Program, Runtime, TaskGroup, Worker
from aie.iron.controlflow import range_

H, W, TH, TW = 24, 32, 8, 16
image = np.ndarray[(H, W), np.dtype[np.int32]]
tile = np.ndarray[(TH, TW), np.dtype[np.int32]]
grid = TensorAccessPattern.full((H, W)).tile((TH, TW))
assert tuple(grid.grid_shape) == (3, 2)
assert len(grid) == grid.num_steps == 6


@iron.jit
def number_tiles(x: In, y: Out):
    of_in, of_out = ObjectFifo(tile, name="in"), ObjectFifo(tile, name="out")

    def core(src, dst):
        for n in range_(len(grid)):
            a, b = src.acquire(1), dst.acquire(1)
            for i in range_(TH):
                for j in range_(TW):
                    b[i, j] = a[i, j] + n
            src.release(1)
            dst.release(1)

    def sequence(a, b, a_in, b_out):
        for tap in grid.order("col"):
            group = TaskGroup()
            a_in.fill(a, tap, group=group)
            b_out.drain(b, tap, wait=True, group=group)
            group.finish()

    w = Worker(core, [of_in.cons(), of_out.prod()], while_true=False)
    rt = Runtime(sequence, [image, image, of_in.prod(), of_out.cons()])
    return Program(iron.get_current_device(), rt, workers=[w]).resolve_program()


x = iron.randint(0, 100, (H, W), dtype=np.int32)
y = iron.zeros(H, W, dtype=np.int32)
number_tiles(x, y)
expected = x.numpy().copy()
for n, (column, row) in enumerate((c, r) for c in range(2) for r in range(3)):
    expected[row * TH : (row + 1) * TH, column * TW : (column + 1) * TW] += n
np.testing.assert_array_equal(y.numpy(), expected)
