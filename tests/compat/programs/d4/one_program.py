"""Two cores scale the halves of each line by a number from the host. As of IRON 1.4.5."""

import numpy as np
from aie.iron import Buffer, ObjectFifo, Program, Runtime, TaskGroup, Worker, WorkerRuntimeBarrier
from aie.iron.controlflow import range_
from aie.iron.device import Tile, from_name

line_ty, half_ty, whole_ty, number_ty = (
    np.ndarray[(n,), np.dtype[np.int32]] for n in (32, 16, 128, 1)
)
of_in, of_out = ObjectFifo(line_ty, name="lines"), ObjectFifo(line_ty, name="results")
halves = {"tile": Tile(0, 1), "obj_types": [half_ty, half_ty]}
ins = of_in.cons().split([0, 16], names=["in0", "in1"], **halves)
outs = of_out.prod().join([0, 16], names=["out0", "out1"], **halves)
gains = [
    Buffer(number_ty, name=f"gain{i}", tile=Tile(0, 2 + i), use_write_rtp=True) for i in range(2)
]
go = WorkerRuntimeBarrier(initial_value=0)


def scale(source, sink, gain, go):
    go.wait_for_value(1)
    for _ in range_(4):
        a, b = source.acquire(1), sink.acquire(1)
        for i in range_(16):
            b[i] = a[i] * gain[0]
        source.release(1)
        sink.release(1)


def worker(row, col):
    arguments = [ins[row].cons(), outs[row].prod(), gains[row], go]
    return Worker(scale, arguments, tile=Tile(col, 2 + row), while_true=False)


def sequence(x, y, lines, results, gains, go):
    for gain, value in zip(gains, (3, -5)):
        gain[0] = value
    go.set(1)
    group = TaskGroup()
    lines.fill(x, group=group)
    results.drain(y, wait=True, group=group)
    group.finish()


host = [of_in.prod(tile=Tile(0, 0)), of_out.cons(tile=Tile(0, 0))]
runtime = Runtime(sequence, [whole_ty, whole_ty, *host, gains, go])
workers = Worker.grid(2, 1, worker)
print(Program(from_name("npu1", n_cols=1), runtime, workers=workers).resolve_program())
