"""Two workers wait for the same barrier, and a second one lets them stop in between."""

import numpy as np
from aie.iron import Buffer, ObjectFifo, Program, Runtime, Worker, WorkerRuntimeBarrier
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col2

N = 16
line_ty = np.ndarray[(N,), np.dtype[np.int32]]
whole_ty = np.ndarray[(2 * N,), np.dtype[np.int32]]
of_outs = [ObjectFifo(line_ty, name=f"out{i}") for i in range(2)]
starts = [
    Buffer(np.ndarray[(N,), np.dtype[np.int32]], name=f"start{i}", use_write_rtp=True)
    for i in range(2)
]
go = WorkerRuntimeBarrier()
again = WorkerRuntimeBarrier(initial_value=0)


def count(sink, start, go, again):
    go.wait_for_value(1)
    for turn in (0, 1):
        if turn == 1:
            again.wait_for_value(1)
            again.release_with_value(3)
            again.wait_for_value(3)
        out = sink.acquire(1)
        for i in range_(N):
            out[i] = start[0] + i * (turn + 1)
        sink.release(1)


workers = [
    Worker(count, [of_out.prod(), start, go, again], while_true=False)
    for of_out, start in zip(of_outs, starts)
]
rt = Runtime()
with rt.sequence(whole_ty, whole_ty) as (x, y):
    rt.start(*workers)

    def set_starts(first, second):
        first[0] = 100
        second[0] = 200

    rt.inline_ops(set_starts, starts)
    rt.set_barrier(go, 1)
    rt.set_barrier(again, 1)
    rt.drain(of_outs[0].cons(), x, wait=True)
    rt.drain(of_outs[1].cons(), y, wait=True)

print(Program(NPU1Col2(), rt).resolve_program())
