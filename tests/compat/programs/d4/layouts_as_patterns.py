# Layouts on the way are access patterns: the stream carries 4x8 blocks, the core sees them.
import aie.iron as iron
import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_

ROWS, COLS, R, C = 16, 32, 4, 8
matrix = np.ndarray[(ROWS * COLS,), np.dtype[np.int16]]
blocks = TensorAccessPattern((ROWS, COLS), 0, [ROWS // R, COLS // C, R, C], [R * COLS, C, COLS, 1])
back = TensorAccessPattern((ROWS * COLS,), 0, [ROWS // R, R, COLS // C, C], [R * COLS, C, R * C, 1])


@iron.jit
def mark_blocks(x: In, y: Out):
    into = ObjectFifo(matrix, name="into")
    tiled = into.cons().forward(name="tiled", to_stream=blocks)
    result = ObjectFifo(matrix, name="result")
    plain = result.cons().forward(name="plain", to_stream=back)

    def core(src, dst):
        a, b = src.acquire(1), dst.acquire(1)
        for block in range_(ROWS * COLS // (R * C)):
            for i in range_(R * C):
                b[block * (R * C) + i] = a[block * (R * C) + i]
            b[block * (R * C)] = 1000
        src.release(1)
        dst.release(1)

    def sequence(a, b, a_in, b_out):
        a_in.fill(a)
        b_out.drain(b, wait=True)

    w = Worker(core, [tiled.cons(), result.prod()])
    rt = Runtime(sequence, [matrix, matrix, into.prod(), plain.cons()])
    return Program(iron.get_current_device(), rt, workers=[w]).resolve_program()


x = iron.randint(-500, 500, (ROWS * COLS,), dtype=np.int16)
y = iron.zeros(ROWS * COLS, dtype=np.int16)
mark_blocks(x, y)
expected = x.numpy().reshape(ROWS, COLS).copy()
expected[::R, ::C] = 1000
np.testing.assert_array_equal(y.numpy().reshape(ROWS, COLS), expected)
np.testing.assert_array_equal(blocks.to_stream(expected.reshape(-1)).reshape(-1, R * C)[:, 0], 1000)
