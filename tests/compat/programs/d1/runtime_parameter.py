"""The host writes a gain and an offset, then lets the core go."""

import numpy as np
from aie.iron import Buffer, ObjectFifo, Program, Runtime, Worker, WorkerRuntimeBarrier
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1, Tile
from aie.iron.placers import SequentialPlacer

line_ty = np.ndarray[(16,), np.dtype[np.int32]]
of_in, of_out = ObjectFifo(line_ty, name="in"), ObjectFifo(line_ty, name="out")
numbers = Buffer(np.ndarray[(2,), np.dtype[np.int32]], name="numbers", use_write_rtp=True)
ready = WorkerRuntimeBarrier()


def body(source, sink, numbers, ready):
    ready.wait_for_value(1)
    gain = numbers[0]
    offset = numbers[1]
    a, b = source.acquire(1), sink.acquire(1)
    for i in range_(16):
        b[i] = a[i] * gain + offset
    source.release(1)
    sink.release(1)


worker = Worker(
    body,
    [of_in.cons(), of_out.prod(), numbers, ready],
    placement=Tile(0, 2),
    while_true=False,
    stack_size=2048,
)

rt = Runtime()
with rt.sequence(line_ty, line_ty) as (x, y):
    rt.start(worker)

    def set_numbers(numbers):
        numbers[0] = 7
        numbers[1] = -3

    rt.inline_ops(set_numbers, [numbers])
    rt.set_barrier(ready, 1)
    rt.fill(of_in.prod(), x)
    rt.drain(of_out.cons(), y, wait=True)

print(Program(NPU1Col1(), rt).resolve_program(SequentialPlacer()))
