"""Transfers that the sequence started, and groups of them that end together."""

from collections.abc import Iterator

from xdsl.ir import SSAValue

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine, author_line
from ironbird.ir import aiex
from ironbird.iron.sequence_trace import SequenceTrace, current_sequence


class Task:
    """One transfer between the host's memory and a fifo. `fifo_name` is for messages."""

    def __init__(self, handle: SSAValue, *, fifo_name: str, issues_token: bool) -> None:
        self.handle = handle
        self.fifo_name = fifo_name
        self.issues_token = issues_token
        self.at = author_line()
        self._is_awaited = False
        self._is_freed = False

    def await_(self, *, at: SourceLine | None = None) -> None:
        """Let the host wait until the transfer has ended; `at` if not where this is called."""
        trace = current_sequence("Task.await_()")
        if not self.issues_token:
            raise DesignError(
                f"a transfer of ObjectFifo {self.fifo_name!r} cannot be awaited",
                at=author_line(),
                because=f"the transfer at {self.at} issues no token",
                fix="wait=True",
            )
        if not self._is_awaited:
            trace.emit(aiex.DmaAwaitTaskOp(self.handle), at=at)
            self._is_awaited = True

    def free(self, *, at: SourceLine | None = None) -> None:
        """Give its descriptors back; the transfer must have ended by then."""
        trace = current_sequence("Task.free()")
        if not self._is_freed:
            trace.emit(aiex.DmaFreeTaskOp(self.handle), at=at)
            self._is_freed = True


class TaskGroup:
    """Transfers that end together: `finish()` awaits those with a token, then frees all."""

    is_numbered = True

    def __init__(self) -> None:
        trace = current_sequence("TaskGroup()")
        self.at = author_line()
        self.number = trace.count_group(self) if self.is_numbered else -1
        self.tasks: list[Task] = []
        self.is_finished = False
        self._trace = trace
        self._depth = trace.depth

    @staticmethod
    def pipelined(n: int, depth: int = 4) -> Iterator[tuple[int, "TaskGroup"]]:
        """`n` groups, each with its number, at most `depth` of them open at a time."""
        if depth < 1:
            raise DesignError(
                f"TaskGroup.pipelined(depth={depth})", at=author_line(), fix="depth=4"
            )
        open_groups: list[TaskGroup] = []
        for row in range(n):
            if len(open_groups) == depth:
                open_groups.pop(0).finish()
            open_groups.append(TaskGroup())
            yield row, open_groups[-1]
        for group in open_groups:
            group.finish()

    def add(self, task: Task) -> None:
        """Let `task` end with the group."""
        if self._trace is not current_sequence("TaskGroup"):
            raise DesignError(
                "a TaskGroup of another sequence", at=author_line(), because=f"made at {self.at}"
            )
        if self.is_finished:
            raise DesignError(
                f"a transfer of ObjectFifo {task.fifo_name!r} joins TaskGroup({self.number}) "
                "after its end",
                at=author_line(),
                because="group.finish() was called before",
            )
        if self._trace.depth != self._depth:
            raise DesignError(
                f"a transfer of ObjectFifo {task.fifo_name!r} inside `range_` joins a group begun "
                "outside",
                at=author_line(),
                because=f"TaskGroup({self.number}) was begun at {self.at}",
                fix="a TaskGroup inside the loop, or a Python range",
            )
        self.tasks.append(task)

    def finish(self) -> None:
        """Await and free its transfers, in the order in which they were started."""
        if self.is_finished:
            return
        for task in self.tasks:
            if task.issues_token:
                task.await_(at=self.end_line(task))
        for task in self.tasks:
            task.free(at=self.end_line(task))
        self.is_finished = True

    def end_line(self, task: Task) -> SourceLine | None:
        """Where the host waits for `task`: None for the line that ends the group."""
        return None

    def __repr__(self) -> str:
        return f"TaskGroup({self.number})"


class DefaultGroup(TaskGroup):
    """The transfers that name no group; it is not one of the sequence's numbered groups."""

    is_numbered = False

    def end_line(self, task: Task) -> SourceLine | None:
        """The transfer's own line: no line of the author ends this group."""
        return task.at


def default_group(trace: SequenceTrace) -> TaskGroup:
    """The group of transfers that name none, closed at the end of the sequence."""
    if trace.default_group is None:
        if trace.depth:
            raise DesignError(
                "a transfer inside `range_` without a group",
                at=author_line(),
                because="transfers without a group end with the sequence, outside the loop",
                fix="group = TaskGroup() and group.finish() inside the loop, or a Python range",
            )
        trace.default_group = DefaultGroup()
    return trace.default_group
