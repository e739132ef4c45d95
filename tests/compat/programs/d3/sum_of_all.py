# A reduction: the whole tensor into one number by a kernel of the library.
import aie.iron as iron
import numpy as np
from aie.iron import In, Out, kernels
from aie.iron.algorithms import reduce

N = 1024


@iron.jit
def total(x: In, y: Out):
    input_ty = np.ndarray[(N,), np.dtype[np.int32]]
    output_ty = np.ndarray[(1,), np.dtype[np.int32]]
    return reduce(kernels.reduce_add(N), input_ty, output_ty)


x = iron.randint(-(2**31), 2**31, (N,), dtype=np.int32)
y = iron.zeros(1, dtype=np.int32)
total(x, y)
np.testing.assert_array_equal(y.numpy(), kernels.reduce_add_ref(x.numpy()))
assert int(y.numpy()[0]) == int(np.add.reduce(x.numpy(), dtype=np.int32))
