"""Without fifos: flows, locks and a DMA program in blocks bring one buffer in and out of a core."""

import numpy as np
from aie.dialects.aie import (
    AIEDevice,
    DMAChannelDir,
    EndOp,
    LockAction,
    WireBundle,
    buffer,
    core,
    device,
    dma_bd,
    dma_start,
    find_matching_buffers,
    find_matching_flows,
    find_matching_locks,
    flow,
    lock,
    mem,
    next_bd,
    shim_dma_allocation,
    tile,
    use_lock,
)
from aie.dialects.aiex import dma_wait, npu_dma_memcpy_nd, runtime_sequence
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_

vector_ty = np.ndarray[(32,), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, worker = tile(0, 0), tile(0, 4)
        values = buffer(worker, vector_ty, name="values")
        free = lock(worker, lock_id=0, init=1, sym_name="free")
        full = lock(worker, lock_id=1, init=0, sym_name="full")
        done = lock(worker, lock_id=2, init=0, annot="back to the host")
        flow(shim, WireBundle.DMA, 0, worker, WireBundle.DMA, 1)
        flow(worker, dest=shim)
        give = shim_dma_allocation("give", shim, DMAChannelDir.MM2S, 0)
        take = shim_dma_allocation("take", shim, DMAChannelDir.S2MM, 0)

        assert len(find_matching_flows([shim])) == 2
        assert len(shim.flows(filter_source=True)) == 1
        assert len(find_matching_locks([worker], sym_name="full")) == 1
        assert len(worker.locks(annot="back to the host")) == 1
        assert len(find_matching_buffers([worker])) == 1

        @core(worker)
        def core_body():
            use_lock(full, LockAction.AcquireGreaterEqual)
            for i in range_(32):
                values[i] = values[i] * values[i]
            use_lock(done, LockAction.Release)

        @mem(worker)
        def program(block):
            dma_start(DMAChannelDir.S2MM, 1, dest=block["in"], chain=block["out channel"])
            with block["in"]:
                use_lock(free, LockAction.AcquireGreaterEqual, value=1)
                dma_bd(values)
                use_lock(full, LockAction.Release, value=1)
                next_bd(block["in"])
            with block["out channel"]:
                dma_start(DMAChannelDir.MM2S, 0, dest=block["out"], chain=block["end"])
            with block["out"]:
                use_lock(done, LockAction.AcquireGreaterEqual)
                dma_bd(values, offset=0, len=32)
                use_lock(free, LockAction.Release)
                next_bd(block["out"])
            with block["end"]:
                EndOp()

        @runtime_sequence(vector_ty, vector_ty)
        def sequence(a, b):
            npu_dma_memcpy_nd("take", 0, b, sizes=[1, 1, 1, 32])
            npu_dma_memcpy_nd(give, 1, a, sizes=[1, 1, 1, 32], issue_token=True)
            dma_wait(give, take)

    print(ctx.module)
