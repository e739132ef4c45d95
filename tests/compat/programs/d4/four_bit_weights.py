# Weights of four bits with a scale a group become bf16 on one core, and float32 on the next.
import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker, kernels, str_to_dtype
from aie.iron.device import NPU1Col1

WEIGHTS, GROUP = 128, 32
bf16 = str_to_dtype("bf16")
BYTES = WEIGHTS // 2 + 2 * WEIGHTS // GROUP
packed = np.ndarray[(BYTES,), np.dtype[np.uint8]]
narrow = np.ndarray[(WEIGHTS,), np.dtype[bf16]]
wide = np.ndarray[(WEIGHTS,), np.dtype[np.float32]]


@iron.jit
def unpack(x: In, y: Out):
    of_x, of_y = ObjectFifo(packed, name="x"), ObjectFifo(wide, name="y")
    between = ObjectFifo(narrow, name="between")

    def one_to_one(src, dst, function):
        function(src.acquire(1), dst.acquire(1))
        src.release(1)
        dst.release(1)

    widen = kernels.convert_copy(WEIGHTS, bf16, np.float32)
    workers = [
        Worker(one_to_one, [of_x.cons(), between.prod(), kernels.expand(WEIGHTS, GROUP)]),
        Worker(one_to_one, [between.cons(), of_y.prod(), widen]),
    ]

    def sequence(a, b, into, out):
        into.fill(a)
        out.drain(b, wait=True)

    rt = Runtime(sequence, [packed, wide, of_x.prod(), of_y.cons()])
    return Program(NPU1Col1(), rt, workers=workers).resolve_program()


rng = np.random.default_rng(4)
nibbles = rng.integers(0, 16, WEIGHTS, dtype=np.uint8)
scales = np.array([0.5, -2, 0.125, 3], dtype=bf16)
pairs = nibbles[::2] | nibbles[1::2] << 4
x = iron.tensor(np.concatenate([pairs, scales.view(np.uint8)]))
y = iron.zeros(WEIGHTS, dtype=np.float32)
unpack(x, y)
expected = nibbles.reshape(-1, GROUP) * scales.astype(np.float32)[:, None]
np.testing.assert_array_equal(y.numpy(), expected.reshape(-1))
