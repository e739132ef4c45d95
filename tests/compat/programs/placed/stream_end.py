"""A core writes the objects of a fifo word by word to its stream port, for a memory tile."""

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_

line_ty = np.ndarray[(8,), np.dtype[np.int32]]
tensor_ty = np.ndarray[(32,), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, memory, worker = tile(0, 0), tile(0, 1), tile(0, 2)
        of_in = object_fifo("in", shim, worker, 2, line_ty)
        words = object_fifo("words", worker, memory, 2, line_ty)
        words.set_aie_stream(0, 0)
        of_out = object_fifo("out", memory, shim, 2, line_ty)
        object_fifo_link(words, of_out)

        @core(worker)
        def core_body():
            for _ in range_(4):
                a = of_in.acquire(ObjectFifoPort.Consume, 1)
                for i in range_(8):
                    put_stream(0, a[7 - i])
                of_in.release(ObjectFifoPort.Consume, 1)

        @runtime_sequence(tensor_ty, tensor_ty)
        def sequence(a, b):
            npu_dma_memcpy_nd(of_in, 0, a, sizes=[1, 1, 1, 32])
            npu_dma_memcpy_nd(of_out, 1, b, sizes=[1, 1, 1, 32])
            dma_wait(of_out)

    print(ctx.module)
