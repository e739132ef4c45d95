"""A thin re-export; the code is in `ironbird.session.hostruntime.toolchain`."""

from ironbird.session.build import default_cache
from ironbird.session.hostruntime.toolchain import (
    compile_cxx_core_function,
    compile_external_kernel,
    compile_mlir_module,
)

NPU_CACHE_HOME = default_cache().root

__all__ = [
    "NPU_CACHE_HOME",
    "compile_cxx_core_function",
    "compile_external_kernel",
    "compile_mlir_module",
]
