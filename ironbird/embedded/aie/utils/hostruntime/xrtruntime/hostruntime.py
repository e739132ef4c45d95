"""A thin re-export; the code is in `ironbird.session.hostruntime.runtime`."""

from ironbird.session.hostruntime.result import SimulatedResult as XRTKernelResult
from ironbird.session.hostruntime.runtime import SimulatedHandle as CachedXRTKernelHandle
from ironbird.session.hostruntime.runtime import SimulatedHandle as XRTKernelHandle
from ironbird.session.hostruntime.runtime import SimulatedRuntime as CachedXRTRuntime
from ironbird.session.hostruntime.runtime import SimulatedRuntime as XRTHostRuntime

__all__ = [
    "CachedXRTKernelHandle",
    "CachedXRTRuntime",
    "XRTHostRuntime",
    "XRTKernelHandle",
    "XRTKernelResult",
]
