# Three neighbouring rows at a time through a 3x3 filter.
import aie.iron as iron
import numpy as np
from aie.iron import Buffer, In, Out, kernels
from aie.iron.algorithms import sliding_3row

H, W = 10, 64
image = np.ndarray[(H, W), np.dtype[np.uint8]]
taps = np.array([0, -1024, 0, -1024, 8192, -1024, 0, -1024, 0], np.int16)
sharpen = kernels.filter2d(W)


@iron.jit
def filtered(x: In, y: Out):
    return sliding_3row(sharpen, image, image, Buffer(initial_value=taps, name="taps"))


x = iron.randint(0, 256, (H, W), dtype=np.uint8)
y = iron.zeros(H, W, dtype=np.uint8)
filtered(x, y)
rows = np.pad(x.numpy(), ((1, 1), (0, 0)), mode="edge")
expected = [kernels.filter2d_ref(rows[i], rows[i + 1], rows[i + 2], taps) for i in range(H)]
np.testing.assert_array_equal(y.numpy(), np.stack(expected))
