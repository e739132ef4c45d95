# Sums, products and what gates and turns: the library's kernels of two operands, on two cores.
import aie.iron as iron
import numpy as np
from aie.iron import Buffer, In, ObjectFifo, Out, Program, Runtime, Worker, kernels, str_to_dtype
from aie.iron.device import NPU1Col1

N = 64
bf16 = str_to_dtype("bf16")
row = np.ndarray[(N,), np.dtype[bf16]]
binary = [kernels.mul(N), kernels.swiglu(N), kernels.rope(N)]
sized = [kernels.add_sized(N), kernels.mul_sized(N)]
products = np.ndarray[(N * 5,), np.dtype[bf16]]
sums = np.ndarray[(N * 2,), np.dtype[bf16]]


@iron.jit
def pairs(x: In, y: In, out: Out, more: Out):
    of_x, of_y = ObjectFifo(row, name="x"), ObjectFifo(row, name="y")
    of_out, of_more = ObjectFifo(row, name="out"), ObjectFifo(row, name="more")
    factor = Buffer(initial_value=np.array([0.75], np.float32), name="factor")

    def of_two(xs, ys, dst, binary, sized):
        a, b = xs.acquire(1), ys.acquire(1)
        for function in binary:
            function(a, b, dst.acquire(1))
            dst.release(1)
        for function in sized:
            function(a, b, dst.acquire(1), N)
            dst.release(1)
        xs.release(1)
        ys.release(1)

    def with_addend(xs, ys, dst, factor, mul_add, axpy):
        a, b = xs.acquire(1), ys.acquire(1)
        mul_add(a, b, a, dst.acquire(1))
        dst.release(1)
        axpy(a, b, factor, dst.acquire(1))
        dst.release(1)
        xs.release(1)
        ys.release(1)

    def sequence(a, b, c, d, xs, ys, out, more):
        xs.fill(a)
        ys.fill(b)
        out.drain(c, wait=True)
        more.drain(d, wait=True)

    first = Worker(of_two, [of_x.cons(), of_y.cons(), of_out.prod(), binary, sized])
    given = [factor, kernels.mul_add(N), kernels.axpy(N)]
    second = Worker(with_addend, [of_x.cons(), of_y.cons(), of_more.prod(), *given])
    ends = [of_x.prod(), of_y.prod(), of_out.cons(), of_more.cons()]
    rt = Runtime(sequence, [row, row, products, sums, *ends])
    return Program(NPU1Col1(), rt, workers=[first, second]).resolve_program()


rng = np.random.default_rng(2)
x, y = (iron.tensor(rng.uniform(-1, 1, N).astype(bf16)) for _ in range(2))
out, more = iron.zeros(5 * N, dtype=bf16), iron.zeros(2 * N, dtype=bf16)
pairs(x, y, out, more)
a, b = x.numpy(), y.numpy()
for kernel, result in zip(binary + sized, out.numpy().reshape(5, N), strict=True):
    inputs = (a, b) if kernel in binary else (a, b, N)
    assert (verdict := kernel.judge(result, *inputs)), f"{kernel.name}: {verdict}"
added, scaled = more.numpy().astype(np.float64).reshape(2, N)
wide, other = a.astype(np.float64), b.astype(np.float64)
np.testing.assert_allclose(added, wide * other + wide, rtol=2**-8, atol=2**-7)
np.testing.assert_allclose(scaled, 0.75 * wide + other, rtol=2**-8, atol=2**-7)
