# A matrix product on one core: blocks by the DMA, K in two steps, the accumulator cleared first.
import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker, kernels
from aie.iron.controlflow import range_

M, K, N, STEPS = 16, 16, 16, 2
mm = kernels.mm(M, K, N, input_dtype=np.int16, output_dtype=np.int32)
r, s, t = mm.mac_dims
a_ty = np.ndarray[(M * K,), np.dtype[np.int16]]
b_ty = np.ndarray[(K * N,), np.dtype[np.int16]]
c_ty = np.ndarray[(M * N,), np.dtype[np.int32]]


def to_blocks(rows, cols, height, width):
    return [(rows // height, cols * height), (cols // width, width), (height, cols), (width, 1)]


def from_blocks(rows, cols, height, width):
    block = height * width
    return [(rows // height, cols * height), (height, width), (cols // width, block), (width, 1)]


@iron.jit
def product(a: In, b: In, c: Out):
    of_a, of_b = ObjectFifo(a_ty, name="a"), ObjectFifo(b_ty, name="b")
    of_c = ObjectFifo(c_ty, name="c")
    a_blocks = of_a.cons().forward(name="a_blocks", dims_to_stream=to_blocks(M, K, r, s))
    b_blocks = of_b.cons().forward(name="b_blocks", dims_to_stream=to_blocks(K, N, s, t))
    c_rows = of_c.cons().forward(name="c_rows", dims_to_stream=from_blocks(M, N, r, t))

    def core(a_end, b_end, c_end, clear, multiply):
        result = c_end.acquire(1)
        clear(result)
        for _ in range_(STEPS):
            left, right = a_end.acquire(1), b_end.acquire(1)
            multiply(left, right, result)
            a_end.release(1)
            b_end.release(1)
        c_end.release(1)

    def sequence(x, y, z, x_in, y_in, z_out):
        x_in.fill(x)
        y_in.fill(y)
        z_out.drain(z, wait=True)

    w = Worker(core, [a_blocks.cons(), b_blocks.cons(), of_c.prod(), mm.zero, mm])
    halves_a = np.ndarray[(STEPS * M * K,), np.dtype[np.int16]]
    halves_b = np.ndarray[(STEPS * K * N,), np.dtype[np.int16]]
    rt = Runtime(sequence, [halves_a, halves_b, c_ty, of_a.prod(), of_b.prod(), c_rows.cons()])
    return Program(iron.get_current_device(), rt, workers=[w]).resolve_program()


a = iron.randint(-99, 99, (STEPS, M, K), dtype=np.int16)
b = iron.randint(-99, 99, (STEPS, K, N), dtype=np.int16)
c = iron.zeros(M, N, dtype=np.int32)
product(a, b, c)
wide_a, wide_b = a.numpy().astype(np.int32), b.numpy().astype(np.int32)
np.testing.assert_array_equal(c.numpy(), (wide_a @ wide_b).sum(axis=0))
