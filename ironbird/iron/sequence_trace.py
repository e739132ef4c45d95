"""The host's sequence while its function runs: its body, and the transfers still to be closed."""

from typing import TYPE_CHECKING

from xdsl.ir import Block

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine, author_line
from ironbird.ir.integers import Integer
from ironbird.iron.tracing import Trace, current_trace

if TYPE_CHECKING:
    from ironbird.iron.configuration import DeviceConfiguration
    from ironbird.iron.device_body import DeviceBody
    from ironbird.iron.object_fifo_handle import ObjectFifoHandle
    from ironbird.iron.task import TaskGroup


class SequenceTrace(Trace):
    """One runtime sequence being traced.

    groups: the author's groups of transfers, in the order in which they were begun.
    default_group: that of the transfers that name none; closed at the end.
    moved: the fifo ends that a transfer fills or drains.
    configuration: that of the `configure()` which is open, if one is.
    expand_mode: how configurations are loaded, where the program says so.
    """

    computer = "sequence"

    def __init__(
        self, block: Block, body: "DeviceBody", what: str, at: SourceLine, strict_groups: bool
    ) -> None:
        super().__init__(block, what, at)
        self.body = body
        self.strict_groups = strict_groups
        self.groups: list[TaskGroup] = []
        self.default_group: TaskGroup | None = None
        self.moved: list[ObjectFifoHandle] = []
        self.configuration: DeviceConfiguration | None = None
        self.expand_mode: Integer | None = None

    def count_group(self, group: "TaskGroup") -> int:
        """Take note of a group of the author; returns its number."""
        self.groups.append(group)
        return len(self.groups) - 1

    def close_groups(self) -> None:
        """Close the default group; refuse an explicit one that is still open."""
        if self.default_group is not None and self.groups and self.strict_groups:
            raise DesignError(
                "Mixing explicit task groups and the default task group is prohibited. "
                "Please assign all default tasks "
                f"({', '.join(task.fifo_name for task in self.default_group.tasks)}) "
                "to a task group.",
                at=self.default_group.tasks[0].at,
                because=f"the sequence begins a task group at {self.groups[0].at}",
                fix="group= (task_group= of rt.fill), or strict_task_groups=False",
            )
        unfinished = [group for group in self.groups if not group.is_finished]
        if unfinished:
            names = ", ".join(f"TaskGroup({group.number})" for group in unfinished)
            raise DesignError(
                f"Failed to close task groups: {names}",
                at=unfinished[0].at,
                because="the sequence ends before the group does",
                fix="group.finish(), or rt.finish_task_group(group), behind its last transfer",
            )
        if self.default_group is not None:
            self.default_group.finish()


def current_sequence(what: str) -> SequenceTrace:
    """The sequence being traced; refuses `what` anywhere else."""
    trace = current_trace(what)
    if isinstance(trace, SequenceTrace):
        return trace
    raise DesignError(
        f"{what} in {trace.what}",
        at=author_line(),
        because="a core cannot reach the host's memory",
        fix="move it into the function of the Runtime",
    )
