# Parameters are written in the sequence's function; the barrier lets the core start after them.
import aie.iron as iron
import numpy as np
from aie.iron import Buffer, In, ObjectFifo, Out, Program, Runtime, Worker, WorkerRuntimeBarrier
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1, Tile

N = 64
line = np.ndarray[(N,), np.dtype[np.int32]]


@iron.jit
def polynomial(x: In, y: Out):
    of_in, of_out = ObjectFifo(line, name="in"), ObjectFifo(line, name="out")
    rtp = Buffer(np.ndarray[(3,), np.dtype[np.int32]], name="rtp", use_write_rtp=True)
    go = WorkerRuntimeBarrier(initial_value=0)

    def core(src, dst, rtp, go):
        go.wait_for_value(1)
        a, b = src.acquire(1), dst.acquire(1)
        for i in range_(N):
            b[i] = (rtp[2] * a[i] + rtp[1]) * a[i] + rtp[0]
        src.release(1)
        dst.release(1)

    def sequence(a, b, a_in, b_out, rtp, go):
        for i, coefficient in enumerate((7, -3, 2)):
            rtp[i] = coefficient
        go.set(1)
        a_in.fill(a)
        b_out.drain(b, wait=True)

    w = Worker(
        core,
        [of_in.cons(), of_out.prod(), rtp, go],
        tile=Tile(0, 2),
        while_true=False,
        stack_size=1024,
    )
    rt = Runtime(sequence, [line, line, of_in.prod(), of_out.cons(), rtp, go])
    return Program(NPU1Col1(), rt, workers=[w]).resolve_program()


x = iron.arange(N, dtype=np.int32)
y = iron.zeros(N, dtype=np.int32)
polynomial(x, y)
np.testing.assert_array_equal(y.numpy(), 2 * x.numpy() ** 2 - 3 * x.numpy() + 7)
