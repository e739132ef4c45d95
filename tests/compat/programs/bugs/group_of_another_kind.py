"""One group as an object, one from the runtime: the two ways do not go together."""

import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, TaskGroup, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1

line = np.ndarray[(16,), np.dtype[np.int32]]
whole = np.ndarray[(64,), np.dtype[np.int32]]

source, result = ObjectFifo(line, name="source"), ObjectFifo(line, name="result")


def core(source, result):
    a, b = source.acquire(1), result.acquire(1)
    for i in range_(16):
        b[i] = a[i]
    source.release(1)
    result.release(1)


worker = Worker(core, [source.cons(), result.prod()])
rt = Runtime()
with rt.sequence(whole, whole) as (x, y):
    rt.start(worker)
    group = rt.task_group()
    rt.fill(source.prod(), x, task_group=group)
    rt.drain(result.cons(), y, wait=True)  # BUG
    rt.finish_task_group(group)

print(Program(NPU1Col1(), rt, None).resolve_program(), TaskGroup)
