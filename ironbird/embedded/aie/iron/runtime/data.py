"""A thin re-export; the code is in `ironbird.iron.runtime_tensor`."""

from ironbird.iron.runtime_tensor import RuntimeData

__all__ = ["RuntimeData"]
