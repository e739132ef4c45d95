"""Chains of descriptors: one with parameters that the sequence starts, one written in a task."""

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx

tensor_ty = np.ndarray[(64,), np.dtype[np.int32]]
half_ty = np.ndarray[(32,), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, memory = tile(0, 0), tile(0, 1)
        of_in = object_fifo("in", shim, memory, 2, half_ty)
        of_out = object_fifo("out", memory, shim, 2, half_ty)
        object_fifo_link(of_in, of_out)

        @bd_chain(tensor_ty, tensor_ty)
        def odd_halves(bd, first, second):
            with bd["first"]:
                dma_bd(first, offset=32, len=32)
                next_bd(bd["second"])
            with bd["second"]:
                dma_bd(second, offset=32, len=32)
                EndOp()

        @runtime_sequence(tensor_ty, tensor_ty, tensor_ty)
        def sequence(a, b, c):
            backwards = dma_configure_task_for(of_out, issue_token=True)
            with bds(backwards) as bd:
                with bd[0]:
                    shim_dma_bd(c, offset=32, sizes=[1, 1, 1, 32], strides=[0, 0, 0, 1])
                    next_bd(bd[1])
                with bd[1]:
                    shim_dma_bd(c, sizes=[1, 1, 1, 32], strides=[0, 0, 0, 1])
                    EndOp()
            dma_start_task(backwards)
            halves = dma_start_bd_chain_for("odd_halves", [a, b], of_in, issue_token=True)
            dma_await_task(backwards, halves)

    print(ctx.module)
