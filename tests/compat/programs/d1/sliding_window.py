"""The sum of each three neighbouring lines; the core holds three and lets one go at a time."""

import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1
from aie.iron.placers import SequentialPlacer

LINES, WIDTH = 10, 24
line_ty = np.ndarray[(WIDTH,), np.dtype[np.int32]]
in_ty = np.ndarray[(LINES, WIDTH), np.dtype[np.int32]]
out_ty = np.ndarray[(LINES - 2, WIDTH), np.dtype[np.int32]]

of_in = ObjectFifo(line_ty, 3, "lines")
of_out = ObjectFifo(line_ty, 2, "sums")


def body(lines, sums):
    for _ in range_(LINES - 2):
        window = lines.acquire(3)
        out = sums.acquire(1)
        for i in range_(WIDTH):
            out[i] = window[0][i] + window[1][i] + window[2][i]
        lines.release(1)
        sums.release(1)
    lines.acquire(2)
    lines.release(2)


worker = Worker(body, [of_in.cons(depth=4), of_out.prod()])
rt = Runtime()
with rt.sequence(in_ty, out_ty) as (x, y):
    rt.start(worker)
    rt.fill(of_in.prod(), x)
    rt.drain(of_out.cons(), y, wait=True)

print(Program(NPU1Col1(), rt).resolve_program(SequentialPlacer()))
