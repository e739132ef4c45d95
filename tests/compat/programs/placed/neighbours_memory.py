"""Two neighbouring cores work on one buffer in the lower one's memory, by turns."""

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_

tensor_ty = np.ndarray[(24,), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, lower, upper = tile(0, 0), tile(0, 2), tile(0, 3)
        x = object_fifo("x", shim, lower, 1, tensor_ty)
        y = object_fifo("y", upper, shim, 1, tensor_ty)
        shared = buffer(lower, tensor_ty, name="shared")
        squared = lock(lower, lock_id=10, init=0, sym_name="squared")
        checked = lock(lower, lock_id=11, init=0, sym_name="checked")

        @core(lower)
        def squares():
            a = x.acquire(ObjectFifoPort.Consume, 1)
            for i in range_(24):
                shared[i] = a[i] * a[i]
            x.release(ObjectFifoPort.Consume, 1)
            use_lock(squared, LockAction.Release, value=1)
            use_lock(checked, LockAction.AcquireGreaterEqual, value=1)
            for i in range_(24):
                shared[i] = shared[i] + 1
            use_lock(squared, LockAction.Release, value=1)

        @core(upper)
        def sums():
            b = y.acquire(ObjectFifoPort.Produce, 1)
            use_lock(squared, LockAction.AcquireGreaterEqual, value=1)
            for i in range_(24):
                b[i] = shared[i]
            use_lock(checked, LockAction.Release, value=1)
            use_lock(squared, LockAction.AcquireGreaterEqual, value=1)
            for i in range_(24):
                b[i] = b[i] * 1000 + shared[i]
            y.release(ObjectFifoPort.Produce, 1)

        @runtime_sequence(tensor_ty, tensor_ty)
        def sequence(a, b):
            npu_dma_memcpy_nd(x, 0, a, sizes=[1, 1, 1, 24])
            npu_dma_memcpy_nd(y, 1, b, sizes=[1, 1, 1, 24])
            dma_wait(y)

    print(ctx.module)
