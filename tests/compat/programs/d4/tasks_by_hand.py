# Transfers that no group manages: started, awaited and freed one by one.
import aie.iron as iron
import numpy as np
from aie.helpers.taplib import TensorAccessPattern
from aie.iron import In, ObjectFifo, Out, Program, Runtime

N = 32
line = np.ndarray[(N,), np.dtype[np.int32]]
pair = np.ndarray[(2 * N,), np.dtype[np.int32]]


@iron.jit
def exchange(x: In, y: Out):
    of = ObjectFifo(line, name="through")
    copy = of.cons().forward(name="copy")

    def sequence(a, b, into, out):
        for source, target in ((0, N), (N, 0)):
            sent = into.fill(
                a, TensorAccessPattern((2 * N,), source, [N], [1]), wait=True, managed=False
            )
            kept = out.drain(
                b, TensorAccessPattern((2 * N,), target, [N], [1]), wait=True, managed=False
            )
            sent.await_()
            kept.await_()
            sent.free()
            kept.free()

    rt = Runtime(sequence, [pair, pair, of.prod(), copy.cons()], strict_task_groups=False)
    return Program(iron.get_current_device(), rt).resolve_program()


x, y = iron.arange(2 * N, dtype=np.int32), iron.zeros(2 * N, dtype=np.int32)
exchange(x, y)
np.testing.assert_array_equal(y.numpy(), np.roll(x.numpy(), N))
