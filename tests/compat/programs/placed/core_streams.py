"""A core reads words straight from its stream port and answers on another, without any DMA."""

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras import types as T
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_

tensor_ty = np.ndarray[(16,), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, worker = tile(0, 0), tile(0, 2)
        flow(shim, WireBundle.DMA, 0, worker, WireBundle.Core, 0)
        flow(worker, WireBundle.Core, 0, shim, WireBundle.DMA, 0)
        shim_dma_allocation("words", shim, DMAChannelDir.MM2S, 0)
        shim_dma_allocation("answers", shim, DMAChannelDir.S2MM, 0)

        @core(worker)
        def core_body():
            event(0)
            for _ in range_(16):
                word = get_stream(T.i32(), 0)
                put_stream(0, word * word + 1)
            event(1)

        @runtime_sequence(tensor_ty, tensor_ty)
        def sequence(a, b):
            npu_dma_memcpy_nd("words", 0, a, sizes=[1, 1, 1, 16])
            npu_dma_memcpy_nd("answers", 1, b, sizes=[1, 1, 1, 16])
            dma_wait("answers")

    print(ctx.module)
