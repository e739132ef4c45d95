"""A thin re-export; the code is in `ironbird.iron.fifo_end`."""

from ironbird.iron.fifo_end import RuntimeEndpoint

__all__ = ["RuntimeEndpoint"]
