"""A memory tile deals a line out to four cores and collects their results."""

import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1, Tile
from aie.iron.placers import SequentialPlacer

N_CORES = 4
LINE = 64
PART = LINE // N_CORES

line_ty = np.ndarray[(LINE,), np.dtype[np.int32]]
part_ty = np.ndarray[(PART,), np.dtype[np.int32]]
whole_ty = np.ndarray[(8 * LINE,), np.dtype[np.int32]]

offsets = [PART * i for i in range(N_CORES)]
of_a = ObjectFifo(line_ty, name="a")
a_parts = of_a.cons().split(
    offsets,
    depths=[2] * N_CORES,
    obj_types=[part_ty] * N_CORES,
    names=[f"a{i}" for i in range(N_CORES)],
    placement=Tile(0, 1),
)
of_c = ObjectFifo(line_ty, name="c")
c_parts = of_c.prod().join(
    offsets,
    obj_types=[part_ty] * N_CORES,
    names=[f"c{i}" for i in range(N_CORES)],
    placement=Tile(0, 1),
)


def square(of_a, of_c, number):
    a = of_a.acquire(1)
    c = of_c.acquire(1)
    for i in range_(PART):
        c[i] = a[i] * a[i] + number
    of_a.release(1)
    of_c.release(1)


workers = [Worker(square, [a_parts[i].cons(), c_parts[i].prod(), i]) for i in range(N_CORES)]

rt = Runtime()
with rt.sequence(whole_ty, whole_ty) as (a, c):
    rt.start(*workers)
    rt.fill(of_a.prod(), a)
    rt.drain(of_c.cons(), c, wait=True)

print(Program(NPU1Col1(), rt).resolve_program(SequentialPlacer()))
