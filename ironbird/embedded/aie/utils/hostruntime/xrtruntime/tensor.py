"""A thin re-export; the code is in `ironbird.session.hostruntime.tensors`."""

from ironbird.session.hostruntime.tensors import (
    XRTTensor,
)

__all__ = ["XRTTensor"]
