# A 1x1 convolution on one core feeds a 3x3 one on the next, which sees three rows at a time.
import aie.iron as iron
import numpy as np
from aie.iron import Buffer, In, ObjectFifo, Out, Program, Runtime, Worker, kernels
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1

WIDTH, CHANNELS, ROWS, SHIFT = 8, 8, 5, 6
row = np.ndarray[(WIDTH * CHANNELS,), np.dtype[np.int8]]
result = np.ndarray[(WIDTH * CHANNELS,), np.dtype[np.uint8]]
image = np.ndarray[(WIDTH * CHANNELS * ROWS,), np.dtype[np.int8]]
inner = np.ndarray[(WIDTH * CHANNELS * (ROWS - 2),), np.dtype[np.uint8]]
rng = np.random.default_rng(5)
mixing = rng.integers(-8, 9, CHANNELS * CHANNELS, dtype=np.int8)
taps = rng.integers(-8, 9, 9 * CHANNELS * CHANNELS, dtype=np.int8)


@iron.jit
def convolutions(x: In, y: Out):
    of_x, of_y = ObjectFifo(row, name="x"), ObjectFifo(result, name="y")
    mixed = ObjectFifo(row, depth=4, name="mixed")
    mixing_weights = Buffer(initial_value=mixing, name="mixing")
    tap_weights = Buffer(initial_value=taps, name="taps")

    def mix(src, dst, weights, function):
        function(src.acquire(1), weights, dst.acquire(1), SHIFT)
        src.release(1)
        dst.release(1)

    def slide(src, dst, weights, function):
        for _ in range_(ROWS - 2):
            above, here, below = src.acquire(3)
            function(above, here, below, weights, dst.acquire(1), 1, SHIFT)
            src.release(1)
            dst.release(1)
        src.release(2)

    def sequence(a, b, into, out):
        into.fill(a)
        out.drain(b, wait=True)

    one = kernels.conv2dk1_i8(WIDTH, CHANNELS, CHANNELS)
    three = kernels.conv2dk3(WIDTH, CHANNELS, CHANNELS, dtype=np.int8)
    workers = [
        Worker(mix, [of_x.cons(), mixed.prod(), mixing_weights, one]),
        Worker(slide, [mixed.cons(), of_y.prod(), tap_weights, three]),
    ]
    rt = Runtime(sequence, [image, inner, of_x.prod(), of_y.cons()])
    return Program(NPU1Col1(), rt, workers=workers).resolve_program()


x = iron.randint(-128, 128, (WIDTH * CHANNELS * ROWS,), dtype=np.int8)
y = iron.zeros(WIDTH * CHANNELS * (ROWS - 2), dtype=np.uint8)
convolutions(x, y)


def requantised(total, dtype):
    limits = np.iinfo(dtype)
    return np.clip((total + (1 << SHIFT >> 1)) >> SHIFT, limits.min, limits.max)


pixels = x.numpy().astype(np.int64).reshape(ROWS, WIDTH, CHANNELS)
first = requantised(pixels @ mixing.astype(np.int64).reshape(CHANNELS, CHANNELS), np.int8)
around = np.pad(first, ((0, 0), (1, 1), (0, 0)))
weights = taps.astype(np.int64).reshape(3, 3, CHANNELS, CHANNELS)
total = sum(
    around[r : r + ROWS - 2, s : s + WIDTH] @ weights[r, s] for r in range(3) for s in range(3)
)
np.testing.assert_array_equal(y.numpy(), requantised(total, np.uint8).reshape(-1))
