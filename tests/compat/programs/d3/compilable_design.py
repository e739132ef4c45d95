# Designs as values: specialised, named by their recipe, compiled without tensors.
import json

import aie.iron as iron
import numpy as np
from aie.iron import CompilableDesign, CompileTime, In, Out, compile_context, compileconfig
from aie.iron.algorithms import transform_binary
from aie.utils.compile.jit import get_compile_arg


@compileconfig(tile=16)
def combined(x: In, y: In, z: Out, *, size: CompileTime[int], tile: CompileTime[int]):
    assert get_compile_arg("size") == size
    return transform_binary(
        lambda a, b: a + 2 * b, np.ndarray[(size,), np.dtype[np.int32]], tile_size=tile
    )


assert isinstance(combined, CompilableDesign)
small, large = combined.specialize(size=64), combined.specialize(size=128)
assert small.recipe_hash != large.recipe_hash and len(small.recipe_hash) == 24
assert small.artifact_hash == combined.specialize(size=64).artifact_hash != large.artifact_hash
assert json.loads(small.to_json())["bound"]["size"] == "64"
assert "memref<64xi32>" in small.as_mlir() and "memref<128xi32>" in large.as_mlir()
assert small.compile().key != large.compile().key

run = iron.jit(combined.generator, size=64, tile=32)
x, y = (iron.randint(-99, 99, (64,), dtype=np.int32) for _ in range(2))
z = iron.zeros(64, dtype=np.int32)
run(x, y, z)
np.testing.assert_array_equal(z.numpy(), x.numpy() + 2 * y.numpy())
with compile_context(size=3):
    assert get_compile_arg("size") == 3 and get_compile_arg("other", 5) == 5
