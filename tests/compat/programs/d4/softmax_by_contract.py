# A kernel of the library says itself how close its result must be.
import aie.iron as iron
import numpy as np
from aie.iron import In, Out, kernels, str_to_dtype
from aie.iron.algorithms import transform
from aie.utils.verify import Tolerance, Verdict, compare

WIDTH, ROWS = 128, 4
bf16 = str_to_dtype("bf16")
kernel = kernels.softmax(WIDTH)


@iron.jit
def softmax_rows(x: In, y: Out):
    return transform(kernel, x)


x = iron.tensor(np.random.default_rng(1).normal(size=(ROWS, WIDTH)).astype(bf16))
y = iron.zeros(ROWS, WIDTH, dtype=bf16)
softmax_rows(x, y)
for row, out in zip(x.numpy(), y.numpy()):
    verdict = kernel.judge(out, row)
    assert isinstance(verdict, Verdict) and verdict, str(verdict)
assert compare(y.numpy(), kernels.softmax_ref(x.numpy()), Tolerance.relative(0.05, 1e-4))
