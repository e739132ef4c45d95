# Two images are mixed in three ways; the hue of one is masked, cut and shown as an image again.
import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker, kernels
from aie.iron.device import NPU1Col1

WIDTH, ROWS = 32, 3
ALPHA, BETA, GAMMA = 12288, 8192, -20
pixels = np.ndarray[(4 * WIDTH,), np.dtype[np.uint8]]
hues = np.ndarray[(WIDTH,), np.dtype[np.uint8]]
image = np.ndarray[(4 * WIDTH * ROWS,), np.dtype[np.uint8]]
mixes = np.ndarray[(3 * 4 * WIDTH * ROWS,), np.dtype[np.uint8]]


@iron.jit
def effects(x: In, y: In, mixed: Out, shown: Out):
    of_x, of_y = ObjectFifo(pixels, name="x"), ObjectFifo(pixels, name="y")
    of_mixed, of_shown = ObjectFifo(pixels, name="mixed"), ObjectFifo(pixels, name="shown")
    of_hue, of_cut = ObjectFifo(hues, name="hue"), ObjectFifo(hues, name="cut")

    def mix(xs, ys, dst, passthrough, bitwise_or, add_weighted):
        a, b = xs.acquire(1), ys.acquire(1)
        passthrough(b, dst.acquire(1), 4 * WIDTH)
        dst.release(1)
        bitwise_or(a, b, dst.acquire(1), 4 * WIDTH)
        dst.release(1)
        add_weighted(a, b, dst.acquire(1), 4 * WIDTH, ALPHA, BETA, GAMMA)
        dst.release(1)
        xs.release(1)
        ys.release(1)

    def one_to_one(src, dst, function, *numbers):
        function(src.acquire(1), dst.acquire(1), WIDTH, *numbers)
        src.release(1)
        dst.release(1)

    mixing = (
        kernels.passthrough(4 * WIDTH),
        kernels.bitwise_or(4 * WIDTH),
        kernels.add_weighted(4 * WIDTH),
    )
    workers = [
        Worker(mix, [of_x.cons(), of_y.cons(), of_mixed.prod(), *mixing]),
        Worker(one_to_one, [of_x.cons(), of_hue.prod(), kernels.rgba2hue(WIDTH)]),
        Worker(one_to_one, [of_hue.cons(), of_cut.prod(), kernels.threshold(WIDTH), 90, 200, 2]),
        Worker(one_to_one, [of_cut.cons(), of_shown.prod(), kernels.gray2rgba(WIDTH)]),
    ]

    def sequence(a, b, c, d, xs, ys, mixed, shown):
        xs.fill(a)
        ys.fill(b)
        mixed.drain(c, wait=True)
        shown.drain(d, wait=True)

    ends = [of_x.prod(), of_y.prod(), of_mixed.cons(), of_shown.cons()]
    rt = Runtime(sequence, [image, image, mixes, image, *ends])
    return Program(NPU1Col1(), rt, workers=workers).resolve_program()


size = 4 * WIDTH * ROWS
x, y = (iron.randint(0, 256, (size,), dtype=np.uint8) for _ in range(2))
mixed, shown = iron.zeros(3 * size, dtype=np.uint8), iron.zeros(size, dtype=np.uint8)
effects(x, y, mixed, shown)
a, b = x.numpy(), y.numpy()
copied, either, weighted = mixed.numpy().reshape(ROWS, 3, -1).transpose(1, 0, 2).reshape(3, -1)
np.testing.assert_array_equal(copied, b)
np.testing.assert_array_equal(either, a | b)
np.testing.assert_array_equal(weighted, kernels.add_weighted_ref(a, b, ALPHA, BETA, GAMMA))
cut = np.minimum(kernels.rgba2hue_ref(a), 90)
expected = np.stack([cut, cut, cut, np.full_like(cut, 255)], axis=-1).reshape(-1)
np.testing.assert_array_equal(shown.numpy(), expected)
