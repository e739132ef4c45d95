"""A jit that opens the module itself: the function only builds the device, and returns nothing."""

import aie.iron as iron
import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.helpers.taplib import TensorAccessPattern


@iron.jit(is_placed=True)
def transposed(source, result):
    rows, columns = source.shape
    line_ty = np.ndarray[(rows * columns,), np.dtype[source.dtype]]

    @device(AIEDevice.npu1_1col)
    def device_body():
        shim, memory = tile(0, 0), tile(0, 1)
        of_in = object_fifo("in", shim, memory, 1, line_ty)
        of_out = object_fifo("out", memory, shim, 1, line_ty)
        object_fifo_link(of_in, of_out)

        @runtime_sequence(line_ty, line_ty)
        def sequence(a, b):
            tap = TensorAccessPattern((rows, columns), 0, [columns, rows], [1, columns])
            send = shim_dma_single_bd_task(of_in, a, tap=tap)
            receive = shim_dma_single_bd_task(
                of_out, b, sizes=[1, 1, 1, rows * columns], issue_token=True
            )
            dma_start_task(send, receive)
            dma_await_task(receive)
            dma_free_task(send)


source = iron.arange(8 * 12, dtype=np.int32).numpy().reshape(8, 12)
result = np.zeros((12, 8), np.int32)
transposed(source, result)
assert (result == source.T).all()
print("PASS!")
