# A buffer keeps its value from tile to tile; it starts with numbers of the host.
import aie.iron as iron
import numpy as np
from aie.iron import Buffer, In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import else_, if_, range_

N, TILES = 16, 5
tile = np.ndarray[(N,), np.dtype[np.int32]]
whole = np.ndarray[(N * TILES,), np.dtype[np.int32]]
start = np.array([100, 7], dtype=np.int32)


@iron.jit
def totals(x: In, y: Out):
    of_in, of_out = ObjectFifo(tile, name="in"), ObjectFifo(tile, name="out")
    state = Buffer(initial_value=start, name="state")

    def core(src, dst, state):
        a, b = src.acquire(1), dst.acquire(1)
        for i in range_(N):
            with if_(a[i] > 0) as positive:
                state[0] = state[0] + a[i]
            with else_(positive):
                state[1] = state[1] + 1
            b[i] = state[0] * 1000 + state[1]
        src.release(1)
        dst.release(1)

    def sequence(a, b, a_in, b_out):
        a_in.fill(a)
        b_out.drain(b, wait=True)

    w = Worker(core, [of_in.cons(), of_out.prod(), state])
    rt = Runtime(sequence, [whole, whole, of_in.prod(), of_out.cons()])
    return Program(iron.get_current_device(), rt, workers=[w]).resolve_program()


x = iron.randint(-5, 10, (N * TILES,), dtype=np.int32)
y = iron.zeros_like(x)
totals(x, y)
values = x.numpy()
added = start[0] + np.cumsum(np.where(values > 0, values, 0))
counted = start[1] + np.cumsum(values <= 0)
np.testing.assert_array_equal(y.numpy(), added * 1000 + counted)
