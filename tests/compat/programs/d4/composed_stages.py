# Two configurations of the device in one program, loaded in turn by the entry sequence.
import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker
from aie.iron.configuration import DeviceConfiguration
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1

N, TILES = 32, 4
tile = np.ndarray[(N,), np.dtype[np.int32]]
whole = np.ndarray[(N * TILES,), np.dtype[np.int32]]


def configuration(name, change):
    of_in, of_out = ObjectFifo(tile, name="in"), ObjectFifo(tile, name="out")

    def core(src, dst):
        a, b = src.acquire(1), dst.acquire(1)
        for i in range_(N):
            b[i] = change(a[i])
        src.release(1)
        dst.release(1)

    def sequence(a, b, into, out):
        into.fill(a)
        out.drain(b, wait=True)

    runtime = Runtime(sequence, [whole, whole, of_in.prod(), of_out.cons()], name=f"run_{name}")
    worker = Worker(core, [of_in.cons(), of_out.prod()])
    return DeviceConfiguration(name, NPU1Col1(), workers=[worker], runtimes=[runtime])


@iron.jit
def polynomial(x: In, between: Out, y: Out):
    square = configuration("square", lambda v: v * v)
    minus = configuration("minus", lambda v: 10 - v)

    def entry(a, middle, b):
        with square.configure():
            square.runtimes[0].call(a, middle)
        minus.runtimes[0].call(middle, b)
        with square.configure():
            square.runtimes[0].call(b, middle)

    composed = Program.compose([square, minus], entry=Runtime(entry, [whole, whole, whole]))
    return composed.resolve_program()


x = iron.arange(N * TILES, dtype=np.int32)
between, y = iron.zeros(N * TILES, dtype=np.int32), iron.zeros(N * TILES, dtype=np.int32)
result = polynomial(x, between, y)
expected = 10 - x.numpy() ** 2
np.testing.assert_array_equal(y.numpy(), expected)
np.testing.assert_array_equal(between.numpy(), expected**2)
assert any("3 configurations" in note for note in result.notes), result.notes
