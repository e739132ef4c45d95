# A row goes through every activation and norm of the library, one after the other on one core.
import aie.iron as iron
import numpy as np
from aie.iron import In, ObjectFifo, Out, Program, Runtime, Worker, kernels, str_to_dtype
from aie.iron.device import NPU1Col1

N = 64
bf16 = str_to_dtype("bf16")
row = np.ndarray[(N,), np.dtype[bf16]]
plain = [
    kernels.gelu(N),
    kernels.silu(N),
    kernels.sigmoid(N),
    kernels.tanh(N),
    kernels.bf16_exp(N),
    kernels.leaky_relu(N, alpha=0.125),
    kernels.layer_norm(N),
    kernels.rms_norm(N),
    kernels.rms_norm_eps(N, epsilon=0.5),
]
sized = [kernels.relu_sized(N), kernels.gelu_sized(N), kernels.silu_sized(N)]
rows = np.ndarray[(N * (len(plain) + len(sized)),), np.dtype[bf16]]


@iron.jit
def every_activation(x: In, y: Out):
    of_x, of_y = ObjectFifo(row, name="x"), ObjectFifo(row, name="y")

    def core(src, dst, plain, sized):
        a = src.acquire(1)
        for function in plain:
            function(a, dst.acquire(1))
            dst.release(1)
        for function in sized:
            function(a, dst.acquire(1), N)
            dst.release(1)
        src.release(1)

    def sequence(a, b, into, out):
        into.fill(a)
        out.drain(b, wait=True)

    worker = Worker(core, [of_x.cons(), of_y.prod(), plain, sized])
    rt = Runtime(sequence, [row, rows, of_x.prod(), of_y.cons()])
    return Program(NPU1Col1(), rt, workers=[worker]).resolve_program()


x = iron.tensor(np.random.default_rng(1).uniform(-4, 4, N).astype(bf16))
y = iron.zeros(N * (len(plain) + len(sized)), dtype=bf16)
every_activation(x, y)
for kernel, result in zip(plain + sized, y.numpy().reshape(-1, N), strict=True):
    assert (verdict := kernel.judge(result, x.numpy())), f"{kernel.name}: {verdict}"
wide = x.numpy().astype(np.float64)
first = y.numpy()[:N].astype(np.float64)
inner = np.sqrt(2 / np.pi) * (wide + 0.044715 * wide**3)
np.testing.assert_allclose(first, wide / 2 * (1 + np.tanh(inner)), rtol=0.03, atol=0.02)
