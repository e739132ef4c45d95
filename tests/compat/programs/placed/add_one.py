"""Adds one to every element, block by block."""

import sys

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_

N = 64
BLOCK = 16


def design():
    with mlir_mod_ctx() as ctx:

        @device(AIEDevice.npu1_1col)
        def device_body():
            block_ty = np.ndarray[(BLOCK,), np.dtype[np.int32]]
            tensor_ty = np.ndarray[(N,), np.dtype[np.int32]]
            shim = tile(0, 0)
            compute = tile(0, 2)
            of_in = object_fifo("in", shim, compute, 2, block_ty)
            of_out = object_fifo("out", compute, shim, 2, block_ty)

            @core(compute)
            def core_body():
                for _ in range_(sys.maxsize):
                    elem_in = of_in.acquire(ObjectFifoPort.Consume, 1)
                    elem_out = of_out.acquire(ObjectFifoPort.Produce, 1)
                    for i in range_(BLOCK):
                        elem_out[i] = elem_in[i] + 1
                    of_in.release(ObjectFifoPort.Consume, 1)
                    of_out.release(ObjectFifoPort.Produce, 1)

            @runtime_sequence(tensor_ty, tensor_ty)
            def sequence(A, B):
                npu_dma_memcpy_nd(metadata=of_in, bd_id=1, mem=A, sizes=[1, 1, 1, N])
                npu_dma_memcpy_nd(metadata=of_out, bd_id=0, mem=B, sizes=[1, 1, 1, N])
                dma_wait(of_out)

        res = ctx.module.operation.verify()
        if res == True:  # noqa: E712
            print(ctx.module)
        else:
            print(res)


design()
