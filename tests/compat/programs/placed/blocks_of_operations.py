"""The same with the bindings' own blocks and insertion points instead of decorated functions."""

import numpy as np
from aie.dialects.aie import (
    AIEDevice,
    Core,
    Device,
    EndOp,
    ObjectFifoPort,
    T,
    object_fifo,
    tile,
)
from aie.dialects.aiex import dma_wait, npu_dma_memcpy_nd, runtime_sequence
from aie.ir import Block, Context, InsertionPoint, IntegerType, Location, MemRefType, Module
from aie.iron.controlflow import range_

with Context(), Location.unknown():
    module = Module.create()
    with InsertionPoint(module.body):
        dev = Device(AIEDevice.npu1_1col)
        with InsertionPoint(Block.create_at_start(dev.body_region)):
            line = MemRefType.get((16,), IntegerType.get_signless(32))
            shim, worker = tile(0, 0), tile(0, 2)
            of_in = object_fifo("in", shim, worker, 2, line)
            of_out = object_fifo("out", worker, shim, 2, T.memref(16, T.i32()))
            program = Core(worker)
            with InsertionPoint(Block.create_at_start(program.body)):
                a = of_in.acquire(ObjectFifoPort.Consume, 1)
                b = of_out.acquire(ObjectFifoPort.Produce, 1)
                for i in range_(16):
                    b[i] = a[15 - i]
                of_in.release(ObjectFifoPort.Consume, 1)
                of_out.release(ObjectFifoPort.Produce, 1)
                EndOp()

            @runtime_sequence(np.ndarray[(16,), np.dtype[np.int32]], T.memref(16, T.i32()))
            def sequence(x, y):
                npu_dma_memcpy_nd(of_in, 0, x, sizes=[1, 1, 1, 16])
                npu_dma_memcpy_nd(of_out, 1, y, sizes=[1, 1, 1, 16])
                dma_wait(of_out)

    assert module.operation.verify()
    print(module)
