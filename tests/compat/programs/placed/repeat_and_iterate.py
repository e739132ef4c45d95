"""A memory tile sends each object three times; another fifo of it runs a fixed number of times."""

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_

row_ty = np.ndarray[(8,), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, memory, worker = tile(0, 0), tile(0, 1), tile(0, 2)
        of_in = object_fifo("in", shim, memory, 1, row_ty)
        of_row = object_fifo("row", memory, worker, [1, 2], row_ty)
        of_row.set_repeat_count(3)
        object_fifo_link(of_in, of_row)
        # Two objects in the memory tile, twice: four in all.
        bias_in = object_fifo("bias_in", shim, memory, 2, row_ty)
        of_bias = object_fifo("bias", memory, worker, 2, row_ty, iter_count=2)
        object_fifo_link(bias_in, of_bias)
        of_out = object_fifo("out", worker, shim, 2, row_ty)

        @core(worker)
        def core_body():
            for _ in range_(4):
                bias = of_bias.acquire(ObjectFifoPort.Consume, 1)
                for turn in range_(3):
                    row = of_row.acquire(ObjectFifoPort.Consume, 1)
                    out = of_out.acquire(ObjectFifoPort.Produce, 1)
                    for i in range_(8):
                        out[i] = row[i] * turn + bias[i]
                    of_row.release(ObjectFifoPort.Consume, 1)
                    of_out.release(ObjectFifoPort.Produce, 1)
                of_bias.release(ObjectFifoPort.Consume, 1)

        @runtime_sequence(
            np.ndarray[(4, 8), np.dtype[np.int32]],
            np.ndarray[(4, 8), np.dtype[np.int32]],
            np.ndarray[(12, 8), np.dtype[np.int32]],
        )
        def sequence(a, b, c):
            npu_dma_memcpy_nd(of_in, 0, a, sizes=[1, 1, 1, 32])
            npu_dma_memcpy_nd(bias_in, 1, b, sizes=[1, 1, 1, 32])
            npu_dma_memcpy_nd(of_out, 2, c, sizes=[1, 1, 1, 96])
            dma_wait(of_out)

    print(ctx.module)
