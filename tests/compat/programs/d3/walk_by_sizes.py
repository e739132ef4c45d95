# Transfers by sizes and strides, without a pattern object: a matrix is transposed on the way out.
import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime

M, N = 16, 32
matrix = np.ndarray[(M, N), np.dtype[np.int32]]
flipped = np.ndarray[(N, M), np.dtype[np.int32]]


@iron.jit
def transpose(x: In, y: Out):
    through = ObjectFifo(matrix, 2, "through")
    copied = through.cons().forward()

    def sequence(a, b, into, out):
        into.fill(a, sizes=[1, 1, N, M], strides=[0, 0, 1, N])
        out.drain(b, offset=0, wait=True)

    rt = Runtime(sequence, [matrix, flipped, through.prod(), copied.cons()])
    return Program(iron.get_current_device(), rt, workers=[]).resolve_program()


x = iron.randint(-100, 100, (M, N), dtype=np.int32)
y = iron.zeros(N, M, dtype=np.int32)
transpose(x, y)
np.testing.assert_array_equal(y.numpy(), x.numpy().T)
