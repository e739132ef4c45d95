"""What each construct emits, as whole modules."""

import numpy as np
from iron_programs import array, golden, text_of

from ironbird.iron import Buffer, Kernel, ObjectFifo, Program, Runtime, Worker, WorkerRuntimeBarrier
from ironbird.iron.controlflow import range_
from ironbird.iron.device import NPU1, NPU1Col1, Tile
from ironbird.iron.taplib import TensorAccessPattern


def test_one_core_with_a_kernel():
    tensor, whole = array(64), array(1024)
    x, y = ObjectFifo(tensor, name="x"), ObjectFifo(tensor, name="y")
    scale = Kernel("scale_i32", "scale.o", [tensor, tensor, np.int32])

    def body(xi, yo, fn):
        a, b = xi.acquire(1), yo.acquire(1)
        fn(a, b, 64)
        xi.release(1)
        yo.release(1)

    def sequence(a, b, xi, yo):
        xi.fill(a)
        yo.drain(b, wait=True)

    worker = Worker(body, [x.cons(), y.prod(), scale])
    runtime = Runtime(sequence, [whole, whole, x.prod(), y.cons()])
    assert text_of(Program(NPU1(), runtime, workers=[worker])) == golden("one_core.mlir")


def test_split_and_join_with_layouts_and_a_tiled_walk():
    whole, half, tensor = (array(n, dtype=np.int16) for n in (128, 64, 1024))
    block = TensorAccessPattern((8, 8), 0, [2, 8, 4], [4, 8, 1])
    fin, fout = ObjectFifo(whole, name="in"), ObjectFifo(whole, name="out")
    ins = fin.cons().split([0, 64], obj_types=[half, half], to_stream=[block, block])
    outs = fout.prod().join([0, 64], obj_types=[half, half], from_stream=[block, block])

    def add_one(source, sink):
        a, b = source.acquire(1), sink.acquire(1)
        for i in range_(64):
            b[i] = a[i] + 1
        source.release(1)
        sink.release(1)

    workers = [Worker(add_one, [i.cons(), o.prod()]) for i, o in zip(ins, outs, strict=True)]
    walk = TensorAccessPattern((8, 128), 0, [1, 8, 8, 16], [0, 16, 128, 1])

    def sequence(a, b, fill, drain):
        fill.fill(a, tap=walk)
        drain.drain(b, wait=True)

    runtime = Runtime(sequence, [tensor, tensor, fin.prod(), fout.cons()])
    assert text_of(Program(NPU1(), runtime, workers=workers)) == golden("split_join.mlir")


def test_barrier_and_runtime_parameter_of_a_core_that_runs_once():
    gain = Buffer(array(4), name="gain", use_write_rtp=True)
    go = WorkerRuntimeBarrier()
    y = ObjectFifo(array(16), name="y")

    def body(sink, parameter, barrier):
        barrier.wait_for_value(1)
        value, out = parameter[0], sink.acquire(1)
        for i in range_(16):
            out[i] = value
        sink.release(1)

    worker = Worker(body, [y.prod(), gain, go], tile=Tile(0, 2), while_true=False, stack_size=2048)

    def sequence(b, drain):
        gain[0] = 7
        go.set(1)
        drain.drain(b, wait=True)

    runtime = Runtime(sequence, [array(16), y.cons()])
    assert text_of(Program(NPU1Col1(), runtime, workers=[worker])) == golden("barrier.mlir")
