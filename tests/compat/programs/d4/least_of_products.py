# The largest of the least elements of several matrix-vector products.
import aie.iron as iron
import numpy as np
from aie.iron import Buffer, In, ObjectFifo, Out, Program, Runtime, Worker, kernels
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1

M, K, MATRICES = 16, 16, 5
matrix = np.ndarray[(M * K,), np.dtype[np.int16]]
vector = np.ndarray[(K,), np.dtype[np.int16]]
product = np.ndarray[(M,), np.dtype[np.int32]]
one = np.ndarray[(1,), np.dtype[np.int32]]
matrices = np.ndarray[(M * K * MATRICES,), np.dtype[np.int16]]


@iron.jit
def largest_least(a: In, x: In, y: Out):
    times, least, larger = kernels.mv(M, K), kernels.reduce_min(M), kernels.compute_max()
    of_a, of_x = ObjectFifo(matrix, name="a"), ObjectFifo(vector, name="x")
    of_y = ObjectFifo(one, depth=1, name="y")
    sums, found = Buffer(product, name="sums"), Buffer(one, name="found")

    def core(src, xs, dst, sums, found, times, clear, least, larger):
        x, best = xs.acquire(1), dst.acquire(1)
        best[0] = -(2**31)
        for _ in range_(MATRICES):
            clear(sums)
            times(src.acquire(1), x, sums)
            src.release(1)
            least(sums, found, M)
            larger(found, best, best)
        xs.release(1)
        dst.release(1)

    def sequence(a, b, c, src, xs, dst):
        src.fill(a)
        xs.fill(b)
        dst.drain(c, wait=True)

    ends = [of_a.cons(), of_x.cons(), of_y.prod()]
    worker = Worker(core, [*ends, sums, found, times, times.zero, least, larger])
    rt = Runtime(sequence, [matrices, vector, one, of_a.prod(), of_x.prod(), of_y.cons()])
    return Program(NPU1Col1(), rt, workers=[worker]).resolve_program()


a = iron.randint(-100, 100, (M * K * MATRICES,), dtype=np.int16)
x = iron.randint(-100, 100, (K,), dtype=np.int16)
y = iron.zeros(1, dtype=np.int32)
largest_least(a, x, y)
products = a.numpy().reshape(MATRICES, M, K).astype(np.int32) @ x.numpy().astype(np.int32)
assert y.numpy()[0] == products.min(axis=1).max()
