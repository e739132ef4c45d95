# Compile to files, load them by path, and let the runtime's own test compare.
import sys
import tempfile
from pathlib import Path

import aie.iron as iron
import numpy as np
from aie.iron import CompileTime, In, Out, get_compile_arg
from aie.iron.algorithms import transform
from aie.iron.device import from_name
from aie.utils import DefaultNPURuntime, NPUKernel, has_xrt
from aie.utils.hostruntime import set_current_device
from aie.utils.hostruntime.hostruntime import HostRuntime, KernelResult
from aie.utils.hostruntime.xrtruntime.tensor import XRTTensor

N = 128


def body():
    factor = get_compile_arg("factor")
    return lambda a: a * factor


@iron.jit(aiecc_flags=["--verbose"])
def multiplied(x: In, y: Out, *, factor: CompileTime[int]):
    return transform(body(), np.ndarray[(N,), np.dtype[np.int32]], tile_size=32)


set_current_device(from_name("npu1", n_cols=1))
folder = Path(tempfile.mkdtemp())
xclbin, insts = multiplied.compile(
    xclbin_path=folder / "final.xclbin", inst_path=folder / "insts.bin", factor=6
)
assert Path(xclbin).is_file() and Path(insts).is_file()

kernel = NPUKernel(xclbin, insts, kernel_name="MLIR_AIE")
x, y = XRTTensor(np.arange(N, dtype=np.int32)), XRTTensor.zeros(N, dtype=np.int32, group_id=4)
assert isinstance(y, XRTTensor)
handle, result = DefaultNPURuntime.load_and_run(kernel, [x, y])
assert isinstance(DefaultNPURuntime, HostRuntime) and isinstance(result, KernelResult)
assert result.is_success() and result.npu_time > 0 and not has_xrt()
np.testing.assert_array_equal(y.numpy(), 6 * np.arange(N))
kernel(x, y)
sys.exit(DefaultNPURuntime.run_test(kernel, [x, y], {1: 6 * np.arange(N, dtype=np.int32)}))
