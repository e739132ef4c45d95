"""The largest number of a vector: each core looks at its part, and hands what it knows on."""

import numpy as np
from aie.helpers.dialects.scf import else_, if_
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1
from aie.iron.placers import SequentialPlacer

CORES, TOTAL = 4, 256
PART = TOTAL // CORES
whole_ty = np.ndarray[(TOTAL,), np.dtype[np.int32]]
part_ty = np.ndarray[(PART,), np.dtype[np.int32]]
one_ty = np.ndarray[(1,), np.dtype[np.int32]]

of_in = ObjectFifo(whole_ty, depth=1, name="in")
parts = of_in.cons().split(
    [PART * i for i in range(CORES)], depths=[1] * CORES, obj_types=[part_ty] * CORES
)
links = [ObjectFifo(one_ty, depth=1, name=f"link{i}") for i in range(CORES - 1)]
of_out = ObjectFifo(one_ty, name="out")


def part_maximum(of_part, of_next, of_before=None):
    part, result = of_part.acquire(1), of_next.acquire(1)
    result[0] = part[0]
    for i in range_(1, PART):
        with if_(part[i] > result[0], hasElse=False):
            result[0] = part[i]
    if of_before is not None:
        before = of_before.acquire(1)
        with if_(before[0] > result[0]) as larger:
            result[0] = before[0]
        with else_(larger):
            result[0] = result[0]
        of_before.release(1)
    of_part.release(1)
    of_next.release(1)


workers = []
for i in range(CORES):
    is_last = i == CORES - 1
    arguments = [parts[i].cons(), of_out.prod() if is_last else links[i].prod()]
    if i > 0:
        arguments.append(links[i - 1].cons())
    workers.append(Worker(part_maximum, fn_args=arguments))

rt = Runtime()
with rt.sequence(whole_ty, one_ty) as (x, largest):
    rt.start(*workers)
    rt.fill(of_in.prod(), x)
    rt.drain(of_out.cons(), largest, wait=True)

print(Program(NPU1Col1(), rt).resolve_program(SequentialPlacer()))
