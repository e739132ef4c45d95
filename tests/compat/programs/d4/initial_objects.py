# The fifo between two cores starts full: the second core works before the first has sent anything.
import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_

N, TILES = 16, 4
tile = np.ndarray[(N,), np.dtype[np.int32]]
whole = np.ndarray[(N * TILES,), np.dtype[np.int32]]
first = [np.full(N, 1, np.int32), np.full(N, 2, np.int32)]


@iron.jit
def delayed(x: In, y: Out):
    of_in, of_out = ObjectFifo(tile, name="in"), ObjectFifo(tile, name="out")
    line = ObjectFifo(tile, depth=2, name="line", init_values=first)

    def send(src, dst):
        a, b = src.acquire(1), dst.acquire(1)
        for i in range_(N):
            b[i] = a[i] * 10
        src.release(1)
        dst.release(1)

    def receive(src, dst):
        a, b = src.acquire(1), dst.acquire(1)
        for i in range_(N):
            b[i] = a[i]
        src.release(1)
        dst.release(1)

    def sequence(a, b, a_in, b_out):
        a_in.fill(a)
        b_out.drain(b, wait=True)

    workers = [
        Worker(send, [of_in.cons(), line.prod()]),
        Worker(receive, [line.cons(), of_out.prod()]),
    ]
    rt = Runtime(sequence, [whole, whole, of_in.prod(), of_out.cons()])
    return Program(iron.get_current_device(), rt, workers=workers).resolve_program()


x, y = iron.arange(N * TILES, dtype=np.int32), iron.zeros(N * TILES, dtype=np.int32)
delayed(x, y)
expected = np.concatenate([*first, 10 * x.numpy()])[: N * TILES]
np.testing.assert_array_equal(y.numpy(), expected)
