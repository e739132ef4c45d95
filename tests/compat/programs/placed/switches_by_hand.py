"""The way through the stream switches written out, hop by hop, instead of a flow."""

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx

tensor_ty = np.ndarray[(16,), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, memory = tile(0, 0), tile(0, 1)
        shim_dma_allocation("send", shim, DMAChannelDir.MM2S, 0)
        shim_dma_allocation("receive", shim, DMAChannelDir.S2MM, 0)
        store = buffer(memory, tensor_ty, name="store")
        free, full = lock(memory, init=1), lock(memory, init=0)

        @shim_mux(shim)
        def multiplexer():
            connect(WireBundle.DMA, 0, WireBundle.North, 3)
            connect(WireBundle.North, 2, WireBundle.DMA, 0)

        @switchbox(shim)
        def shim_switch():
            connect(WireBundle.South, 3, WireBundle.North, 1)
            connect(WireBundle.North, 0, WireBundle.South, 2)

        @switchbox(memory)
        def memory_switch():
            connect(WireBundle.South, 1, WireBundle.DMA, 0)
            connect(WireBundle.DMA, 0, WireBundle.South, 0)

        @memtile_dma(memory)
        def program(block):
            dma_start(DMAChannelDir.S2MM, 0, dest=block["in"], chain=block["out channel"])
            with block["in"]:
                use_lock(free, LockAction.AcquireGreaterEqual)
                dma_bd(store)
                use_lock(full, LockAction.Release)
                next_bd(block["in"])
            with block["out channel"]:
                dma_start(DMAChannelDir.MM2S, 0, dest=block["out"], chain=block["end"])
            with block["out"]:
                use_lock(full, LockAction.AcquireGreaterEqual)
                dma_bd(store, dimensions=[(16, 1)])
                use_lock(free, LockAction.Release)
                next_bd(block["out"])
            with block["end"]:
                EndOp()

        @runtime_sequence(tensor_ty, tensor_ty)
        def sequence(a, b):
            task = dma_configure_task(shim, DMAChannelDir.S2MM, 0, issue_token=True)
            with bds(task) as bd, bd[0]:
                dma_bd(b, offset=0, len=16)
                EndOp()
            dma_start_task(task)
            npu_dma_memcpy_nd("send", 5, a, sizes=[1, 1, 1, 16])
            dma_await_task(task)

    print(ctx.module)
