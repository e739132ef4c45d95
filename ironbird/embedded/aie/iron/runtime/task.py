"""A thin re-export; the code is in `ironbird.iron.recorded_tasks`."""

from ironbird.iron.recorded_tasks import (
    FinishTaskGroupTask,
    InlineOpRuntimeTask,
    RuntimeStartTask,
    RuntimeTask,
)
from ironbird.iron.task import Task

__all__ = ["FinishTaskGroupTask", "InlineOpRuntimeTask", "RuntimeStartTask", "RuntimeTask", "Task"]
