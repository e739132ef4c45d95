"""A trace of events that the trace unit makes of others: one without another, and a rising edge."""

import numpy as np
from aie.dialects.aie import *
from aie.extras.context import mlir_mod_ctx

tensor_ty = np.ndarray[(16,), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        worker = tile(0, 2)

        @core(worker)
        def core_body():
            event(0)

        @trace(worker, "stalls")
        def stalls():
            trace_mode(TraceMode.EventTime)
            trace_packet(2, TracePacketType.Core)
            trace_combo_event(0, "LOCK_STALL", "AND_NOT", "INSTR_EVENT_0")
            trace_edge_event(1, "LOCK_STALL", "RISING")
            trace_event("COMBO_EVENT_0")
            trace_start(event="TRUE")
            trace_stop(event="NONE")

        @runtime_sequence(tensor_ty)
        def sequence(a):
            trace_host_config(8192, routing=TraceShimRouting.Single)
            trace_start_config(stalls.op.sym_name.data)

    print(ctx.module)
