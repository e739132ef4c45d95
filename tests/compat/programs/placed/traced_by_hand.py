# A placed design whose core marks each object; its core, its memory and the shim are traced.
import numpy as np
from aie.dialects.aie import (
    AIEDevice,
    ObjectFifoPort,
    WireBundle,
    core,
    device,
    event,
    object_fifo,
    tile,
)
from aie.dialects.aiex import (
    dma_await_task,
    dma_start_task,
    runtime_sequence,
    shim_dma_single_bd_task,
)
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_
from aie.utils.trace import ShimTilePortEvent, configure_trace, start_trace
from aie.utils.trace.events import CoreEvent, MemEvent, ShimTileEvent

N, OBJECTS = 32, 4
object_ty = np.ndarray[(N,), np.dtype[np.int32]]
whole_ty = np.ndarray[(N * OBJECTS,), np.dtype[np.int32]]


def design():
    @device(AIEDevice.npu1_1col)
    def body():
        shim, worker = tile(0, 0), tile(0, 2)
        of_in = object_fifo("in", shim, worker, 2, object_ty)
        of_out = object_fifo("out", worker, shim, 2, object_ty)

        @core(worker)
        def core_body():
            for _ in range_(0xFFFFFFFF):
                x = of_in.acquire(ObjectFifoPort.Consume, 1)
                y = of_out.acquire(ObjectFifoPort.Produce, 1)
                event(0)
                for i in range_(N):
                    y[i] = x[i] * x[i]
                event(1)
                of_in.release(ObjectFifoPort.Consume, 1)
                of_out.release(ObjectFifoPort.Produce, 1)

        configure_trace(
            [worker, worker, shim],
            coretile_events=[CoreEvent.INSTR_EVENT_0, CoreEvent.INSTR_EVENT_1],
            coremem_events=[MemEvent.DMA_MM2S_0_FINISHED_BD],
            shimtile_events=[
                ShimTilePortEvent(ShimTileEvent.PORT_RUNNING_0, WireBundle.DMA, 0, True)
            ],
        )

        @runtime_sequence(whole_ty, whole_ty)
        def sequence(a, b):
            start_trace(trace_size=2048)
            give = shim_dma_single_bd_task(of_in, a, sizes=[1, 1, 1, N * OBJECTS])
            take = shim_dma_single_bd_task(
                of_out, b, sizes=[1, 1, 1, N * OBJECTS], issue_token=True
            )
            dma_start_task(give, take)
            dma_await_task(take)


with mlir_mod_ctx() as ctx:
    design()
    print(ctx.module)
