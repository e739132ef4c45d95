# The memory tile sends the weights four times for one transfer from DDR.
import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_

N, TIMES = 32, 4
line = np.ndarray[(N,), np.dtype[np.int32]]
whole = np.ndarray[(N * TIMES,), np.dtype[np.int32]]


@iron.jit
def weighted(w: In, x: In, y: Out):
    of_w = ObjectFifo(line, name="w")
    again = of_w.cons().forward(name="again", repeat_count=TIMES)
    of_x, of_y = ObjectFifo(line, name="x"), ObjectFifo(line, name="y")

    def core(weights, xs, ys):
        for _ in range_(TIMES):
            k, a, b = weights.acquire(1), xs.acquire(1), ys.acquire(1)
            for i in range_(N):
                b[i] = a[i] * k[i]
            weights.release(1)
            xs.release(1)
            ys.release(1)

    def sequence(k, a, b, k_in, a_in, b_out):
        k_in.fill(k)
        a_in.fill(a)
        b_out.drain(b, wait=True)

    worker = Worker(core, [again.cons(), of_x.cons(), of_y.prod()])
    rt = Runtime(sequence, [line, whole, whole, of_w.prod(), of_x.prod(), of_y.cons()])
    return Program(iron.get_current_device(), rt, workers=[worker]).resolve_program()


w = iron.randint(-9, 9, (N,), dtype=np.int32)
x = iron.randint(-9, 9, (N * TIMES,), dtype=np.int32)
y = iron.zeros(N * TIMES, dtype=np.int32)
weighted(w, x, y)
np.testing.assert_array_equal(y.numpy(), x.numpy() * np.tile(w.numpy(), TIMES))
