"""Two cores get the same rows: one sums the last three of them, the other reorders its own."""

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_

row_ty = np.ndarray[(8,), np.dtype[np.int32]]
rows_ty = np.ndarray[(6, 8), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, windowed, shuffled = tile(0, 0), tile(0, 2), tile(0, 4)
        rows = object_fifo(
            "rows",
            shim,
            [windowed, shuffled],
            [2, 4, 2],
            row_ty,
            dimensionsFromStreamPerConsumer=[[], [(2, 1), (4, 2)]],
        )
        sums = object_fifo("sums", windowed, shim, 2, row_ty)
        mixed = object_fifo("mixed", shuffled, shim, 2, row_ty, via_DMA=True)

        @core(windowed)
        def window():
            for _ in range_(4):
                last_three = rows.acquire(ObjectFifoPort.Consume, 3)
                total = sums.acquire(ObjectFifoPort.Produce, 1)
                for i in range_(8):
                    total[i] = last_three[0][i] + last_three[1][i] + last_three[2][i]
                sums.release(ObjectFifoPort.Produce, 1)
                rows.release(ObjectFifoPort.Consume, 1)
            rows.release(ObjectFifoPort.Consume, 2)

        @core(shuffled)
        def shuffle():
            for _ in range_(6):
                row = rows.acquire(ObjectFifoPort.Consume, 1)
                out = mixed.acquire(ObjectFifoPort.Produce, 1)
                for i in range_(8):
                    out[i] = row[i]
                rows.release(ObjectFifoPort.Consume, 1)
                mixed.release(ObjectFifoPort.Produce, 1)

        @runtime_sequence(rows_ty, np.ndarray[(4, 8), np.dtype[np.int32]], rows_ty)
        def sequence(a, b, c):
            npu_dma_memcpy_nd(mixed, 0, c, sizes=[1, 1, 1, 48])
            npu_dma_memcpy_nd(sums, 1, b, sizes=[1, 1, 1, 32])
            npu_dma_memcpy_nd(rows, 2, a, sizes=[1, 1, 1, 48])
            dma_wait(sums, mixed)

    print(ctx.module)
