# The memory tile puts a border of zeros round each 6x6 piece on its way to the core.
import aie.iron as iron
import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_

inner = np.ndarray[(6, 6), np.dtype[np.int32]]
outer = np.ndarray[(8, 8), np.dtype[np.int32]]


@iron.jit
def with_border(x: In, y: Out):
    of_in = ObjectFifo(inner, name="inner")
    padded = TensorAccessPattern.full((6, 6)).pad([(1, 1), (1, 1)])
    framed = of_in.cons().forward(name="framed", obj_type=outer, to_stream=padded, pad_value=0)
    of_out = ObjectFifo(outer, name="outer")

    def core(src, dst):
        a, b = src.acquire(1), dst.acquire(1)
        for i in range_(8):
            for j in range_(8):
                b[i, j] = a[i, j]
        src.release(1)
        dst.release(1)

    def sequence(a, b, a_in, b_out):
        a_in.fill(a)
        b_out.drain(b, wait=True)

    w = Worker(core, [framed.cons(), of_out.prod()])
    rt = Runtime(sequence, [inner, outer, of_in.prod(), of_out.cons()])
    return Program(iron.get_current_device(), rt, workers=[w]).resolve_program()


x = iron.randint(1, 100, (6, 6), dtype=np.int32)
y = iron.full((8, 8), -1, dtype=np.int32)
with_border(x, y)
np.testing.assert_array_equal(y.numpy(), np.pad(x.numpy(), 1))
