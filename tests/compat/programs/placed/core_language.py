"""What a core can say: functions of its own, branches, casts, comparisons, tables in 2-D."""

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.extras.dialects import arith, memref
from aie.extras.types import i32
from aie.helpers.dialects.func import func
from aie.helpers.dialects.scf import _for as range_
from aie.helpers.dialects.scf import else_, if_

grid_ty = np.ndarray[(4, 8), np.dtype[np.int16]]
wide_ty = np.ndarray[(4, 8), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, worker = tile(0, 0), tile(0, 2)
        of_in = object_fifo("in", shim, worker, 2, grid_ty)
        of_out = object_fifo("out", worker, shim, 2, wide_ty)

        @func
        def clamped(value: np.int32, most: np.int32):
            return arith.select(value > most, most, value)

        @core(worker)
        def core_body():
            a = of_in.acquire(ObjectFifoPort.Consume, 1)
            b = of_out.acquire(ObjectFifoPort.Produce, 1)
            limit = arith.constant(40, i32())
            for row in range_(4):
                for column in range_(8):
                    value = arith.extsi(i32(), a[row, column])
                    position = arith.index_cast(column, to=i32())
                    with if_((position % 2) == 0) as even:
                        b[row, column] = clamped(value * 3, limit)
                    with else_(even):
                        memref.store(-value, b, [row, column])
            of_in.release(ObjectFifoPort.Consume, 1)
            of_out.release(ObjectFifoPort.Produce, 1)

        @runtime_sequence(grid_ty, wide_ty)
        def sequence(a, b):
            npu_dma_memcpy_nd(of_in, 0, a, sizes=[1, 1, 1, 32])
            npu_dma_memcpy_nd(of_out, 1, b, sizes=[1, 1, 1, 32])
            dma_wait(of_out)

    print(ctx.module)
