"""A thin re-export; the code is in `ironbird.iron.recorded_tasks` and `ironbird.iron.task`."""

from ironbird.iron.recorded_tasks import RuntimeTaskGroup
from ironbird.iron.task import TaskGroup

__all__ = ["RuntimeTaskGroup", "TaskGroup"]
