"""How fast aie::mmul runs on this host: `python tests/kernels_api/measure_mmul.py [flags for g++]`.

Blocks of 2 x 2 accumulators, 64 blocks deep, the best of several runs, in 10^9 multiply-accumulates
a second of one core. Not a test: figures depend on the machine and on what else it does.
"""

import sys
import tempfile
import time
from pathlib import Path

import ml_dtypes
import numpy as np
from kernel_build import Kernels, aligned, compile_library

SOURCE = """
template <class Block, class A, class B, class C>
__attribute__((noinline)) void product(const A *a, const B *b, C *c, int k_blocks) {
  Block c00, c01, c10, c11;
  for (int k = 0; k < k_blocks; ++k) {
    const auto a0 = aie::load_v<Block::size_A>(a);
    const auto a1 = aie::load_v<Block::size_A>(a + Block::size_A);
    const auto b0 = aie::load_v<Block::size_B>(b);
    const auto b1 = aie::load_v<Block::size_B>(b + Block::size_B);
    a += 2 * Block::size_A, b += 2 * Block::size_B;
    c00.mac(a0, b0), c01.mac(a0, b1), c10.mac(a1, b0), c11.mac(a1, b1);
  }
  aie::store_v(c, c00.template to_vector<C>());
  aie::store_v(c + Block::size_C, c01.template to_vector<C>());
  aie::store_v(c + 2 * Block::size_C, c10.template to_vector<C>());
  aie::store_v(c + 3 * Block::size_C, c11.template to_vector<C>());
}
"""

# label: element types of A, B and C as C++ and numpy spell them, the block.
CASES = {
    "bf16 4x8x4": ("bfloat16", "bfloat16", "float", (4, 8, 4)),
    "i8 4x8x8": ("int8", "int8", "int32", (4, 8, 8)),
    "i16 4x4x4": ("int16", "int16", "int32", (4, 4, 4)),
    "f32 4x8x4": ("float", "float", "float", (4, 8, 4)),
}
K_BLOCKS = 64
REPEATS = 200
RUNS = 10


def numpy_type(name: str) -> np.dtype:
    return np.dtype({"float": np.float32, "bfloat16": ml_dtypes.bfloat16}.get(name, name))


def main(flags: list[str]) -> None:
    functions = "".join(
        f'extern "C" void case{number}(const {a} *a, const {b} *b, {c} *c) {{'
        f"  for (int i = 0; i < {REPEATS}; ++i)"
        f"    product<aie::mmul<{m}, {k}, {n}, {a}, {b}>>(a, b, c, {K_BLOCKS}); }}\n"
        for number, (a, b, c, (m, k, n)) in enumerate(CASES.values())
    )
    for numerics in ("silicon", "fast"):
        own = [f"-DIRONBIRD_NUMERICS_FAST={int(numerics == 'fast')}", *flags]
        with tempfile.TemporaryDirectory() as folder:
            kernels = Kernels(compile_library(Path(folder), SOURCE + functions, own))
        for number, (label, (a, b, c, (m, k, n))) in enumerate(CASES.items()):
            x = aligned(2 * K_BLOCKS * m * k, numpy_type(a))
            y = aligned(2 * K_BLOCKS * k * n, numpy_type(b))
            x[:], y[:] = np.arange(x.size) % 7 + 1, np.arange(y.size) % 5 + 1
            z = aligned(4 * m * n, numpy_type(c))
            seconds = min(timed(kernels, f"case{number}", x, y, z) for _ in range(RUNS))
            rate = 4 * K_BLOCKS * m * k * n * REPEATS / seconds / 1e9
            print(f"{numerics:8} {label:12} {rate:6.1f} GMAC/s")


def timed(kernels: Kernels, name: str, *arrays: np.ndarray) -> float:
    start = time.perf_counter()
    kernels(name, *arrays)
    return time.perf_counter() - start


if __name__ == "__main__":
    main(sys.argv[1:])
