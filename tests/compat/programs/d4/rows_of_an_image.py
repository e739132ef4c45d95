# An image row by row, in halves of a row, and beside a second image; one kernel tried on its own.
import aie.iron as iron
import numpy as np
from aie.iron import In, Out, kernels
from aie.iron.algorithms import (
    kernel_design,
    row_at_a_time,
    row_at_a_time_tiled,
    row_at_a_time_with_skip,
)

H, W = 4, 64
rgba = np.ndarray[(H, 4 * W), np.dtype[np.uint8]]
gray = np.ndarray[(H, W), np.dtype[np.uint8]]


@iron.jit
def to_gray(x: In, y: Out):
    return row_at_a_time(kernels.rgba2gray(W), rgba, gray)


@iron.jit
def masked(x: In, mask: In, y: Out):
    return row_at_a_time_with_skip(kernels.bitwise_and(W), gray, gray, gray)


picture = iron.randint(0, 256, (H, 4 * W), dtype=np.uint8)
plain, cut = iron.zeros(H, W, dtype=np.uint8), iron.zeros(H, W, dtype=np.uint8)
to_gray(picture, plain)
np.testing.assert_array_equal(
    plain.numpy().reshape(-1), kernels.rgba2gray_ref(picture.numpy().reshape(-1))
)
halves = str(row_at_a_time_tiled(kernels.rgba2gray(W // 2), rgba, gray))
assert "memref<32xui8>" in halves and "memref<64xui8>" not in halves

mask = iron.full((H, W), 0xF0, dtype=np.uint8)
masked(plain, mask, cut)
np.testing.assert_array_equal(cut.numpy(), plain.numpy() & 0xF0)

alone = kernels.reduce_max(64)
assert isinstance(alone.contract, kernels.KernelContract)
assert isinstance(alone.contract.params[0], kernels.Param)
x, y = kernel_design.host_args(alone, seed=2)
values, _, count = kernel_design.sample_inputs(alone, seed=2)
iron.jit(lambda x, y: kernel_design.design(alone))(x, y)
assert alone.judge(y.numpy(), values, count)
