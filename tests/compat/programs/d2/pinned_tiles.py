"""`tile=` on everything that takes it, and a bank-aware core."""

import numpy as np
from aie.iron import Buffer, ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.dataflow.objectfifo import ObjectFifo as Fifo
from aie.iron.dataflow.objectfifo import ObjectFifoHandle
from aie.iron.device import NPU1, AnyComputeTile, AnyMemTile, AnyShimTile
from aie.iron.device.tile import Tile

assert Fifo is ObjectFifo
part_ty = np.ndarray[(16,), np.dtype[np.int32]]
line_ty = np.ndarray[(32,), np.dtype[np.int32]]
whole_ty = np.ndarray[(4 * 32,), np.dtype[np.int32]]

of_in = ObjectFifo(line_ty, name="in")
lower, upper = of_in.cons().split(
    [0, 16], obj_types=[part_ty] * 2, names=["lower", "upper"], tile=Tile(2, 1)
)
of_out = ObjectFifo(line_ty, name="out")
low_out, high_out = of_out.prod().join([0, 16], tile=AnyMemTile, obj_types=[part_ty] * 2)
assert isinstance(of_out.prod(), ObjectFifoHandle)

scale = Buffer(initial_value=np.full(16, 5, dtype=np.int32), tile=Tile(2, 2))
here = Tile(col=2, row=2)


def scaled(source, sink, scale):
    a, b = source.acquire(1), sink.acquire(1)
    for i in range_(16):
        b[i] = a[i] * scale[i]
    source.release(1)
    sink.release(1)


def shifted(source, sink):
    a, b = source.acquire(1), sink.acquire(1)
    for i in range_(16):
        b[i] = a[i] + 1000
    source.release(1)
    sink.release(1)


first = Worker(
    scaled, [lower.cons(), low_out.prod(), scale], tile=here, allocation_scheme="basic-sequential"
)
second = Worker(shifted, [upper.cons(), high_out.prod()], tile=AnyComputeTile)

rt = Runtime()
with rt.sequence(whole_ty, whole_ty) as (x, y):
    rt.start(first, second)
    rt.fill(of_in.prod(), x, tile=Tile(2, 0))
    rt.drain(of_out.cons(), y, wait=True, tile=AnyShimTile)

print(Program(NPU1(), rt).resolve_program())
