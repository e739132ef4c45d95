"""A double buffer by hand, its DMA program written as one function for each descriptor."""

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_

half_ty = np.ndarray[(16,), np.dtype[np.int32]]
tensor_ty = np.ndarray[(64,), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, worker = tile(0, 0), tile(0, 2)
        pings = [buffer(worker, half_ty, name=f"half{i}") for i in range(2)]
        free = lock(worker, init=2)
        full = lock(worker, init=0)
        done = lock(worker, init=0)
        flow(shim, dest=worker)
        flow(worker, dest=shim)
        shim_dma_allocation("send", shim, DMAChannelDir.MM2S, 0)
        shim_dma_allocation("receive", shim, DMAChannelDir.S2MM, 0)

        @mem(worker)
        def program():
            @dma(DMAChannelDir.S2MM, 0, num_blocks=2)
            def fill():
                use_lock(free, LockAction.AcquireGreaterEqual)
                dma_bd(pings[0])
                use_lock(full, LockAction.Release)

            @another_bd(fill)
            def fill_other():
                use_lock(free, LockAction.AcquireGreaterEqual)
                dma_bd(pings[1])
                use_lock(full, LockAction.Release)

            @dma(DMAChannelDir.MM2S, 0, num_blocks=2, loop=True)
            def drain():
                use_lock(done, LockAction.AcquireGreaterEqual)
                dma_bd(pings[0], dimensions=[(4, 1), (4, 4)])
                use_lock(free, LockAction.Release)

            @another_bd(drain)
            def drain_other():
                use_lock(done, LockAction.AcquireGreaterEqual)
                dma_bd(pings[1], sizes=[4, 4], strides=[1, 4])
                use_lock(free, LockAction.Release)

            EndOp()

        @core(worker)
        def core_body():
            for _ in range_(2):
                for ping in pings:
                    use_lock(full, LockAction.AcquireGreaterEqual)
                    for i in range_(16):
                        ping[i] = -ping[i]
                    use_lock(done, LockAction.Release)

        @runtime_sequence(tensor_ty, tensor_ty)
        def sequence(a, b):
            receive = shim_dma_single_bd_task("receive", b, sizes=[1, 1, 1, 64], issue_token=True)
            send = shim_dma_single_bd_task("send", a, sizes=[1, 1, 1, 64])
            dma_start_task(receive, send)
            dma_await_task(receive)
            dma_free_task(send)

    print(ctx.module)
