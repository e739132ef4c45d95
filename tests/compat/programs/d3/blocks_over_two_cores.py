# Layouts as lists of (size, stride): two cores, each on blocks of its half.
import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, StreamDims, Worker
from aie.iron.controlflow import range_

both = np.ndarray[(128,), np.dtype[np.int16]]
half = np.ndarray[(64,), np.dtype[np.int16]]
whole = np.ndarray[(512,), np.dtype[np.int16]]
blocks: StreamDims = [(2, 4), (8, 8), (4, 1)]  # 8x8 row-major -> two 8x4 blocks


@iron.jit
def number_elements(x: In, y: Out):
    of_in, of_out = ObjectFifo(both, name="in"), ObjectFifo(both, name="out")
    ins = of_in.cons().split([0, 64], obj_types=[half, half], dims_to_stream=[blocks, blocks])
    outs = of_out.prod().join(
        [0, 64], obj_types=[half, half], names=["left", "right"], dims_from_stream=[blocks, blocks]
    )

    def core(src, dst):
        a, b = src.acquire(1), dst.acquire(1)
        for block in range_(2):
            for i in range_(32):
                b[block * 32 + i] = a[block * 32 + i] + block * 100
        src.release(1)
        dst.release(1)

    def sequence(a, b, a_in, b_out):
        a_in.fill(a)
        b_out.drain(b, wait=True)

    workers = [Worker(core, [i.cons(), o.prod()]) for i, o in zip(ins, outs)]
    rt = Runtime(sequence, [whole, whole, of_in.prod(), of_out.cons()])
    return Program(iron.get_current_device(), rt, workers=workers).resolve_program()


x = iron.randint(-50, 50, (512,), dtype=np.int16)
y = iron.zeros(512, dtype=np.int16)
number_elements(x, y)
expected = x.numpy().reshape(8, 8, 8) + np.repeat([0, 100], 4).astype(np.int16)
np.testing.assert_array_equal(y.numpy(), expected.reshape(-1))
