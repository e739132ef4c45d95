"""The sequence as IRON before 1.4 writes it: `with rt.sequence(...)` and calls of the `Runtime`.

The body of the `with` runs at once and only records; `Runtime.emit` carries the record out. What is
wrong with one call alone is refused here, where it is written.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.barrier import WorkerRuntimeBarrier
from ironbird.iron.calls import flattened, refuse_wrong_count
from ironbird.iron.device import AnyShimTile, Tile
from ironbird.iron.earlier_arguments import placed
from ironbird.iron.object_fifo_handle import ObjectFifoHandle
from ironbird.iron.recorded_tasks import (
    BeginTaskGroupTask,
    DMATask,
    FinishTaskGroupTask,
    InlineOpRuntimeTask,
    Replay,
    RuntimeStartTask,
    RuntimeTask,
    RuntimeTaskGroup,
    SetBarrierTask,
)
from ironbird.iron.runtime_tensor import RuntimeData
from ironbird.iron.taplib.pattern import TensorAccessPattern
from ironbird.iron.worker import Worker


class RecordedSequence:
    """The methods of `Runtime` that programs before IRON 1.4 call in `with rt.sequence(...)`.

    is_function: the sequence is given as a function, so nothing may be recorded.
    tensors: what `sequence` yielded, None before it was called. tasks: the calls, in order.
    """

    def __init__(self, *, is_function: bool) -> None:
        self.is_function = is_function
        self.tensors: list[RuntimeData] | None = None
        self.tasks: list[RuntimeTask] = []
        self._groups: set[RuntimeTaskGroup] = set()

    def sequence(
        self, *input_types: Any
    ) -> AbstractContextManager[RuntimeData | tuple[RuntimeData, ...]]:
        """Declare the tensors of the host; yields one for each type, alone if there is one."""
        self._refuse_function()
        if self.tensors is not None:
            raise DesignError(
                "a second rt.sequence(...) of one Runtime",
                at=author_line(),
                because="a Runtime has one sequence",
                fix="all transfers in one `with rt.sequence(...)`",
            )
        self.tensors = [RuntimeData(type_, number) for number, type_ in enumerate(input_types)]
        return nullcontext(self.tensors[0] if len(self.tensors) == 1 else tuple(self.tensors))

    def start(self, *args: Worker) -> None:
        """Let the program have these workers; lists of workers are opened."""
        for worker in flattened(args):
            if not isinstance(worker, Worker):
                raise DesignError(
                    f"rt.start() of a {type(worker).__name__}",
                    at=author_line(),
                    fix="Worker(function, [...])",
                )
            self._record(RuntimeStartTask(worker))

    def fill(
        self,
        in_fifo: ObjectFifoHandle,
        source: RuntimeData,
        tap: TensorAccessPattern | None = None,
        task_group: RuntimeTaskGroup | None = None,
        wait: bool = False,
        tile: Tile = AnyShimTile,
        *,
        placement: Tile | None = None,
    ) -> None:
        """Send `source` into the fifo in the order of `tap` (None: all of it, linearly)."""
        self._record_transfer(
            "rt.fill()", in_fifo, True, source, tap, task_group, wait, tile, placement
        )

    def drain(
        self,
        out_fifo: ObjectFifoHandle,
        dest: RuntimeData,
        tap: TensorAccessPattern | None = None,
        task_group: RuntimeTaskGroup | None = None,
        wait: bool = False,
        tile: Tile = AnyShimTile,
        *,
        placement: Tile | None = None,
    ) -> None:
        """Store the fifo's objects into `dest`; only `wait=True` makes the host wait for them."""
        self._record_transfer(
            "rt.drain()", out_fifo, False, dest, tap, task_group, wait, tile, placement
        )

    def task_group(self) -> RuntimeTaskGroup:
        """Begin a group of transfers that end together."""
        group = RuntimeTaskGroup(len(self._groups))
        self._groups.add(group)
        self._record(BeginTaskGroupTask(group))
        return group

    def finish_task_group(self, task_group: RuntimeTaskGroup) -> None:
        """Await the transfers of the group that were given wait=True, then free them all."""
        self._refuse_foreign(task_group, "rt.finish_task_group()")
        for task in self.tasks:
            if isinstance(task, FinishTaskGroupTask) and task.task_group is task_group:
                raise DesignError(
                    f"{task_group!r} is finished twice",
                    at=author_line(),
                    because="its transfers were awaited and freed the first time",
                )
        self._record(FinishTaskGroupTask(task_group))

    def inline_ops(self, inline_func: Callable[..., Any], inline_args: Sequence[Any]) -> None:
        """Call `inline_func(*inline_args)` in this place of the sequence, at resolution."""
        at = author_line()
        refuse_wrong_count(inline_func, inline_args, of="rt.inline_ops()", at=at)
        self._record(InlineOpRuntimeTask(inline_func, inline_args))

    def set_barrier(self, barrier: WorkerRuntimeBarrier, value: int) -> None:
        """Give the barrier `value`, for every worker that waits for it."""
        self._record(SetBarrierTask(barrier, value))

    @property
    def workers(self) -> list[Worker]:
        """The workers that `start` was given, each once."""
        started = [task.worker for task in self.tasks if isinstance(task, RuntimeStartTask)]
        return list(dict.fromkeys(started))

    @property
    def recorded_arguments(self) -> list[Any]:
        """What the recorded calls were given, for the names of the program."""
        arguments: list[Any] = []
        for task in self.tasks:
            if isinstance(task, DMATask):
                arguments.append(task.fifo)
            elif isinstance(task, InlineOpRuntimeTask):
                arguments += flattened(task.args)
        return arguments

    def replay(self, *tensors: RuntimeData) -> None:
        """Carry the record out, in the sequence that is being traced."""
        replay = Replay()
        for task in self.tasks:
            task.carry_out(replay)

    def _refuse_function(self) -> None:
        if self.is_function:
            raise DesignError(
                "a sequence is recorded in a Runtime that was made with a function",
                at=author_line(),
                because="Runtime(function, [...]) describes the whole sequence in the function",
                fix="handle.fill(tensor) and handle.drain(tensor) there, "
                "Program(device, runtime, workers=[...])",
            )

    def _record(self, task: RuntimeTask) -> None:
        self._refuse_function()
        self.tasks.append(task)

    def _record_transfer(
        self,
        what: str,
        handle: ObjectFifoHandle,
        is_fill: bool,
        tensor: RuntimeData,
        tap: TensorAccessPattern | None,
        group: RuntimeTaskGroup | None,
        wait: bool,
        tile: Tile,
        placement: Tile | None,
    ) -> None:
        at = author_line()
        if not isinstance(handle, ObjectFifoHandle):
            raise DesignError(
                f"{what} of a {type(handle).__name__}",
                at=at,
                because="a transfer moves objects at one end of an ObjectFifo",
                fix="rt.fill(fifo.prod(), tensor), rt.drain(fifo.cons(), tensor)",
            )
        if handle.is_prod is not is_fill:
            raise DesignError(
                f"{what} of the {handle.handle_type} handle of {handle.fifo.label}",
                at=at,
                fix="rt.fill(fifo.prod(), tensor), rt.drain(fifo.cons(), tensor)",
            )
        self._refuse_foreign_tensor(tensor, f"{what} of {handle.fifo.label}")
        if group is not None:
            self._refuse_foreign(group, f"{what} of {handle.fifo.label}")
        wish = placed(tile, placement, what, default=AnyShimTile)
        standing = handle.moved_on(None if wish is AnyShimTile else wish)
        self._record(DMATask(standing, tensor, tap, group, wait))

    def _refuse_foreign_tensor(self, tensor: Any, what: str) -> None:
        if any(tensor is known for known in self.tensors or ()):
            return
        shown = "no tensor" if tensor is None else f"a {type(tensor).__name__}"
        if isinstance(tensor, RuntimeData):
            shown = "a tensor of another sequence"
        raise DesignError(
            f"{what} and {shown}",
            at=author_line(),
            because="it moves one of the tensors that rt.sequence(...) yields",
            fix="with rt.sequence(type, ...) as (a, ...)",
        )

    def _refuse_foreign(self, group: Any, what: str) -> None:
        if not isinstance(group, RuntimeTaskGroup) or group not in self._groups:
            raise DesignError(
                f"{what} with {group!r}",
                at=author_line(),
                because="it is no group of this sequence",
                fix="group = rt.task_group()",
            )
