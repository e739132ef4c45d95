# Builds of June 2026 (1.3.x): markers of jit are there, the sequence is still a `with` block.
import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.utils.compile.jit import Compile

N = 64


@iron.jit(aiecc_flags=["--alloc-scheme=basic-sequential"])
def shifted_copy(x: In, y: Out, *, shift: Compile[int]):
    line = np.ndarray[(N,), np.dtype[np.int32]]
    of_in, of_out = ObjectFifo(line, name="in"), ObjectFifo(line, name="out")

    def core(src, dst):
        a, b = src.acquire(1), dst.acquire(1)
        for i in range_(N - shift):
            b[i] = a[i + shift]
        for i in range_(N - shift, N):
            b[i] = 0
        src.release(1)
        dst.release(1)

    worker = Worker(core, [of_in.cons(), of_out.prod()])
    rt = Runtime()
    with rt.sequence(line, line) as (a, b):
        rt.start(worker)
        group = rt.task_group()
        rt.fill(of_in.prod(), a, task_group=group)
        rt.drain(of_out.cons(), b, wait=True, task_group=group)
        rt.finish_task_group(group)
    return Program(iron.get_current_device(), rt).resolve_program()


x = iron.arange(1, N + 1, dtype=np.int32)
y = iron.zeros(N, dtype=np.int32)
for shift in (3, 10):
    shifted_copy(x, y, shift=shift)
    np.testing.assert_array_equal(y.numpy(), np.pad(x.numpy()[shift:], (0, shift)))
