"""A build script in Python: kernel and module to files, a lock round them, then a timed run."""

import sys
import tempfile
from pathlib import Path

import aie.iron as iron
import numpy as np
from aie.iron import ExternalFunction, ObjectFifo, Program, Runtime, Worker
from aie.iron.device import NPU1Col1
from aie.utils import (
    DefaultNPURuntime,
    NPUKernel,
    cleanup_npu_runtime,
    has_hrx,
    has_xrt,
    set_tensor_class,
)
from aie.utils.compile import NPU_CACHE_HOME
from aie.utils.compile.cache.circular_cache import CircularCache
from aie.utils.compile.cache.utils import file_lock
from aie.utils.compile.utils import (
    compile_cxx_core_function,
    compile_external_kernel,
    compile_mlir_module,
)
from aie.utils.config import cxx_header_path, root_path
from aie.utils.hostruntime import bfloat16_safe_allclose
from aie.utils.hostruntime.hostruntime import HostRuntimeError, KernelHandle
from aie.utils.hostruntime.tensor_class import CPUOnlyTensor, Tensor
from aie.utils.jit import hash_module
from aie.utils.test import create_default_argparser, create_npu_kernel
from aie.utils.verify import assert_pass, bf16_ulp_distance, count_mismatches, nearly_equal

N = 64
line_ty = np.ndarray[(N,), np.dtype[np.int32]]
halve = ExternalFunction(
    "halve",
    object_file_name="halve.o",
    source_string="""
        #include <stdint.h>
        extern "C" void halve(int32_t *in, int32_t *out) {
          for (int i = 0; i < 64; i++) out[i] = in[i] / 2;
        }""",
    arg_types=[line_ty, line_ty],
)
of_in, of_out = ObjectFifo(line_ty, name="in"), ObjectFifo(line_ty, name="out")


def body(source, sink, kernel):
    kernel(source.acquire(1), sink.acquire(1))
    source.release(1)
    sink.release(1)


worker = Worker(body, [of_in.cons(), of_out.prod(), halve])
rt = Runtime()
with rt.sequence(line_ty, line_ty) as (x, y):
    rt.start(worker)
    rt.fill(of_in.prod(), x)
    rt.drain(of_out.cons(), y, wait=True)
module = Program(NPU1Col1(), rt).resolve_program()

assert Path(cxx_header_path()).is_dir() and Path(root_path()).is_dir()
assert NPU_CACHE_HOME.is_absolute() and not has_xrt() and not has_hrx()
folder = Path(tempfile.mkdtemp())
with file_lock(str(folder / ".lock"), timeout_seconds=5):
    (folder / "spare.cc").write_text('extern "C" void spare() {}')
    compile_cxx_core_function(str(folder / "spare.cc"), "aie2", str(folder / "spare.o"))
    compile_external_kernel(halve, folder, "aie2")
    compile_mlir_module(
        str(module),
        insts_path=folder / "insts.bin",
        xclbin_path=folder / "final.xclbin",
        work_dir=folder,
    )
assert (folder / "halve.o").is_file() and (folder / "spare.o").is_file()

built = CircularCache(max_size=1)
built[hash_module(module, [halve], "aie2")] = folder
assert len(built) == 1 and built[hash_module(module, [halve], "aie2")] == folder

opts = create_default_argparser().parse_args(
    ["-x", str(folder / "final.xclbin"), "-i", str(folder / "insts.bin"), "-k", "MLIR_AIE"]
)
options = create_npu_kernel(opts)
kernel = options.npu_kernel if hasattr(options, "npu_kernel") else options
assert isinstance(kernel, NPUKernel) and str(kernel.insts_path).endswith("insts.bin")

set_tensor_class(Tensor)
a = iron.arange(N, dtype=np.int32)
b = iron.zeros(N, dtype=np.int32)
handle = DefaultNPURuntime.load(kernel)
assert isinstance(handle, KernelHandle) and issubclass(HostRuntimeError, Exception)
result = DefaultNPURuntime.run(handle, [a, b])
assert result.is_success() and not result.has_trace()
expected = np.arange(N, dtype=np.int32) // 2
assert count_mismatches(b.numpy(), expected) == 0 and nearly_equal(1.0, 1.01)
assert bfloat16_safe_allclose(np.int32, b.numpy(), expected)
assert (np.asarray(bf16_ulp_distance(np.float32(1), np.float32(1))) == 0).all()
assert_pass(b.numpy(), expected)
on_host = CPUOnlyTensor(expected)
assert on_host.element_size() == 4 and on_host.numel() == N
cleanup_npu_runtime()
sys.exit(0)
