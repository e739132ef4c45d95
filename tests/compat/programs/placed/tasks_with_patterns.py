"""Blocks of a matrix go through a core in two waves of tasks, each walked by an access pattern."""

import sys

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import (
    dma_await_task,
    dma_free_task,
    dma_start_task,
    runtime_sequence,
    shim_dma_single_bd_task,
)
from aie.extras.context import mlir_mod_ctx
from aie.helpers.taplib import TensorTiler2D
from aie.helpers.util import np_ndarray_type_get_shape
from aie.iron.controlflow import range_

ROWS, COLS = 8, 16
TILE_ROWS, TILE_COLS = 4, 8


def my_design():
    dtype = np.int16
    tensor_ty = np.ndarray[(ROWS, COLS), np.dtype[dtype]]
    tile_ty = np.ndarray[(TILE_ROWS * TILE_COLS,), np.dtype[dtype]]

    @device(AIEDevice.npu1)
    def device_body():
        shim, worker = tile(1, 0), tile(1, 3)
        of_in = object_fifo("in0", shim, worker, [2, 2], tile_ty)
        of_out = object_fifo("out0", worker, shim, 2, tile_ty)

        @core(worker, stack_size=1024)
        def core_body():
            (count,) = np_ndarray_type_get_shape(tile_ty)
            for _ in range_(sys.maxsize):
                a = of_in.acquire(ObjectFifoPort.Consume, 1)
                c = of_out.acquire(ObjectFifoPort.Produce, 1)
                for i in range_(count):
                    c[i] = a[i] * 2 + 1
                of_in.release(ObjectFifoPort.Consume, 1)
                of_out.release(ObjectFifoPort.Produce, 1)

        taps = TensorTiler2D.simple_tiler((ROWS, COLS), (TILE_ROWS, TILE_COLS))

        @runtime_sequence(tensor_ty, tensor_ty)
        def sequence(A, C):
            for wave in (taps[:2], taps[2:]):
                sends, receives = [], []
                for tap in wave:
                    sends.append(shim_dma_single_bd_task(of_in, A, tap=tap))
                    receives.append(shim_dma_single_bd_task(of_out, C, tap=tap, issue_token=True))
                for a, c in zip(sends, receives):
                    dma_start_task(a, c)
                dma_await_task(*receives)
                dma_free_task(*sends)


with mlir_mod_ctx() as ctx:
    my_design()
    print(ctx.module)
