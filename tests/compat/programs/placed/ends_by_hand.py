"""Fifos whose ends are told what to do: objects on a neighbour, layouts on both ends."""

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_

line_ty = np.ndarray[(4, 4), np.dtype[np.int32]]
word_ty = np.ndarray[(1,), np.dtype[np.int32]]
tensor_ty = np.ndarray[(32,), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, memory, lower, upper = tile(0, 0), tile(0, 1), tile(0, 2), tile(0, 3)
        of_in = object_fifo("in", shim, memory, 2, line_ty)
        turned = bd_dim_layout_array_attr_builder([(4, 1), (4, 4)])
        back = bd_dim_layout_array_array_attr_builder([[(4, 1), (4, 4)]])
        of_turned = object_fifo(
            "turned",
            memory,
            lower,
            2,
            line_ty,
            dimensionsToStream=turned,
            dimensionsFromStreamPerConsumer=back,
        )
        object_fifo_link(of_in, of_turned)
        handed = object_fifo("handed", lower, upper, 2, line_ty)
        handed.allocate(upper)
        of_out = object_fifo("out", upper, shim, 2, line_ty)

        @core(lower)
        def hand_over():
            for _ in range_(2):
                a = of_turned.acquire(ObjectFifoPort.Consume, 1)
                b = handed.acquire(ObjectFifoPort.Produce, 1)
                for row in range_(4):
                    for column in range_(4):
                        b[row, column] = a[row, column] * 2
                of_turned.release(ObjectFifoPort.Consume, 1)
                handed.release(ObjectFifoPort.Produce, 1)

        @core(upper)
        def give_out():
            for _ in range_(2):
                a = handed.acquire(ObjectFifoPort.Consume, 1)
                b = of_out.acquire(ObjectFifoPort.Produce, 1)
                for row in range_(4):
                    for column in range_(4):
                        b[row, column] = a[row, column] + 1
                handed.release(ObjectFifoPort.Consume, 1)
                of_out.release(ObjectFifoPort.Produce, 1)

        @runtime_sequence(tensor_ty, tensor_ty)
        def sequence(a, b):
            npu_dma_memcpy_nd(of_in, 0, a, sizes=[1, 1, 1, 32])
            npu_dma_memcpy_nd(of_out, 1, b, sizes=[1, 1, 1, 32])
            dma_wait(of_out)

    print(ctx.module)
