"""C = A @ B on two columns of two cores: rows of A and columns of B are broadcast, C is joined."""

import sys

import numpy as np
from aie.dialects.aie import *
from aie.dialects.aiex import *
from aie.extras.context import mlir_mod_ctx
from aie.helpers.taplib import TensorTiler2D
from aie.iron.controlflow import range_

M, K, N = 32, 48, 32
m, k, n = 8, 16, 8
ROWS, COLUMNS = 2, 2


def matmul():
    a_ty = np.ndarray[(m, k), np.dtype[np.int16]]
    b_ty = np.ndarray[(k, n), np.dtype[np.int16]]
    c_ty = np.ndarray[(m, n), np.dtype[np.int32]]
    joined_ty = np.ndarray[(ROWS * m, n), np.dtype[np.int32]]
    zero = external_func("zero_i32", inputs=[c_ty])
    multiply = external_func("matmul_i16_i32", inputs=[a_ty, b_ty, c_ty])

    shims = [tile(column, 0) for column in range(COLUMNS)]
    memories = [tile(column, 1) for column in range(COLUMNS)]
    cores = [[tile(column, 2 + row) for column in range(COLUMNS)] for row in range(ROWS)]

    a_in, a_out, b_in, b_out, c_parts, c_out = [], [], [], [], [], []
    for row in range(ROWS):
        a_in.append(object_fifo(f"a_in{row}", shims[row], memories[row], 2, a_ty))
        a_out.append(object_fifo(f"a{row}", memories[row], cores[row], 2, a_ty))
        object_fifo_link(a_in[row], a_out[row])
    for column in range(COLUMNS):
        below = [cores[row][column] for row in range(ROWS)]
        b_in.append(object_fifo(f"b_in{column}", shims[column], memories[column], 2, b_ty))
        b_out.append(object_fifo(f"b{column}", memories[column], below, 2, b_ty))
        object_fifo_link(b_in[column], b_out[column])
        c_parts.append(
            [
                object_fifo(f"c{row}_{column}", below[row], memories[column], 2, c_ty)
                for row in range(ROWS)
            ]
        )
        c_out.append(object_fifo(f"c{column}", memories[column], shims[column], 2, joined_ty))
        object_fifo_link(c_parts[column], c_out[column], [row * m * n for row in range(ROWS)], [])

    for row in range(ROWS):
        for column in range(COLUMNS):

            @core(cores[row][column], link_with="mm.o", stack_size=0x800)
            def core_body():
                for _ in range_(sys.maxsize):
                    c = c_parts[column][row].acquire(ObjectFifoPort.Produce, 1)
                    zero(c)
                    for _ in range_(K // k):
                        a = a_out[row].acquire(ObjectFifoPort.Consume, 1)
                        b = b_out[column].acquire(ObjectFifoPort.Consume, 1)
                        multiply(a, b, c)
                        a_out[row].release(ObjectFifoPort.Consume, 1)
                        b_out[column].release(ObjectFifoPort.Consume, 1)
                    c_parts[column][row].release(ObjectFifoPort.Produce, 1)

    c_tiles = TensorTiler2D.simple_tiler((M, N), (ROWS * m, n))

    @runtime_sequence(
        np.ndarray[(M, K), np.dtype[np.int16]],
        np.ndarray[(K, N), np.dtype[np.int16]],
        np.ndarray[(M, N), np.dtype[np.int32]],
    )
    def sequence(A, B, C):
        for step in range(M // (ROWS * m)):
            for turn in range(N // (COLUMNS * n)):
                for column in range(COLUMNS):
                    npu_dma_memcpy_nd(
                        c_out[column],
                        bd_id=0,
                        mem=C,
                        tap=c_tiles[step * (N // n) + turn * COLUMNS + column],
                    )
                    npu_dma_memcpy_nd(
                        metadata=b_in[column],
                        bd_id=1,
                        mem=B,
                        offsets=[0, 0, 0, (turn * COLUMNS + column) * n],
                        sizes=[1, K // k, k, n],
                        strides=[0, k * N, N, 1],
                    )
                for row in range(ROWS):
                    npu_dma_memcpy_nd(
                        metadata=a_in[row],
                        bd_id=2,
                        mem=A,
                        offsets=[0, 0, 0, (step * ROWS + row) * m * K],
                        sizes=[1, K // k, m, k],
                        strides=[0, k, K, 1],
                    )
                dma_wait(*c_out)


with mlir_mod_ctx() as ctx:
    device(AIEDevice.npu1_2col)(matmul)
    print(ctx.module)
