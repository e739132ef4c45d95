"""A thin re-export; the code is in `ironbird.iron.runtime`."""

from ironbird.iron.runtime import IronRuntimeError, Runtime, sync_parameters
from ironbird.iron.runtime_tensor import RuntimeData
from ironbird.iron.task import Task, TaskGroup

__all__ = ["IronRuntimeError", "Runtime", "RuntimeData", "Task", "TaskGroup", "sync_parameters"]
