"""A memory tile deals each object out to two cores and puts their results together again."""

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        whole = np.ndarray[(32,), np.dtype[np.int32]]
        half = np.ndarray[(16,), np.dtype[np.int32]]
        shim, mem = tile(0, 0), tile(0, 1)
        cores = [tile(0, 2 + i) for i in range(2)]
        assert mem.is_mem_tile() and shim.is_shim_tile() and all(c.is_core_tile() for c in cores)

        inputs = object_fifo("inputs", shim, mem, 2, whole)
        results = object_fifo("results", mem, shim, 2, whole)
        ins = [object_fifo(f"in{i}", mem, cores[i], 2, half) for i in range(2)]
        outs = [object_fifo(f"out{i}", cores[i], mem, 2, half) for i in range(2)]
        object_fifo_link(inputs, ins, [], [0, 16])
        object_fifo_link(outs, results, [0, 16], [])

        for number in range(2):

            @core(cores[number])
            def core_body():
                for _ in range_(0xFFFFFFFF):
                    a = ins[number].acquire(ObjectFifoPort.Consume, 1)
                    b = outs[number].acquire(ObjectFifoPort.Produce, 1)
                    for i in range_(16):
                        b[i] = a[i] + 100 * (number + 1)
                    ins[number].release(ObjectFifoPort.Consume, 1)
                    outs[number].release(ObjectFifoPort.Produce, 1)

        @runtime_sequence(
            np.ndarray[(128,), np.dtype[np.int32]], np.ndarray[(128,), np.dtype[np.int32]]
        )
        def sequence(a, b):
            receive = dma_configure_task_for(results, issue_token=True)
            with bds(receive) as bd, bd[0]:
                shim_dma_bd(b, sizes=[1, 1, 1, 128], strides=[0, 0, 0, 1])
                EndOp()
            send = dma_configure_task_for(inputs)
            with bds(send) as bd, bd[0]:
                dma_bd(a, offset=0, len=128)
                EndOp()
            dma_start_task(send, receive)
            dma_await_task(receive)
            dma_free_task(send)

    print(ctx.module)
