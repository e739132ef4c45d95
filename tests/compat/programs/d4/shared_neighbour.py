# Two cores side by side; the second one reads a window of three tiles and gives one back at a time.
import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col2, Tile

N, TILES = 16, 6
tile = np.ndarray[(N,), np.dtype[np.int32]]
whole = np.ndarray[(N * TILES,), np.dtype[np.int32]]
sums = np.ndarray[(N * (TILES - 2),), np.dtype[np.int32]]


@iron.jit
def moving_sum(x: In, y: Out):
    of_in, of_mid = ObjectFifo(tile, name="in"), ObjectFifo(tile, depth=4, name="mid")
    of_out = ObjectFifo(tile, name="out")

    def double(src, dst):
        a, b = src.acquire(1), dst.acquire(1)
        for i in range_(N):
            b[i] = a[i] + a[i]
        src.release(1)
        dst.release(1)

    def window(src, dst):
        for _ in range_(TILES - 2):
            old, mid, new = src.acquire(3)
            out = dst.acquire(1)
            for i in range_(N):
                out[i] = old[i] + mid[i] + new[i]
            src.release(1)
            dst.release(1)
        src.release(2)

    def sequence(a, b, a_in, b_out):
        a_in.fill(a)
        b_out.drain(b, wait=True)

    workers = [
        Worker(double, [of_in.cons(), of_mid.prod()], tile=Tile(0, 3)),
        Worker(window, [of_mid.cons(), of_out.prod()], tile=Tile(0, 4), while_true=False),
    ]
    rt = Runtime(sequence, [whole, sums, of_in.prod(), of_out.cons()])
    return Program(NPU1Col2(), rt, workers=workers).resolve_program()


x = iron.randint(-99, 99, (N * TILES,), dtype=np.int32)
y = iron.zeros(N * (TILES - 2), dtype=np.int32)
moving_sum(x, y)
rows = 2 * x.numpy().reshape(TILES, N)
np.testing.assert_array_equal(y.numpy().reshape(-1, N), rows[:-2] + rows[1:-1] + rows[2:])
