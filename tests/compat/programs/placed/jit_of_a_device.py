"""A jit whose function builds the device itself, from the tensors it is given."""

import aie.iron as iron
import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.iron.controlflow import range_


@iron.jit
def running_total(source, result):
    count = source.numel()
    line_ty = np.ndarray[(count,), np.dtype[source.dtype]]
    with mlir_mod_ctx() as ctx:

        @device(AIEDevice.npu1_1col)
        def device_body():
            shim, worker = tile(0, 0), tile(0, 2)
            of_in = object_fifo("in", shim, worker, 1, line_ty)
            of_out = object_fifo("out", worker, shim, 1, line_ty)
            total = buffer(worker, np.ndarray[(1,), np.dtype[source.dtype]], name="total")

            @core(worker)
            def core_body():
                a = of_in.acquire(ObjectFifoPort.Consume, 1)
                b = of_out.acquire(ObjectFifoPort.Produce, 1)
                total[0] = 0
                for i in range_(count):
                    total[0] = total[0] + a[i]
                    b[i] = total[0]
                of_in.release(ObjectFifoPort.Consume, 1)
                of_out.release(ObjectFifoPort.Produce, 1)

            @runtime_sequence(line_ty, line_ty)
            def sequence(a, b):
                npu_dma_memcpy_nd(metadata=of_in, bd_id=0, mem=a, sizes=[1, 1, 1, count])
                npu_dma_memcpy_nd(metadata=of_out, bd_id=1, mem=b, sizes=[1, 1, 1, count])
                dma_wait(of_out)

        return ctx.module


source = iron.arange(40, dtype=np.int32)
result = iron.zeros(40, dtype=np.int32)
running_total(source, result)
assert (result.numpy() == np.cumsum(source.numpy())).all()
print("PASS!")
