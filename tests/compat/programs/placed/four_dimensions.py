"""The host's descriptors alone reorder a matrix: in blocks of 4 x 4, and column by column."""

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.helpers.taplib import TensorAccessPattern

matrix_ty = np.ndarray[(8, 16), np.dtype[np.int32]]
line_ty = np.ndarray[(32,), np.dtype[np.int32]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, memory = tile(0, 0), tile(0, 1)
        of_in = object_fifo("in", shim, memory, 2, line_ty)
        of_out = object_fifo("out", memory, shim, 2, line_ty)
        object_fifo_link(of_in, of_out)

        @runtime_sequence(matrix_ty, matrix_ty, matrix_ty)
        def sequence(a, b, c):
            blocks = dict(sizes=[2, 4, 4, 4], strides=[64, 4, 16, 1])
            npu_dma_memcpy_nd(metadata=of_in, bd_id=0, mem=a, **blocks, issue_token=True)
            npu_dma_memcpy_nd(metadata=of_out, bd_id=1, mem=b, sizes=[1, 1, 1, 128])
            dma_wait(of_in, of_out)
            # The lower half of the matrix, column by column, twice.
            columns = TensorAccessPattern((8, 16), 64, [2, 1, 16, 4], [0, 0, 1, 16])
            npu_dma_memcpy_nd(of_in, 2, a, tap=columns)
            npu_dma_memcpy_nd(
                of_out,
                3,
                c,
                offsets=[0, 0, 0, 0],
                sizes=[1, 1, 8, 16],
                strides=[0, 0, 16, 1],
                burst_length=64,
            )
            dma_wait("out")

    print(ctx.module)
