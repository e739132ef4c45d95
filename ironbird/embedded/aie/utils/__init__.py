"""`aie.utils`: tensors, the current device, and the runtime that compiled designs are run by.

The code is in `ironbird.iron` and `ironbird.session.hostruntime`.
"""

from importlib import import_module
from typing import Any

from ironbird.iron.device import ensure_current_device, get_current_device, set_current_device
from ironbird.iron.tensor import (
    NpuTensor,
    arange,
    full,
    ones,
    rand,
    randint,
    set_tensor_class,
    tensor,
    zeros,
    zeros_like,
)
from ironbird.iron.tensor import (
    NpuTensor as Tensor,
)
from ironbird.iron.upstream_names import absent

_RUNTIME = "ironbird.session.hostruntime.runtime"


def _default_runtime() -> Any:
    """The process's runtime, made at its first use."""
    return import_module(_RUNTIME).default_runtime()


_lookup = absent(
    __name__,
    later={
        "NPUKernel": "ironbird.session.hostruntime.kernel",
        "cleanup_npu_runtime": _RUNTIME,
        "has_hrx": _RUNTIME,
        "has_xrt": _RUNTIME,
    },
)


def __getattr__(name: str) -> Any:
    return _default_runtime() if name == "DefaultNPURuntime" else _lookup(name)


__all__ = [
    "DefaultNPURuntime",
    "NPUKernel",
    "NpuTensor",
    "Tensor",
    "arange",
    "cleanup_npu_runtime",
    "ensure_current_device",
    "full",
    "get_current_device",
    "has_hrx",
    "has_xrt",
    "ones",
    "rand",
    "randint",
    "set_current_device",
    "set_tensor_class",
    "tensor",
    "zeros",
    "zeros_like",
]
