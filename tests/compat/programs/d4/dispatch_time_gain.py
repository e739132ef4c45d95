# The gain comes with each call and is no part of what is compiled; the tile size is.
import aie.iron as iron
import numpy as np
from aie.iron import (
    Buffer,
    CompileTime,
    DispatchTime,
    In,
    ObjectFifo,
    Out,
    Program,
    Runtime,
    Worker,
    WorkerRuntimeBarrier,
)
from aie.iron.controlflow import range_

built = []


@iron.jit
def amplified(x: In, y: Out, *, tile: CompileTime[int], gain: DispatchTime[np.int32] = 2):
    built.append(tile)
    tile_type = np.ndarray[(tile,), np.dtype[np.int32]]
    of_in, of_out = ObjectFifo(tile_type, name="in"), ObjectFifo(tile_type, name="out")
    level = Buffer(np.ndarray[(4,), np.dtype[np.int32]], name="level", use_write_rtp=True)
    ready = WorkerRuntimeBarrier()

    def core(src, dst, level, ready):
        ready.wait_for_value(1)
        for _ in range_(x.numel() // tile):
            a, b = src.acquire(1), dst.acquire(1)
            for i in range_(tile):
                b[i] = a[i] * level[0]
            src.release(1)
            dst.release(1)

    def sequence(a, b, gain, a_in, b_out, level, ready):
        level[0] = gain
        ready.set(1)
        a_in.fill(a)
        b_out.drain(b, wait=True)

    whole = np.ndarray[(x.numel(),), np.dtype[np.int32]]
    w = Worker(core, [of_in.cons(), of_out.prod(), level, ready])
    rt = Runtime(sequence, [whole, whole, gain, of_in.prod(), of_out.cons(), level, ready])
    return Program(iron.get_current_device(), rt, workers=[w]).resolve_program()


x = iron.arange(64, dtype=np.int32)
y = iron.zeros(64, dtype=np.int32)
for gain in (3, -5, 3):
    amplified(x, y, tile=16, gain=gain)
    np.testing.assert_array_equal(y.numpy(), gain * x.numpy())
amplified(x, y, tile=16)
np.testing.assert_array_equal(y.numpy(), 2 * x.numpy())
assert built == [16]
