"""A thin re-export; the code is in `ironbird.iron.worker`."""

from ironbird.iron.barrier import WorkerRuntimeBarrier
from ironbird.iron.worker import Worker

__all__ = ["Worker", "WorkerRuntimeBarrier"]
