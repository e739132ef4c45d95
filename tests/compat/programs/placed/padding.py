"""A memory tile puts a border of zeros round an image, whose columns a core then reverses."""

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_

image_ty = np.ndarray[(6, 8), np.dtype[np.int32]]
framed_ty = np.ndarray[(8, 12), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, memory, worker = tile(0, 0), tile(0, 1), tile(0, 2)
        image = object_fifo("image", shim, memory, 2, image_ty)
        framed = object_fifo(
            "framed",
            memory,
            worker,
            2,
            framed_ty,
            dimensionsToStream=[(6, 8), (8, 1)],
            padDimensions=bd_pad_layout_array_attr_builder([bd_pad_layout(1, 1), (2, 2)]),
        )
        object_fifo_link([image], [framed], [], [])
        result = object_fifo("result", worker, shim, 2, framed_ty)

        @core(worker)
        def core_body():
            source = framed.acquire(ObjectFifoPort.Consume, 1)
            target = result.acquire(ObjectFifoPort.Produce, 1)
            for row in range_(8):
                for column in range_(12):
                    target[row, 11 - column] = source[row, column]
            framed.release(ObjectFifoPort.Consume, 1)
            result.release(ObjectFifoPort.Produce, 1)

        @runtime_sequence(image_ty, framed_ty)
        def sequence(a, b):
            npu_dma_memcpy_nd(image, 0, a, sizes=[1, 1, 1, 48])
            npu_dma_memcpy_nd(result, 1, b, sizes=[1, 1, 1, 96])
            dma_wait(result)

    print(ctx.module)
