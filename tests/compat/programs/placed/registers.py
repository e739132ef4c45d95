"""The sequence as register writes: two descriptors of the shim, their queues, and a wait."""

import numpy as np
from aie.dialects import memref
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_
from aie.utils.trace.setup import direction_mm2s, direction_s2mm, push_bd_to_task_queue

tensor_ty = np.ndarray[(16,), np.dtype[np.int32]]
SHIM_DESCRIPTORS, DESCRIPTOR_BYTES = 0x1D000, 0x20

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, worker = tile(0, 0), tile(0, 2)
        values = buffer(worker, tensor_ty, name="values")
        gain = buffer(worker, np.ndarray[(2,), np.dtype[np.int32]], name="gain", address=0x4000)
        arrived, done = lock(worker, lock_id=0), lock(worker, lock_id=1)
        flow(shim, dest=worker)
        flow(worker, dest=shim)
        words = memref.global_(
            np.array([16, 0, 0, 0, -(2**31), 1 << 25, 0, 1 << 25], dtype=np.int32),
            sym_name="linear_16",
        )

        @core(worker)
        def core_body():
            use_lock(arrived, LockAction.AcquireGreaterEqual)
            for i in range_(16):
                values[i] = values[i] * gain[0] + gain[1]
            use_lock(done, LockAction.Release)

        @mem(worker)
        def program():
            @dma(DMAChannelDir.S2MM, 0, loop=False)
            def arriving():
                dma_bd(values)
                use_lock(arrived, LockAction.Release)

            @dma(DMAChannelDir.MM2S, 0, loop=False)
            def leaving():
                use_lock(done, LockAction.AcquireGreaterEqual)
                dma_bd(values)

        @runtime_sequence(tensor_ty, tensor_ty)
        def sequence(a, b):
            npu_write32(0, 5, buffer=gain)
            npu_write32(0x4004, 3, column=0, row=2)
            npu_blockwrite(memref.get_global(words), SHIM_DESCRIPTORS)
            npu_address_patch(addr=SHIM_DESCRIPTORS + 4, arg_idx=1, arg_plus=0)
            push_bd_to_task_queue(shim, 0, direction_s2mm, channel=0, enable_token=True)
            npu_writebd(
                column=0,
                row=0,
                bd_id=1,
                buffer_length=16,
                buffer_offset=0,
                enable_packet=0,
                out_of_order_id=0,
                packet_id=0,
                packet_type=0,
                d0_size=0,
                d0_stride=0,
                d1_size=0,
                d1_stride=0,
                d2_size=0,
                d2_stride=0,
                iteration_current=0,
                iteration_size=0,
                iteration_stride=0,
                next_bd=0,
                use_next_bd=0,
                valid_bd=1,
                lock_rel_val=0,
                lock_rel_id=0,
                lock_acq_enable=0,
                lock_acq_val=0,
                lock_acq_id=0,
            )
            npu_address_patch(SHIM_DESCRIPTORS + DESCRIPTOR_BYTES + 4, arg_idx=0)
            npu_push_queue(0, 0, direction_mm2s, 0, issue_token=False, repeat_count=0, bd_id=1)
            npu_sync(0, 0, direction=0, channel=0)

    print(ctx.module)
