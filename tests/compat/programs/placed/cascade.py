"""A core squares what it gets, and its southern neighbour adds what comes over the cascade."""

import numpy as np
from aie.dialects import vector
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras import types as T
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_

tensor_ty = np.ndarray[(32,), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, upper, lower = tile(0, 0), tile(0, 4), tile(0, 3)
        cascade_flow(upper, lower)
        squares = object_fifo("squares", shim, upper, 1, tensor_ty)
        addends = object_fifo("addends", shim, lower, 1, tensor_ty)
        sums = object_fifo("sums", lower, shim, 1, tensor_ty)
        lanes = T.vector(16, T.i32())

        @core(upper)
        def square():
            x = squares.acquire(ObjectFifoPort.Consume, 1)
            for i in range_(0, 32, 16):
                part = vector.load(lanes, x, [i])
                put_cascade(part * part)
            squares.release(ObjectFifoPort.Consume, 1)

        @core(lower)
        def add():
            y = addends.acquire(ObjectFifoPort.Consume, 1)
            z = sums.acquire(ObjectFifoPort.Produce, 1)
            one = vector.broadcast(lanes, 1)
            for i in range_(0, 32, 16):
                vector.store(vector.load(lanes, y, [i]) + get_cascade(lanes) - one, z, [i])
            addends.release(ObjectFifoPort.Consume, 1)
            sums.release(ObjectFifoPort.Produce, 1)

        @runtime_sequence(tensor_ty, tensor_ty, tensor_ty)
        def sequence(x, y, z):
            for bd_id, (fifo, host) in enumerate([(squares, x), (addends, y), (sums, z)]):
                npu_dma_memcpy_nd(fifo, bd_id, host, sizes=[1, 1, 1, 32])
            dma_wait(sums)

    print(ctx.module)
