# K is split over two cores side by side; partial sums travel on the cascade.
import aie.iron as iron
import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import CascadeFlow, In, ObjectFifo, Out, Program, Runtime, Worker, kernels
from aie.iron.controlflow import range_
from aie.iron.device import NPU1, Tile

M, K, N = 8, 8, 8
a_type = np.ndarray[(M * K,), np.dtype[np.int16]]
b_type = np.ndarray[(K * N,), np.dtype[np.int16]]
c_type = np.ndarray[(M * N,), np.dtype[np.int32]]
halves = np.ndarray[(2 * M * K,), np.dtype[np.int16]]


@iron.jit
def product(a: In, b: In, c: Out):
    first, last = kernels.cascade_mm_put(M, K, N), kernels.cascade_mm(M, K, N)
    assert last.mac_dims == (1, 1, 1)
    of_a = [ObjectFifo(a_type, name=f"a{i}") for i in range(2)]
    of_b = [ObjectFifo(b_type, name=f"b{i}") for i in range(2)]
    of_c = ObjectFifo(c_type, name="c")

    def first_core(a_end, b_end, send):
        send(a_end.acquire(1), b_end.acquire(1))
        a_end.release(1)
        b_end.release(1)

    def last_core(a_end, b_end, c_end, add):
        result = c_end.acquire(1)
        for i in range_(M * N):
            result[i] = 0
        add(a_end.acquire(1), b_end.acquire(1), result)
        a_end.release(1)
        b_end.release(1)
        c_end.release(1)

    west = Worker(first_core, [of_a[0].cons(), of_b[0].cons(), first], tile=Tile(0, 3))
    east = Worker(last_core, [of_a[1].cons(), of_b[1].cons(), of_c.prod(), last], tile=Tile(1, 3))
    CascadeFlow(west, east)

    def sequence(x, y, z, xs, ys, out):
        for i in range(2):
            xs[i].fill(x, TensorAccessPattern((2 * M * K,), i * M * K, [M * K], [1]))
            ys[i].fill(y, TensorAccessPattern((2 * K * N,), i * K * N, [K * N], [1]))
        out.drain(z, wait=True)

    ends = [[f.prod() for f in of_a], [f.prod() for f in of_b], of_c.cons()]
    rt = Runtime(sequence, [halves, halves, c_type, *ends])
    return Program(NPU1(), rt, workers=[west, east]).resolve_program()


a = iron.randint(-50, 50, (2 * M * K,), dtype=np.int16)
b = iron.randint(-50, 50, (2 * K * N,), dtype=np.int16)
c = iron.zeros(M * N, dtype=np.int32)
product(a, b, c)
left = a.numpy().reshape(2, M, K).astype(np.int32)
right = b.numpy().reshape(2, K, N).astype(np.int32)
np.testing.assert_array_equal(c.numpy().reshape(M, N), (left @ right).sum(axis=0))
