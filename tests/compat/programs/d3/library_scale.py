# A kernel of the library, its factor sent as a tensor, through a transform of types.
import aie.iron as iron
import numpy as np
from aie.iron import CompileTime, In, Out
from aie.iron.algorithms import transform
from aie.iron.kernels import scale

N = 512


@iron.jit
def scaled(x: In, y: Out, factor: In, *, tile_size: CompileTime[int] = 128):
    tensor_ty = np.ndarray[(N,), np.dtype[np.int16]]
    factor_ty = np.ndarray[(1,), np.dtype[np.int32]]
    return transform(scale(tile_size, np.int16), tensor_ty, factor_ty)


x = iron.randint(-1000, 1000, (N,), dtype=np.int16)
y = iron.zeros(N, dtype=np.int16)
factor = iron.tensor([3], dtype=np.int32)
scaled(x, y, factor)
np.testing.assert_array_equal(y.numpy(), x.numpy() * 3)
factor[0] = -2
scaled(x, y, factor)
np.testing.assert_array_equal(y.numpy(), x.numpy() * -2)
