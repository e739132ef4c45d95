"""A thin re-export; the code is in `ironbird.session.hostruntime.kernel`."""

from ironbird.session.hostruntime.kernel import (
    NPUKernel,
)

__all__ = ["NPUKernel"]
