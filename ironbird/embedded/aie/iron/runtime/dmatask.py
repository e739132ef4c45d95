"""A thin re-export; the code is in `ironbird.iron.recorded_tasks`."""

from ironbird.iron.recorded_tasks import DMATask

__all__ = ["DMATask"]
