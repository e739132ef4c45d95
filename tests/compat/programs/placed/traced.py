"""A core with its trace unit on: events of its own, lock stalls, and a port of its switch."""

import sys

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_

line_ty = np.ndarray[(16,), np.dtype[np.int32]]
tensor_ty = np.ndarray[(64,), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, worker = tile(0, 0), tile(0, 2)
        of_in = object_fifo("in", shim, worker, 2, line_ty)
        of_out = object_fifo("out", worker, shim, 2, line_ty)

        @core(worker)
        def core_body():
            for _ in range_(sys.maxsize):
                a = of_in.acquire(ObjectFifoPort.Consume, 1)
                b = of_out.acquire(ObjectFifoPort.Produce, 1)
                event(0)
                for i in range_(16):
                    b[i] = a[i] ^ 5
                event(1)
                of_in.release(ObjectFifoPort.Consume, 1)
                of_out.release(ObjectFifoPort.Produce, 1)

        @trace(worker, "core_trace")
        def core_trace():
            trace_mode(TraceMode.EventTime)
            trace_packet(id=1, type=TracePacketType.Core)
            trace_event("INSTR_EVENT_0")
            trace_event("INSTR_EVENT_1")
            trace_event("LOCK_STALL", label="waiting")
            trace_event("PORT_RUNNING_0")
            trace_port(0, WireBundle.DMA, 0, DMAChannelDir.S2MM)
            trace_start(broadcast=15)
            trace_stop(broadcast=14)

        @runtime_sequence(tensor_ty, tensor_ty)
        def sequence(a, b):
            trace_host_config(buffer_size=4096)
            trace_start_config("core_trace")
            npu_dma_memcpy_nd(of_in, 0, a, sizes=[1, 1, 1, 64])
            npu_dma_memcpy_nd(of_out, 1, b, sizes=[1, 1, 1, 64])
            dma_wait(of_out)

    print(ctx.module)
