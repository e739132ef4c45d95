"""A barrier between the sequence and workers: a lock on each worker's tile that the host sets."""

from typing import TYPE_CHECKING

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie, aiex
from ironbird.ir.codes import LockAction
from ironbird.iron.device_body import current_core
from ironbird.iron.mlir_types import I32
from ironbird.iron.names import next_serial
from ironbird.iron.sequence_trace import current_sequence

if TYPE_CHECKING:
    from ironbird.iron.worker import Worker

MOST_VALUE = 63


class WorkerRuntimeBarrier:
    """Workers wait for the value that the sequence sets.

    Upstream's April 2026 version ignores `initial_value`; here the locks start with it.
    """

    def __init__(self, initial_value: int = 0) -> None:
        self.created_at = author_line()
        self.serial = next_serial()
        self.initial_value = _checked(initial_value, "WorkerRuntimeBarrier(initial_value)")
        self.workers: list[Worker] = []

    def attach(self, worker: "Worker") -> None:
        """Let `worker` wait on it."""
        if worker not in self.workers:
            self.workers.append(worker)

    def wait_for_value(self, value: int) -> None:
        """In core code: wait until the barrier has exactly `value`, and take it away."""
        self._use(LockAction.ACQUIRE, value, "wait_for_value")

    def release_with_value(self, value: int) -> None:
        """In core code: add `value` to the barrier."""
        self._use(LockAction.RELEASE, value, "release_with_value")

    def set(self, value: int) -> None:
        """In the sequence: give the barrier `value`, for every worker."""
        trace = current_sequence("WorkerRuntimeBarrier.set()")
        _checked(value, "WorkerRuntimeBarrier.set()")
        waiting = [worker for worker in self.workers if worker in trace.body.workers]
        if not waiting:
            raise DesignError(
                "nobody waits for a WorkerRuntimeBarrier that the sequence sets",
                at=author_line(),
                because=f"no Worker of the program has the barrier made at {self.created_at}",
                fix="list the barrier in the fn_args of a Worker",
            )
        for worker in waiting:
            trace.emit(aiex.SetLockOp(trace.body.barrier_lock(self, worker), value))

    def _use(self, action: LockAction, value: int, what: str) -> None:
        trace = current_core(f"WorkerRuntimeBarrier.{what}()")
        _checked(value, f"WorkerRuntimeBarrier.{what}()")
        if trace.worker not in self.workers:
            raise DesignError(
                f"{trace.worker.endpoint_label} uses a WorkerRuntimeBarrier it was not given",
                at=author_line(),
                because=f"the barrier was made at {self.created_at}",
                fix="list the barrier in the fn_args of the Worker",
            )
        lock = trace.body.barrier_lock(self, trace.worker)
        count = trace.constant(value, I32)
        trace.emit(aie.UseLockOp(lock, action, count))


def _checked(value: int, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_VALUE:
        raise DesignError(
            f"{what} of {value!r}", at=author_line(), because=f"a lock holds 0 to {MOST_VALUE}"
        )
    return value
