# Pinned channels, and ends of different depth: one producer, three consumers, one of them slow.
import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import Tile

N, TILES, FANS = 8, 8, 3
tile = np.ndarray[(N,), np.dtype[np.int32]]
whole = np.ndarray[(N * TILES,), np.dtype[np.int32]]


@iron.jit
def fan_out(x: In, a: Out, b: Out, c: Out):
    of_in = ObjectFifo(tile, depth=2, name="in")
    outs = [ObjectFifo(tile, name=f"out{k}") for k in range(FANS)]

    def core(src, dst, k):
        p, q = src.acquire(1), dst.acquire(1)
        for i in range_(N):
            q[i] = p[i] * k
        src.release(1)
        dst.release(1)

    workers = [Worker(core, [of_in.cons(depth=k + 1), outs[k].prod(), k + 1]) for k in range(FANS)]

    def sequence(x, tensors_a, tensors_b, tensors_c, x_in, ends):
        x_in.fill(x)
        for tensor, end in zip((tensors_a, tensors_b, tensors_c), ends):
            end.drain(tensor, wait=True)

    ends = [f.cons(tile=Tile(k, 0)) for k, f in enumerate(outs)]
    rt = Runtime(sequence, [whole] * 4 + [of_in.prod(tile=Tile(3, 0), channel=1), ends])
    return Program(iron.get_current_device(), rt, workers=workers).resolve_program()


x = iron.arange(N * TILES, dtype=np.int32)
results = [iron.zeros_like(x) for _ in range(FANS)]
fan_out(x, *results)
for k, result in enumerate(results):
    np.testing.assert_array_equal(result.numpy(), x.numpy() * (k + 1))
