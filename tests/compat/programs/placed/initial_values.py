"""A memory tile holds weights from the start and sends them round and round to a core."""

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_

part_ty = np.ndarray[(8,), np.dtype[np.int32]]
WEIGHTS = [np.arange(8, dtype=np.int32), np.full(8, 2, dtype=np.int32)]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, memory, worker = tile(0, 0), tile(0, 1), tile(0, 3)
        weights = object_fifo("weights", memory, worker, 2, part_ty, initValues=WEIGHTS)
        x = object_fifo("x", shim, worker, 2, part_ty)
        y = object_fifo("y", worker, shim, 2, part_ty)
        shift = buffer(worker, part_ty, name="shift", initial_value=np.full(8, 5, dtype=np.int32))

        @core(worker)
        def core_body():
            for _ in range_(2):
                w = weights.acquire(ObjectFifoPort.Consume, 1)
                a = x.acquire(ObjectFifoPort.Consume, 1)
                b = y.acquire(ObjectFifoPort.Produce, 1)
                for i in range_(8):
                    b[i] = a[i] * w[i] + shift[i]
                x.release(ObjectFifoPort.Consume, 1)
                y.release(ObjectFifoPort.Produce, 1)
                weights.release(ObjectFifoPort.Consume, 1)

        @runtime_sequence(
            np.ndarray[(16,), np.dtype[np.int32]], np.ndarray[(16,), np.dtype[np.int32]]
        )
        def sequence(a, b):
            npu_dma_memcpy_nd(x, 0, a, sizes=[1, 1, 1, 16])
            npu_dma_memcpy_nd(y, 1, b, sizes=[1, 1, 1, 16])
            dma_wait(y)

    print(ctx.module)
