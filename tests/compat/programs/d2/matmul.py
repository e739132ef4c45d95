"""A matrix product in blocks of 8x8: the host walks over the blocks, the core multiplies them."""

import numpy as np
from aie.helpers.taplib import TensorAccessPattern, TensorTiler2D
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1

M, K, N, B = 16, 24, 16, 8
block_ty = np.ndarray[(B, B), np.dtype[np.int32]]
a_ty = np.ndarray[(M, K), np.dtype[np.int32]]
b_ty = np.ndarray[(K, N), np.dtype[np.int32]]
c_ty = np.ndarray[(M, N), np.dtype[np.int32]]

of_a, of_b, of_c = (ObjectFifo(block_ty, name=name) for name in ("a", "b", "c"))


def multiply(of_a, of_b, of_c):
    c = of_c.acquire(1)
    for i in range_(B):
        for j in range_(B):
            c[i, j] = 0
    for _ in range_(K // B):
        a, b = of_a.acquire(1), of_b.acquire(1)
        for i in range_(B):
            for j in range_(B):
                for k in range_(B):
                    c[i, j] = c[i, j] + a[i, k] * b[k, j]
        of_a.release(1)
        of_b.release(1)
    of_c.release(1)


worker = Worker(multiply, [of_a.cons(), of_b.cons(), of_c.prod()])

a_rows = TensorTiler2D.group_tiler((M, K), (B, B), (1, K // B), pattern_repeat=N // B)
b_blocks = TensorTiler2D.group_tiler((K, N), (B, B), (K // B, N // B), tile_group_col_major=True)
c_rows = TensorTiler2D.group_tiler((M, N), (B, B), (1, N // B))
assert isinstance(a_rows[0], TensorAccessPattern) and len(a_rows) == len(c_rows) == M // B

rt = Runtime()
with rt.sequence(a_ty, b_ty, c_ty) as (a, b, c):
    rt.start(worker)
    for row in range(M // B):
        tg = rt.task_group()
        rt.fill(of_a.prod(), a, tap=a_rows[row], task_group=tg)
        rt.fill(of_b.prod(), b, tap=b_blocks[0], task_group=tg)
        rt.drain(of_c.cons(), c, tap=c_rows[row], task_group=tg, wait=True)
        rt.finish_task_group(tg)

print(Program(NPU1Col1(), rt).resolve_program())
