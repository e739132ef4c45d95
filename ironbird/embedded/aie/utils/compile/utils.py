"""A thin re-export; the code is in `ironbird.session.hostruntime.toolchain`."""

from ironbird.session.hostruntime.toolchain import (
    compile_cxx_core_function,
    compile_external_kernel,
    compile_mlir_module,
)

__all__ = ["compile_cxx_core_function", "compile_external_kernel", "compile_mlir_module"]
