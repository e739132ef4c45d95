"""Two cores scale the halves of each line by a number from the host. A placed design."""

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_

line_ty, half_ty, whole_ty, number_ty = (
    np.ndarray[(n,), np.dtype[np.int32]] for n in (32, 16, 128, 1)
)

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, mem = tile(0, 0), tile(0, 1)
        cores = [tile(0, 2 + i) for i in range(2)]
        gains = [buffer(cores[i], number_ty, name=f"gain{i}") for i in range(2)]
        go = [lock(cores[i]) for i in range(2)]
        ins = [object_fifo(f"in{i}", mem, cores[i], 2, half_ty) for i in range(2)]
        lines = object_fifo("lines", shim, mem, 2, line_ty)
        object_fifo_link(lines, ins, [], [0, 16])
        outs = [object_fifo(f"out{i}", cores[i], mem, 2, half_ty) for i in range(2)]
        results = object_fifo("results", mem, shim, 2, line_ty)
        object_fifo_link(outs, results, [0, 16], [])

        for number in range(2):

            @core(cores[number])
            def core_body():
                use_lock(go[number], LockAction.Acquire, value=1)
                for _ in range_(4):
                    a = ins[number].acquire(ObjectFifoPort.Consume, 1)
                    b = outs[number].acquire(ObjectFifoPort.Produce, 1)
                    for i in range_(16):
                        b[i] = a[i] * gains[number][0]
                    ins[number].release(ObjectFifoPort.Consume, 1)
                    outs[number].release(ObjectFifoPort.Produce, 1)

        @runtime_sequence(whole_ty, whole_ty)
        def sequence(x, y):
            npu_rtp_write("gain0", 0, 3)
            npu_rtp_write("gain1", 0, -5)
            for each in go:
                set_lock_value(each, 1)
            send = shim_dma_single_bd_task(lines, x, sizes=[1, 1, 1, 128], strides=[0, 0, 0, 1])
            dma_start_task(send)
            receive = shim_dma_single_bd_task(
                results, y, sizes=[1, 1, 1, 128], strides=[0, 0, 0, 1], issue_token=True
            )
            dma_start_task(receive)
            dma_await_task(receive)
            dma_free_task(send, receive)

    print(ctx.module)
