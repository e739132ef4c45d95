# The generator is given tensors by their types: no shape is written twice.
import aie.iron as iron
import numpy as np
from aie.helpers.util import np_ndarray_type_get_dtype, np_ndarray_type_get_shape
from aie.iron import CompileTime, In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_


@iron.jit
def negate(A: In, B: Out, *, tile: CompileTime[int] = 32):
    (total,) = np_ndarray_type_get_shape(A)
    tile_type = np.ndarray[(tile,), np.dtype[np_ndarray_type_get_dtype(A)]]
    of_a, of_b = ObjectFifo(tile_type, name="a"), ObjectFifo(tile_type, name="b")

    def core(a, b):
        for _ in range_(total // tile):
            x, y = a.acquire(1), b.acquire(1)
            for i in range_(tile):
                y[i] = 0 - x[i]
            a.release(1)
            b.release(1)

    def sequence(a, b, a_in, b_out):
        a_in.fill(a)
        b_out.drain(b, wait=True)

    worker = Worker(core, [of_a.cons(), of_b.prod()])
    rt = Runtime(sequence, [A, B, of_a.prod(), of_b.cons()])
    return Program(iron.get_current_device(), rt, workers=[worker]).resolve_program()


a = iron.arange(256, dtype=np.int32)
b = iron.zeros(256, dtype=np.int32)
negate(a, b)
np.testing.assert_array_equal(b.numpy(), -a.numpy())

line = np.ndarray[(64,), np.dtype[np.int16]]
short = negate.specialize(A=line, B=line, tile=16)
assert "memref<16xi16>" in short.as_mlir()
c, d = iron.arange(64, dtype=np.int16), iron.zeros(64, dtype=np.int16)
short(c, d)
np.testing.assert_array_equal(d.numpy(), -c.numpy())
