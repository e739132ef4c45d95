"""The host writes a gain and an offset, then opens a lock on which the core waits for them."""

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_

tensor_ty = np.ndarray[(16,), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, worker = tile(0, 0), tile(0, 5)
        of_in = object_fifo("in", shim, worker, 2, tensor_ty)
        of_out = object_fifo("out", worker, shim, 2, tensor_ty)
        gain = buffer(worker, np.ndarray[(2,), np.dtype[np.int32]], name="gain", use_write_rtp=True)
        offset = buffer(
            worker,
            np.ndarray[(1,), np.dtype[np.int32]],
            "offset",
            initial_value=np.array([-1], dtype=np.int32),
        )
        ready = lock(worker, init=0, sym_name="ready")

        @core(worker)
        def core_body():
            use_lock(ready, LockAction.Acquire, value=2)
            x = of_in.acquire(ObjectFifoPort.Consume, 1)
            y = of_out.acquire(ObjectFifoPort.Produce, 1)
            factor = gain[0] + gain[1]
            for i in range_(16):
                y[i] = x[i] * factor + offset[0]
            of_in.release(ObjectFifoPort.Consume, 1)
            of_out.release(ObjectFifoPort.Produce, 1)

        @runtime_sequence(tensor_ty, tensor_ty)
        def sequence(a, b):
            gain[0] = 3
            npu_rtp_write("gain", 1, 4)
            npu_write_rtp(offset, 0, 50)
            set_lock_value(ready, 2)
            npu_dma_memcpy_nd(of_in, 0, a, sizes=[1, 1, 1, 16])
            npu_dma_memcpy_nd(of_out, 1, b, sizes=[1, 1, 1, 16])
            dma_wait(of_out)

    print(ctx.module)
