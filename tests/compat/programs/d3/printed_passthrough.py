# The plain way of makefiles: build the program, print its module.
import sys

import numpy as np
from aie.iron import Kernel, ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1, Tile

tile_count = int(sys.argv[1]) if len(sys.argv) > 1 else 4
line = np.ndarray[(64,), np.dtype[np.uint8]]
whole = np.ndarray[(64 * tile_count,), np.dtype[np.uint8]]

of_in = ObjectFifo(line, 2, name="in")
of_out = ObjectFifo(line, 2, name="out")
copy = Kernel("copy_line", "copy_line.o", [line, line, np.int32])


def core(src, dst, copy):
    for _ in range_(tile_count):
        a, b = src.acquire(1), dst.acquire(1)
        copy(a, b, 64)
        src.release(1)
        dst.release(1)


def sequence(a, b, a_in, b_out):
    a_in.fill(a)
    b_out.drain(b, wait=True)


worker = Worker(core, [of_in.cons(), of_out.prod(), copy], tile=Tile(1, 3))
rt = Runtime(sequence, [whole, whole, of_in.prod(), of_out.cons()])
print(Program(NPU1(), rt, workers=[worker]).resolve_program())
