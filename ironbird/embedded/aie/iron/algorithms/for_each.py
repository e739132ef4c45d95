"""A thin re-export; the code is in `ironbird.iron.algorithms`."""

from ironbird.iron.algorithms import for_each

__all__ = ["for_each"]
