"""What `with rt.sequence(...)` records: one object for each call, carried out at resolution.

Each task does what the newest generation writes in the sequence's function, so there is one way in
which a sequence is emitted. The class names are those of mlir-aie's `aie.iron.runtime`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ironbird.base.source_line import author_line, written_at
from ironbird.iron.runtime_tensor import RuntimeData
from ironbird.iron.taplib.pattern import TensorAccessPattern
from ironbird.iron.task import Task, TaskGroup

if TYPE_CHECKING:
    from ironbird.iron.barrier import WorkerRuntimeBarrier
    from ironbird.iron.object_fifo_handle import ObjectFifoHandle
    from ironbird.iron.worker import Worker


class RuntimeTaskGroup:
    """A group of transfers that `rt.finish_task_group` ends together."""

    def __init__(self, id: int) -> None:
        self.group_id = id
        self.created_at = author_line()

    def __repr__(self) -> str:
        return f"TaskGroup({self.group_id})"


class Replay:
    """One carrying out of a recorded sequence: the groups that stand for the recorded ones."""

    def __init__(self) -> None:
        self._groups: dict[RuntimeTaskGroup, TaskGroup] = {}

    def group(self, recorded: RuntimeTaskGroup | None) -> TaskGroup | None:
        """The group of this sequence."""
        return None if recorded is None else self._groups[recorded]

    def begin(self, recorded: RuntimeTaskGroup) -> None:
        """Begin a group."""
        self._groups[recorded] = TaskGroup()


class RuntimeTask(ABC):
    """One call of the recorded sequence, with the line where it was written."""

    def __init__(self, task_group: RuntimeTaskGroup | None = None) -> None:
        self.task_group = task_group
        self.created_at = author_line()

    def carry_out(self, replay: Replay) -> None:
        """Emit it, as if it were written in the sequence's function."""
        with written_at(self.created_at):
            self._emit(replay)

    @abstractmethod
    def _emit(self, replay: Replay) -> None:
        """Call what the newest generation has for it."""


class DMATask(RuntimeTask):
    """`rt.fill` or `rt.drain`, by the side of the handle."""

    def __init__(
        self,
        object_fifo: "ObjectFifoHandle",
        rt_data: RuntimeData,
        tap: TensorAccessPattern | None,
        task_group: RuntimeTaskGroup | None = None,
        wait: bool = False,
    ) -> None:
        super().__init__(task_group)
        self.fifo = object_fifo
        self.rt_data = rt_data
        self.tap = tap
        self.wait = wait
        self.task: Task | None = None

    def will_wait(self) -> bool:
        """Whether the end of the group awaits it."""
        return self.wait

    def _emit(self, replay: Replay) -> None:
        move = self.fifo.fill if self.fifo.is_prod else self.fifo.drain
        group = replay.group(self.task_group)
        self.task = move(self.rt_data, self.tap, self.wait, group=group)


class BeginTaskGroupTask(RuntimeTask):
    """`rt.task_group()`."""

    def __init__(self, task_group: RuntimeTaskGroup) -> None:
        super().__init__(task_group)
        self.begun = task_group

    def _emit(self, replay: Replay) -> None:
        replay.begin(self.begun)


class FinishTaskGroupTask(RuntimeTask):
    """`rt.finish_task_group(group)`."""

    def __init__(self, task_group: RuntimeTaskGroup) -> None:
        super().__init__(task_group)

    def _emit(self, replay: Replay) -> None:
        group = replay.group(self.task_group)
        assert group is not None
        group.finish()


class RuntimeStartTask(RuntimeTask):
    """`rt.start(worker)`: says that the program has the worker; cores start with the device."""

    def __init__(self, worker: "Worker", task_group: RuntimeTaskGroup | None = None) -> None:
        super().__init__(task_group)
        self.worker = worker

    def _emit(self, replay: Replay) -> None:
        """Nothing of the sequence."""


class InlineOpRuntimeTask(RuntimeTask):
    """`rt.inline_ops(function, arguments)`: the function is called at resolution."""

    def __init__(
        self,
        fn: Callable[..., Any],
        args: Sequence[Any],
        task_group: RuntimeTaskGroup | None = None,
    ) -> None:
        super().__init__(task_group)
        self.fn = fn
        self.args = list(args)

    def _emit(self, replay: Replay) -> None:
        self.fn(*self.args)


class SetBarrierTask(RuntimeTask):
    """`rt.set_barrier(barrier, value)`."""

    def __init__(self, barrier: "WorkerRuntimeBarrier", value: int) -> None:
        super().__init__()
        self.barrier = barrier
        self.value = value

    def _emit(self, replay: Replay) -> None:
        self.barrier.set(self.value)
