"""No channel is given more tasks than its queue holds.

What the hardware does with a task that finds the queue full is unknown; assumed is that the task is
lost, and that a running task still counts. So the sequence waits for a channel's oldest task before
it starts one too many. That stops no design that would run without it: where the oldest task cannot
end yet, the queue would overflow.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import ClassVar

from xdsl.ir import SSAValue

from ironbird.base.device import DeviceModel
from ironbird.base.errors import DesignError
from ironbird.ir.aie import DeviceOp, RuntimeSequenceOp
from ironbird.ir.aiex import DmaAwaitTaskOp, DmaFreeTaskOp, DmaStartTaskOp
from ironbird.ir.aiex.tasks import TaskUse
from ironbird.ir.integers import TRUE
from ironbird.ir.locations import name_of_location, named_location, source_line_of
from ironbird.passes.lower_sequence.sequences import erase, insert_before, sequences
from ironbird.passes.lower_sequence.task_facts import (
    TaskChannel,
    channel_of,
    described,
    issues_token,
    task_op,
)
from ironbird.passes.module_pass import ModulePass


@dataclass(frozen=True)
class BoundTaskQueues(ModulePass):
    """Await a channel's oldest task where one more start would overflow the channel's queue.

    Before:  tasks are started; some are awaited or freed.
    After:   no channel has more than `task_queue_depth` tasks that were started and neither awaited
             nor freed; an await that moved forward is gone from its old place.
    Refuses: an await of a task that was not started, that issues no token, or whose token another
             await took; an overflow by a task that is started several times.
    """

    name: ClassVar[str] = "bound-task-queues"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        for sequence in sequences(device):
            _Queues(model).bound(sequence)


@dataclass
class _Queues:
    """Walks one sequence and keeps the tasks that each channel still has.

    tokens: how many the author's starts issued on each channel and no await of the author's took.
    """

    model: DeviceModel
    started: dict[TaskChannel, list[SSAValue]] = field(default_factory=dict)
    ever_started: list[SSAValue] = field(default_factory=list)
    awaited_early: list[SSAValue] = field(default_factory=list)
    given_tokens: list[SSAValue] = field(default_factory=list)
    tokens: Counter[TaskChannel] = field(default_factory=Counter)

    def bound(self, sequence: RuntimeSequenceOp) -> None:
        for op in list(sequence.body.block.ops):
            match op:
                case DmaStartTaskOp():
                    self._start(op)
                case DmaAwaitTaskOp():
                    self._await(op)
                case DmaFreeTaskOp():
                    queue = self.started.get(channel_of(op.task), [])
                    while op.task in queue:
                        queue.remove(op.task)

    def _start(self, op: DmaStartTaskOp) -> None:
        channel = channel_of(op.task)
        queue = self.started.setdefault(channel, [])
        depth = self.model.model(channel.tile).task_queue_depth
        if len(queue) == depth:
            self._await_early(queue.pop(0), op, depth)
        queue.append(op.task)
        self.ever_started.append(op.task)
        self.tokens[channel] += issues_token(op.task)

    def _await_early(self, oldest: SSAValue, before: DmaStartTaskOp, depth: int) -> None:
        starts = sum(isinstance(use.operation, DmaStartTaskOp) for use in oldest.uses)
        if starts > 1:
            raise DesignError(
                f"{channel_of(oldest)} is given more tasks than its queue holds",
                at=source_line_of(before),
                because=f"the queue holds {depth}; {described(oldest)} alone is started "
                f"{starts} times, so that no single start of it can be waited for",
                fix="an await between the starts",
            )
        if not issues_token(oldest):
            self.given_tokens.append(oldest)
            task_op(oldest).issue_token = TRUE
        waited = DmaAwaitTaskOp(oldest)
        # The plan reads the name: nobody wrote this wait, so messages have to explain it.
        fifo = name_of_location(task_op(oldest)) or ""
        waited.location = named_location(f"{fifo}:room", source_line_of(before))
        insert_before(before, waited)
        self.awaited_early.append(oldest)

    def _await(self, op: DmaAwaitTaskOp) -> None:
        self._check(op)
        self.tokens[channel_of(op.task)] -= 1
        if op.task in self.awaited_early:
            erase(op)
            return
        queue = self.started.get(channel_of(op.task), [])
        if op.task in queue:
            del queue[: queue.index(op.task) + 1]

    def _check(self, op: TaskUse) -> None:
        if not issues_token(op.task) or op.task in self.given_tokens:
            raise DesignError(
                f"the sequence awaits {described(op.task)}, which issues no token",
                at=source_line_of(op),
                because="only a task with issue_token tells that it is done",
                fix="wait=True where the transfer is written, or issue_token on the task",
            )
        if op.task not in self.ever_started:
            raise DesignError(
                f"the sequence awaits {described(op.task)}, which was not started before",
                at=source_line_of(op),
                fix="the start in front of the await",
            )
        if self.tokens[channel_of(op.task)] == 0:
            raise DesignError(
                f"the sequence awaits {described(op.task)} once more than it is started",
                at=source_line_of(op),
                because="each start issues one token, and every one was waited for already",
                fix="one await for each start",
            )
