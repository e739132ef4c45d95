"""Two cores scale the halves of each line by a number from the host. As of March 2026."""

import numpy as np
from aie.iron import Buffer, ObjectFifo, Program, Runtime, Worker, WorkerRuntimeBarrier
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1, Tile
from aie.iron.placers import SequentialPlacer

line_ty, half_ty, whole_ty, number_ty = (
    np.ndarray[(n,), np.dtype[np.int32]] for n in (32, 16, 128, 1)
)
of_in, of_out = ObjectFifo(line_ty, name="lines"), ObjectFifo(line_ty, name="results")
ins = of_in.cons().split(
    [0, 16], placement=Tile(0, 1), obj_types=[half_ty] * 2, names=["in0", "in1"]
)
outs = of_out.prod().join(
    [0, 16], placement=Tile(0, 1), obj_types=[half_ty] * 2, names=["out0", "out1"]
)
gains = [
    Buffer(number_ty, name=f"gain{i}", placement=Tile(0, 2 + i), use_write_rtp=True)
    for i in range(2)
]
go = WorkerRuntimeBarrier()


def scale(source, sink, gain, go):
    go.wait_for_value(1)
    for _ in range_(4):
        a, b = source.acquire(1), sink.acquire(1)
        for i in range_(16):
            b[i] = a[i] * gain[0]
        source.release(1)
        sink.release(1)


workers = [
    Worker(
        scale,
        [ins[i].cons(), outs[i].prod(), gains[i], go],
        placement=Tile(0, 2 + i),
        while_true=False,
    )
    for i in range(2)
]
rt = Runtime()
with rt.sequence(whole_ty, whole_ty) as (x, y):
    rt.start(*workers)

    def set_gains(first, second):
        first[0] = 3
        second[0] = -5

    rt.inline_ops(set_gains, gains)
    rt.set_barrier(go, 1)
    rt.fill(of_in.prod(), x, placement=Tile(0, 0))
    rt.drain(of_out.cons(), y, wait=True, placement=Tile(0, 0))

print(Program(NPU1Col1(), rt).resolve_program(SequentialPlacer()))
