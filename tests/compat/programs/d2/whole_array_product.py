"""A matrix product on 2x2 cores: A goes to rows of cores, B to columns of them."""

import argparse

import numpy as np
from aie.helpers.taplib import TensorTiler2D
from aie.iron import ObjectFifo, Program, Runtime, Worker, str_to_dtype
from aie.iron.controlflow import range_
from aie.iron.device import NPU1, NPU1Col1, NPU1Col2, Tile


def my_matmul(M, K, N, m, k, n, n_aie_cols, dtype_in, dtype_out):
    n_aie_rows = 2
    assert M % (m * n_aie_rows) == 0 and K % k == 0 and N % (n * n_aie_cols) == 0
    dev = {1: NPU1Col1, 2: NPU1Col2, 4: NPU1}[n_aie_cols]()
    r, s, t = 4, 4, 4

    A_ty, B_ty, C_ty = (
        np.ndarray[(size,), np.dtype[dtype]]
        for size, dtype in ((M * K, dtype_in), (K * N, dtype_in), (M * N, dtype_out))
    )
    A_l1_ty, B_l1_ty, C_l1_ty = (
        np.ndarray[shape, np.dtype[dtype]]
        for shape, dtype in (((m, k), dtype_in), ((k, n), dtype_in), ((m, n), dtype_out))
    )
    A_l2_ty = np.ndarray[(m * k * n_aie_rows,), np.dtype[dtype_in]]
    C_l2_ty = np.ndarray[(m * n * n_aie_rows,), np.dtype[dtype_out]]

    # The memory tile cuts blocks of r x s for the cores, and puts blocks of C together again.
    A_l3l2 = ObjectFifo(A_l2_ty, name="A_L3L2")
    A_l2l1 = A_l3l2.cons().split(
        [m * k * i for i in range(n_aie_rows)],
        obj_types=[A_l1_ty] * n_aie_rows,
        names=[f"A_L2L1_{row}" for row in range(n_aie_rows)],
        dims_to_stream=[[(m // r, r * k), (k // s, s), (r, k), (s, 1)]] * n_aie_rows,
        tile=Tile(0, 1),
    )
    B_l2l1, C_l1l2, C_l2l3, B_l3l2 = [], [], [], []
    for col in range(n_aie_cols):
        B_l3l2.append(ObjectFifo(B_l1_ty, name=f"B_L3L2_{col}"))
        B_l2l1.append(
            B_l3l2[col]
            .cons()
            .forward(
                obj_type=B_l1_ty,
                name=f"B_L2L1_{col}",
                dims_to_stream=[(k // s, s * n), (n // t, t), (s, n), (t, 1)],
                tile=Tile(col, 1),
            )
        )
        C_l2l3.append(
            ObjectFifo(
                C_l2_ty,
                name=f"C_L2L3_{col}",
                dims_to_stream=[(m // r, r * n), (r, t), (n // t, r * t), (t, 1)],
            )
        )
        C_l1l2.append(
            C_l2l3[col]
            .prod()
            .join(
                [m * n * i for i in range(n_aie_rows)],
                obj_types=[C_l1_ty] * n_aie_rows,
                names=[f"C_L1L2_{col}_{row}" for row in range(n_aie_rows)],
                tile=Tile(col, 1),
            )
        )

    def core_fn(in_a, in_b, out_c):
        out = out_c.acquire(1)
        for i in range_(m):
            for j in range_(n):
                out[i, j] = 0
        for _ in range_(K // k):
            a, b = in_a.acquire(1), in_b.acquire(1)
            # Block (bi, bj) of r x t is at (bi * (n // t) + bj) * r * t of the tile, row by row.
            for bi in range(m // r):
                for bj in range(n // t):
                    for bk in range(k // s):
                        for i in range_(r):
                            for j in range_(t):
                                c_at = (bi * (n // t) + bj) * r * t + i * t + j
                                for x in range_(s):
                                    a_at = (bi * (k // s) + bk) * r * s + i * s + x
                                    b_at = (bk * (n // t) + bj) * s * t + x * t + j
                                    product = a[a_at // k, a_at % k] * b[b_at // n, b_at % n]
                                    out[c_at // n, c_at % n] = out[c_at // n, c_at % n] + product
            in_a.release(1)
            in_b.release(1)
        out_c.release(1)

    workers = [
        Worker(
            core_fn,
            [A_l2l1[row].cons(), B_l2l1[col].cons(), C_l1l2[col][row].prod()],
            tile=Tile(col, 2 + row),
            stack_size=0xD00,
        )
        for row in range(n_aie_rows)
        for col in range(n_aie_cols)
    ]

    A_tiles = TensorTiler2D.group_tiler(
        (M, K), (m * n_aie_rows, k), (1, K // k), pattern_repeat=N // n // n_aie_cols
    )
    B_tiles = [
        TensorTiler2D.step_tiler(
            (K, N),
            (k, n),
            tile_group_repeats=(K // k, N // n // n_aie_cols),
            tile_group_steps=(1, n_aie_cols),
            tile_group_col_major=True,
        )[col]
        for col in range(n_aie_cols)
    ]
    C_tiles = TensorTiler2D.step_tiler(
        (M, N),
        (m * n_aie_rows, n),
        tile_group_repeats=(1, N // n // n_aie_cols),
        tile_group_steps=(1, n_aie_cols),
    )

    rt = Runtime()
    with rt.sequence(A_ty, B_ty, C_ty) as (A, B, C):
        rt.start(*workers)
        pending = []
        for row_block in range(M // m // n_aie_rows):
            tg = rt.task_group()
            rt.fill(A_l3l2.prod(), A, tap=A_tiles[row_block], task_group=tg, tile=Tile(0, 0))
            for col in range(n_aie_cols):
                rt.fill(B_l3l2[col].prod(), B, tap=B_tiles[col], task_group=tg, tile=Tile(col, 0))
                rt.drain(
                    C_l2l3[col].cons(),
                    C,
                    tap=C_tiles[row_block * n_aie_cols + col],
                    task_group=tg,
                    wait=True,
                    tile=Tile(col, 0),
                )
            pending.append(tg)
            if len(pending) > 1:
                rt.finish_task_group(pending.pop(0))
        rt.finish_task_group(pending.pop(0))

    return Program(dev, rt).resolve_program()


parser = argparse.ArgumentParser()
parser.add_argument("-M", type=int, default=32)
parser.add_argument("-K", type=int, default=16)
parser.add_argument("-N", type=int, default=32)
parser.add_argument("--n-aie-cols", type=int, choices=[1, 2, 4], default=2)
parser.add_argument("--dtype_in", choices=["i16", "i32"], default="i32")
args = parser.parse_args()
dtype = str_to_dtype(args.dtype_in)
print(my_matmul(args.M, args.K, args.N, 8, 8, 8, args.n_aie_cols, dtype, np.int32))
