"""A memory tile turns blocks of 8 x 8 round with a DMA program of its own; no core takes part."""

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx

block_ty = np.ndarray[(8, 8), np.dtype[np.int32]]
tensor_ty = np.ndarray[(4, 8, 8), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1)
    def device_body():
        shim, memory = tile(2, 0), tile(2, 1)
        block = buffer(memory, block_ty, name="block", address=4096)
        free = lock(memory, init=1)
        full = lock(memory, init=0)
        flow(shim, WireBundle.DMA, 1, memory, WireBundle.DMA, 5)
        flow(memory, WireBundle.DMA, 5, shim, WireBundle.DMA, 1)
        shim_dma_allocation("rows", shim, DMAChannelDir.MM2S, 1)
        shim_dma_allocation("columns", shim, DMAChannelDir.S2MM, 1)

        @memtile_dma(memory)
        def program(bd):
            dma_start(DMAChannelDir.S2MM, 5, dest=bd[0], chain=bd[1])
            with bd[0]:
                use_lock(free, LockAction.AcquireGreaterEqual)
                dma_bd(block)
                use_lock(full, LockAction.Release)
                next_bd(bd[0])
            with bd[1]:
                dma_start(DMAChannelDir.MM2S, 5, dest=bd[2], chain=bd[3])
            with bd[2]:
                use_lock(full, LockAction.AcquireGreaterEqual)
                dma_bd(block, dimensions=[bd_dim_layout(8, 1), bd_dim_layout(8, 8)])
                use_lock(free, LockAction.Release)
                next_bd(bd[2])
            with bd[3]:
                EndOp()

        @runtime_sequence(tensor_ty, tensor_ty)
        def sequence(a, b):
            npu_dma_memcpy_nd(metadata="columns", bd_id=0, mem=b, sizes=[1, 1, 1, 256])
            npu_dma_memcpy_nd(metadata="rows", bd_id=1, mem=a, sizes=[1, 1, 1, 256])
            npu_sync(column=2, row=0, direction=0, channel=1)

    print(ctx.module)
