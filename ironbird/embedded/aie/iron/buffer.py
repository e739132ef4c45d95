"""A thin re-export; the code is in `ironbird.iron.buffer`."""

from ironbird.iron.buffer import Buffer

__all__ = ["Buffer"]
