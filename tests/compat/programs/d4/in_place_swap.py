# One tensor in and out: pairs of elements change places.
import aie.iron as iron
import numpy as np
from aie.iron import InOut, ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_

TILE, TILES = 32, 4
tile = np.ndarray[(TILE,), np.dtype[np.uint16]]


@iron.jit(use_cache=True)
def swap_pairs(x: InOut):
    of_in, of_out = ObjectFifo(tile, depth=1, name="in"), ObjectFifo(tile, depth=3, name="out")

    def core(src, dst):
        a, b = src.acquire(1), dst.acquire(1)
        for i in range_(0, TILE, 2):
            b[i] = a[i + 1]
            b[i + 1] = a[i]
        src.release(1)
        dst.release(1)

    def sequence(a, a_in, a_out):
        a_in.fill(a)
        a_out.drain(a, wait=True)

    w = Worker(core, [of_in.cons(), of_out.prod()], stack_size=0x800)
    rt = Runtime(sequence, [x, of_in.prod(), of_out.cons()])
    return Program(iron.get_current_device(), rt, workers=[w]).resolve_program()


x = iron.arange(TILE * TILES, dtype=np.uint16)
before = x.numpy().copy()
swap_pairs(x)
np.testing.assert_array_equal(x.numpy(), before.reshape(-1, 2)[:, ::-1].reshape(-1))
