# The runtime's own objects, one by one: load a compiled design, run it twice, look at the results.
import tempfile

import aie.iron as iron
import numpy as np
from aie.iron import In, Out
from aie.iron.algorithms import transform
from aie.utils import DefaultNPURuntime, NPUKernel, cleanup_npu_runtime
from aie.utils.benchmark import BenchmarkResult, Stats, preflight, provenance, run_iters
from aie.utils.hostruntime import bfloat16_safe_allclose
from aie.utils.hostruntime.hostruntime import HostRuntime, KernelHandle, KernelResult
from aie.utils.hostruntime.tensor_class import CPUOnlyTensor
from aie.utils.hostruntime.xrtruntime.hostruntime import (
    CachedXRTKernelHandle,
    CachedXRTRuntime,
    XRTHostRuntime,
    XRTKernelHandle,
    XRTKernelResult,
)
from aie.utils.hostruntime.xrtruntime.tensor import XRTTensor

line = np.ndarray[(48,), np.dtype[np.int32]]


@iron.jit
def tripled(x: In, y: Out):
    return transform(lambda a: a + a + a, line)


folder = tempfile.mkdtemp()
kernel = NPUKernel(*tripled.compile(xclbin_path=f"{folder}/a.xclbin", inst_path=f"{folder}/a.bin"))
runtime = CachedXRTRuntime()
assert isinstance(runtime, HostRuntime) and isinstance(DefaultNPURuntime, XRTHostRuntime)
runtime.check_device_consistency()
assert runtime.device().cols == iron.get_current_device().cols

handle = runtime.load(kernel)
assert all(isinstance(handle, kind) for kind in (KernelHandle, XRTKernelHandle))
x, y = CPUOnlyTensor(np.arange(48, dtype=np.int32)), XRTTensor((48,), dtype=np.int32)
for _ in range(2):
    result = runtime.run(handle, [x, y], fail_on_error=True, only_if_loaded=True)
    assert isinstance(result, KernelResult) and isinstance(result, XRTKernelResult)
    assert result.is_success() and not result.has_trace() and result.trace_config is None
    np.testing.assert_array_equal(y.numpy(), 3 * np.arange(48))
assert HostRuntime.verify_results([x, y], {1: 3 * np.arange(48, dtype=np.int32)}) == 0
assert bfloat16_safe_allclose(np.int32, y, 3 * x.numpy())

timed = run_iters(kernel, x, y, warmup=1, iters=3)
assert isinstance(timed, BenchmarkResult) and isinstance(timed.wall_us, Stats)
assert timed.wall_us.n == 3 and timed.modelled_us.stdev == 0
assert "simulator" in timed.where and provenance()["where"] == "simulator" and preflight()

if isinstance(handle, CachedXRTKernelHandle):
    handle.invalidate()
runtime.cleanup()
cleanup_npu_runtime()
