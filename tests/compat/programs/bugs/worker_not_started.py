"""IRON's earlier form starts its workers in the sequence; here nobody does."""

import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1
from aie.iron.placers import SequentialPlacer

line = np.ndarray[(16,), np.dtype[np.int32]]
whole = np.ndarray[(64,), np.dtype[np.int32]]

source, result = ObjectFifo(line, name="source"), ObjectFifo(line, name="result")


def core(source, result):
    a, b = source.acquire(1), result.acquire(1)
    for i in range_(16):
        b[i] = a[i]
    source.release(1)
    result.release(1)


worker = Worker(core, fn_args=[source.cons(), result.prod()])  # BUG
rt = Runtime()
with rt.sequence(whole, whole) as (x, y):
    rt.fill(source.prod(), x)
    rt.drain(result.cons(), y, wait=True)

print(Program(NPU1Col1(), rt).resolve_program(SequentialPlacer()))
