"""A helper that wraps transfers, and looks at the groups and tasks it is given."""

import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1
from aie.iron.kernel import BaseKernel, Kernel
from aie.iron.placers import Placer, SequentialPlacer
from aie.iron.resolvable import Resolvable
from aie.iron.runtime.dmatask import DMATask
from aie.iron.runtime.task import (
    FinishTaskGroupTask,
    InlineOpRuntimeTask,
    RuntimeStartTask,
    RuntimeTask,
)
from aie.iron.runtime.taskgroup import RuntimeTaskGroup

N = 16
line_ty = np.ndarray[(N,), np.dtype[np.int32]]
whole_ty = np.ndarray[(4 * N,), np.dtype[np.int32]]
of_in, of_out = ObjectFifo(line_ty, name="in"), ObjectFifo(line_ty, name="out")


def doubled(source, sink):
    a, b = source.acquire(1), sink.acquire(1)
    for i in range_(N):
        b[i] = a[i] + a[i]
    source.release(1)
    sink.release(1)


worker = Worker(doubled, [of_in.cons(), of_out.prod()])
sequences_seen = []

rt = Runtime()
with rt.sequence(whole_ty, whole_ty) as (x, y):
    rt.start(worker)
    groups = [rt.task_group(), rt.task_group()]
    assert all(isinstance(group, RuntimeTaskGroup) for group in groups)
    assert [group.group_id for group in groups] == [0, 1]
    rt.fill(of_in.prod(), x, task_group=groups[0])
    rt.drain(of_out.cons(), y, task_group=groups[1], wait=True)
    rt.inline_ops(lambda tensor: sequences_seen.append(tensor.op), [x])
    rt.finish_task_group(groups[1])
    rt.finish_task_group(groups[0])

# The tasks a Runtime records, made by hand: they say what they were made of.
transfer = DMATask(of_in.prod(), x, x.default_tap(), task_group=groups[0], wait=True)
assert transfer.will_wait() and transfer.fifo is of_in.prod() and transfer.task_group is groups[0]
assert RuntimeStartTask(worker).worker is worker and transfer.task is None
assert isinstance(FinishTaskGroupTask(groups[1]), RuntimeTask)
assert isinstance(InlineOpRuntimeTask(print, [1]), RuntimeTask)


class Quiet(Resolvable):
    def resolve(self, loc=None, ip=None):
        sequences_seen.append("resolved")


kernel = Kernel("unused", "unused.o", [line_ty, np.int32])
assert isinstance(kernel, BaseKernel) and kernel.object_file_name == "unused.o"
assert kernel.tile_size() == N and kernel.arg_types()[0] == line_ty
Quiet().resolve()
placer = SequentialPlacer()
assert isinstance(placer, Placer)
placer.make_placement(NPU1Col1(), rt, rt.workers, rt.fifos)

module = Program(NPU1Col1(), rt).resolve_program(placer)
assert len(sequences_seen) == 2
print(module)
