"""A thin re-export; the code is in `ironbird.session.hostruntime.locks_and_caches`."""

from ironbird.session.hostruntime.locks_and_caches import (
    CircularCache,
)

__all__ = ["CircularCache"]
