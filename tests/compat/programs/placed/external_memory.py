"""Memory of the host at a fixed address, which a shim tile's own DMA program sends into a fifo."""

import numpy as np
from aie.dialects.aie import *
from aie.extras.context import mlir_mod_ctx

line_ty = np.ndarray[(64,), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, memory = tile(0, 0), tile(0, 1)
        outside = external_buffer(line_ty, name="outside", address=0x10000)
        of_in = object_fifo("in", shim, memory, 1, line_ty)
        of_out = object_fifo("out", memory, shim, 1, line_ty)
        object_fifo_link(of_in, of_out)
        of_in.register_external_buffers(shim, [outside])
        flow(shim, WireBundle.DMA, 1, memory, WireBundle.DMA, 3)

        @shim_mem(shim)
        def program(block):
            dma_start(DMAChannelDir.MM2S, 1, dest=block["send"], chain=block["end"])
            with block["send"]:
                dma_bd(outside)
                next_bd(block["send"])
            with block["end"]:
                EndOp()

    print(ctx.module)
