# Weights go to all four cores, each has its part of the tensor; bfloat16 throughout.
import aie.iron as iron
import numpy as np
from aie.iron import (
    In,
    ObjectFifo,
    Out,
    Program,
    Runtime,
    Worker,
    ceildiv,
    dtype_to_str,
    str_to_dtype,
)
from aie.iron.controlflow import range_

CORES, N = 4, 16
bf16 = str_to_dtype("bf16")
assert dtype_to_str(bf16) == "bf16" and ceildiv(N * CORES - 3, N) == CORES
part = np.ndarray[(N,), np.dtype[bf16]]
whole = np.ndarray[(CORES * N,), np.dtype[bf16]]


@iron.jit
def weighted(x: In, w: In, y: Out):
    of_x, of_w, of_y = (
        ObjectFifo(whole, name="x"),
        ObjectFifo(part, name="w"),
        ObjectFifo(whole, name="y"),
    )
    offsets = [N * i for i in range(CORES)]
    xs = of_x.cons().split(offsets, obj_types=[part] * CORES, depths=[1] * CORES)
    ys = of_y.prod().join(offsets, obj_types=[part] * CORES)

    def core(x_end, w_end, y_end):
        weights = w_end.acquire(1)
        a, b = x_end.acquire(1), y_end.acquire(1)
        for i in range_(N):
            b[i] = a[i] * weights[i]
        x_end.release(1)
        y_end.release(1)
        w_end.release(1)

    def sequence(x, w, y, x_in, w_in, y_out):
        w_in.fill(w)
        x_in.fill(x)
        y_out.drain(y, wait=True)

    workers = [Worker(core, [xs[i].cons(), of_w.cons(), ys[i].prod()]) for i in range(CORES)]
    rt = Runtime(sequence, [whole, part, whole, of_x.prod(), of_w.prod(), of_y.cons()])
    return Program(iron.get_current_device(), rt, workers=workers).resolve_program()


rng = np.random.default_rng(3)
x = iron.tensor(rng.integers(-8, 8, CORES * N).astype(bf16))
w = iron.tensor(rng.integers(-8, 8, N).astype(bf16))
y = iron.zeros(CORES * N, dtype=bf16)
weighted(x, w, y)
expected = x.numpy().reshape(CORES, N).astype(np.float32) * w.numpy().astype(np.float32)
np.testing.assert_array_equal(y.numpy().astype(np.float32), expected.reshape(-1))
