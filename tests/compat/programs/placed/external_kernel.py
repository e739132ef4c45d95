"""Calls C++ functions of an object file, on as many elements as an option says."""

import argparse
import sys

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.helpers.dialects.func import call
from aie.helpers.util import np_ndarray_type_get_shape
from aie.iron.controlflow import range_

parser = argparse.ArgumentParser()
parser.add_argument("--count", type=int, default=64)
options = parser.parse_args()

line_ty = np.ndarray[(options.count,), np.dtype[np.int16]]
tensor_ty = np.ndarray[(4 * options.count,), np.dtype[np.int16]]

with mlir_mod_ctx() as ctx:

    @device(AIEDevice.npu1_1col)
    def device_body():
        fill = external_func("fill_i16", inputs=[line_ty, np.int16, np.int32])
        external_func("scaled_sum_i16", inputs=[line_ty, line_ty, np.int32, np.int32])
        shim, worker = tile(0, 0), tile(0, 2)
        of_in = object_fifo("in", shim, worker, 2, line_ty)
        of_out = object_fifo("out", worker, shim, 2, line_ty)

        @core(worker, link_with="lines.o", stack_size=2048)
        def core_body():
            for _ in range_(sys.maxsize):
                a = of_in.acquire(ObjectFifoPort.Consume, 1)
                b = of_out.acquire(ObjectFifoPort.Produce, 1)
                count = np_ndarray_type_get_shape(line_ty)[0]
                fill(b, 7, count)
                call("scaled_sum_i16", [a, b, 3, count])
                of_in.release(ObjectFifoPort.Consume, 1)
                of_out.release(ObjectFifoPort.Produce, 1)

        @runtime_sequence(tensor_ty, tensor_ty)
        def sequence(a, b):
            receive = shim_dma_single_bd_task(
                of_out, b, sizes=[1, 1, 1, 4 * options.count], issue_token=True
            )
            send = shim_dma_single_bd_task(of_in, a, sizes=[1, 1, 1, 4 * options.count])
            dma_start_task(send, receive)
            dma_await_task(receive)
            dma_free_task(send)

    print(ctx.module)
