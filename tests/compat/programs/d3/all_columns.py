# One line for eight cores: two in each column.
import aie.iron as iron
import numpy as np
from aie.iron import In, Out, algorithms


@iron.jit
def shifted(x: In, y: Out):
    ty = np.ndarray[x.shape, np.dtype[x.dtype.type]]
    return algorithms.transform_parallel(lambda a, k: a - k, ty, 17, tile_size=32, num_channels=2)


@iron.jit
def products(x: In, y: In, z: Out):
    ty = np.ndarray[x.shape, np.dtype[x.dtype.type]]
    return algorithms.transform_parallel_binary(lambda a, b: a * b, ty, tile_size=16)


@iron.jit
def squares(x: iron.InOut):
    return algorithms.for_each(lambda a: a * a, np.ndarray[x.shape, np.dtype[np.int32]])


x = iron.randint(-40, 40, (1024,), dtype=np.int32)
y, z = iron.zeros_like(x), iron.zeros_like(x)
shifted(x, y)
np.testing.assert_array_equal(y.numpy(), x.numpy() - 17)
products(x, y, z)
np.testing.assert_array_equal(z.numpy(), x.numpy() * y.numpy())
squares(y)
np.testing.assert_array_equal(y.numpy(), (x.numpy() - 17) ** 2)
