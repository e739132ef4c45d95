# Padding by (before, after) pairs: rows of 12 arrive as rows of 16.
import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, PadDims, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.dataflow.objectfifo import ObjectFifoLink

narrow = np.ndarray[(4, 12), np.dtype[np.int32]]
wide = np.ndarray[(4, 16), np.dtype[np.int32]]
pads: PadDims = [(0, 0), (1, 3)]


@iron.jit
def widen(x: In, y: Out):
    of_in, of_out = ObjectFifo(narrow, name="in"), ObjectFifo(wide, name="out")
    of_pad = ObjectFifo(wide, name="padded", dims_to_stream=[(4, 12), (12, 1)], pad_dimensions=pads)
    ObjectFifoLink(of_in.cons(), of_pad.prod())

    def core(src, dst):
        a, b = src.acquire(1), dst.acquire(1)
        for i in range_(4):
            for j in range_(16):
                b[i, j] = a[i, j]
        src.release(1)
        dst.release(1)

    def sequence(a, b, a_in, b_out):
        a_in.fill(a)
        b_out.drain(b, wait=True)

    w = Worker(core, [of_pad.cons(), of_out.prod()])
    rt = Runtime(sequence, [narrow, wide, of_in.prod(), of_out.cons()])
    return Program(iron.get_current_device(), rt, workers=[w]).resolve_program()


x = iron.randint(1, 9, (4, 12), dtype=np.int32)
y = iron.zeros(4, 16, dtype=np.int32)
widen(x, y)
np.testing.assert_array_equal(y.numpy(), np.pad(x.numpy(), ((0, 0), (1, 3))))
