# Two groups at a time: the tiles of a row of tiles move together.
import aie.iron as iron
import numpy as np
from aie.helpers.taplib import TensorTiler2D
from aie.iron import In, ObjectFifo, Out, Program, Runtime, TaskGroup, Worker
from aie.iron.controlflow import range_

H, W, TH, TW = 16, 64, 8, 16
image = np.ndarray[(H, W), np.dtype[np.int32]]
tile = np.ndarray[(TH * TW,), np.dtype[np.int32]]
taps = TensorTiler2D.group_tiler((H, W), (TH, TW), (1, 2))


@iron.jit
def clamp(x: In, y: Out):
    of_in, of_out = ObjectFifo(tile, name="in"), ObjectFifo(tile, name="out")

    def core(src, dst):
        a, b = src.acquire(1), dst.acquire(1)
        for i in range_(TH * TW):
            b[i] = a[i] * a[i]
        src.release(1)
        dst.release(1)

    def sequence(a, b, a_in, b_out):
        previous = None
        for tap in taps:
            group = TaskGroup()
            a_in.fill(a, tap=tap, group=group)
            b_out.drain(b, tap=tap, wait=True, group=group)
            if previous is not None:
                previous.finish()
            previous = group
        previous.finish()

    w = Worker(core, [of_in.cons(), of_out.prod()])
    rt = Runtime(sequence, [image, image, of_in.prod(), of_out.cons()])
    return Program(iron.get_current_device(), rt, workers=[w]).resolve_program()


x = iron.randint(-30, 30, (H, W), dtype=np.int32)
y = iron.zeros(H, W, dtype=np.int32)
clamp(x, y)
np.testing.assert_array_equal(y.numpy(), x.numpy() ** 2)
