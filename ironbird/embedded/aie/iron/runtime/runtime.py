"""A thin re-export; the code is in `ironbird.iron.runtime`."""

from ironbird.iron.runtime import IronRuntimeError, Runtime, sync_parameters

__all__ = ["IronRuntimeError", "Runtime", "sync_parameters"]
