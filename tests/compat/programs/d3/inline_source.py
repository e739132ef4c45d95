# C++ in a string, once as an object of its own and once merged into the core's code.
import aie.iron as iron
import numpy as np
from aie.iron import ExternalFunction, In, ObjectFifo, Out, Program, Runtime, Worker

N = 32
line = np.ndarray[(N,), np.dtype[np.int32]]

SOURCE = """
#include <stdint.h>
extern "C" void square_and_add(const int32_t *x, int32_t *y, int32_t k) {
  for (int i = 0; i < COUNT; i++) y[i] = x[i] * x[i] + k;
}
"""
square = ExternalFunction(
    "square_and_add",
    source_string=SOURCE,
    arg_types=[line, line, np.int32],
    compile_flags=[f"-DCOUNT={N}"],
)
clip = ExternalFunction(
    "clip",
    source_string='extern "C" void clip(int *x) {'
    f" for (int i = 0; i < {N}; i++) if (x[i] > 500) x[i] = 500; }}",
    arg_types=[line],
    inline=True,
)
assert (square.tile_size(0), square.name, len(square.arg_types())) == (N, "square_and_add", 3)


@iron.jit
def clipped_squares(x: In, y: Out):
    of_in, of_out = ObjectFifo(line, name="in"), ObjectFifo(line, name="out")

    def core(src, dst, square, clip):
        a, b = src.acquire(1), dst.acquire(1)
        square(a, b, -3)
        clip(b)
        src.release(1)
        dst.release(1)

    def sequence(a, b, a_in, b_out):
        a_in.fill(a)
        b_out.drain(b, wait=True)

    w = Worker(core, [of_in.cons(), of_out.prod(), square, clip])
    rt = Runtime(sequence, [line, line, of_in.prod(), of_out.cons()])
    return Program(iron.get_current_device(), rt, workers=[w]).resolve_program()


x, y = iron.arange(N, dtype=np.int32), iron.zeros(N, dtype=np.int32)
clipped_squares(x, y)
np.testing.assert_array_equal(y.numpy(), np.minimum(x.numpy() ** 2 - 3, 500))
