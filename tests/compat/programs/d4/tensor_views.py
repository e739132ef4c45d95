# The tensors themselves: factories, views, methods; a design runs on views of one tensor.
import aie.iron as iron
import numpy as np
from aie.iron import CompileTime, In, Out
from aie.iron.algorithms import transform_binary
from aie.utils import Tensor
from aie.utils.hostruntime.tensor_class import NpuTensor


@iron.jit
def difference(x: In, y: In, z: Out, *, tile: CompileTime[int] = 32):
    return transform_binary(lambda a, b: a - b, x, y, z, tile_size=tile)


arena = iron.zeros(3, 128, dtype=np.int32, device="npu")
assert isinstance(arena, NpuTensor) and isinstance(arena, Tensor)
assert (arena.shape, arena.nbytes, arena.element_size(), arena.numel()) == ((3, 128), 1536, 4, 384)
x, y, z = (arena.subview(i * 128, (128,)) for i in range(3))
x[:] = np.arange(128)
y.fill_(5)
difference(x, y, z)
np.testing.assert_array_equal(arena.numpy()[2], np.arange(128) - 5)
np.testing.assert_array_equal(np.asarray(z), np.arange(128) - 5)

same = iron.zeros_like(z)
assert same.device == "npu" and same.to("cpu").device == "cpu" and len(same) == 128
ones = iron.ones(4, dtype=np.int16)
assert iron.full((2, 2), 7, dtype=np.int32)[1, 1] == 7 and ones.numpy().sum() == 4
noise = iron.rand(16, dtype=np.float32)
assert 0 <= noise.numpy().min() and noise.numpy().max() < 1
