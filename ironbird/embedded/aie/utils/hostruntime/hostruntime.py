"""A thin re-export; the code is in `ironbird.session.hostruntime.runtime`."""

from ironbird.session.hostruntime.result import (
    KernelResult,
)
from ironbird.session.hostruntime.runtime import (
    HostRuntime,
    HostRuntimeError,
    KernelHandle,
)

__all__ = ["HostRuntime", "HostRuntimeError", "KernelHandle", "KernelResult"]
