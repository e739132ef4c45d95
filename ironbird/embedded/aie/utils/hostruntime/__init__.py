"""`aie.utils.hostruntime`: the runtime that programs are loaded and run by.

The code is in `ironbird.iron.device` and `ironbird.session.hostruntime`.
"""

from ironbird.iron.device import ensure_current_device, get_current_device, set_current_device
from ironbird.iron.upstream_names import absent

_RUNTIME = "ironbird.session.hostruntime.runtime"

__getattr__ = absent(
    __name__,
    later={
        "HostRuntime": _RUNTIME,
        "HostRuntimeError": _RUNTIME,
        "KernelHandle": _RUNTIME,
        "KernelResult": "ironbird.session.hostruntime.result",
        "bfloat16_safe_allclose": _RUNTIME,
    },
)

__all__ = [
    "HostRuntime",
    "HostRuntimeError",
    "KernelHandle",
    "KernelResult",
    "bfloat16_safe_allclose",
    "ensure_current_device",
    "get_current_device",
    "set_current_device",
]
