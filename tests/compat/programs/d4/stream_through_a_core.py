"""A core without buffers: words come in by its own stream port and leave by it."""

import aie.iron as iron
import numpy as np
from aie.iron import ExternalFunction, In, ObjectFifo, Out, Program, Runtime, Worker

block = np.ndarray[(16,), np.dtype[np.int32]]
whole = np.ndarray[(64,), np.dtype[np.int32]]

add = ExternalFunction(
    "add_words",
    source_string="""
#include <aie_api/aie.hpp>
extern "C" void add_words(int32_t count) {
  for (int32_t i = 0; i < count; ++i) put_ms(get_ss() + 5);
}
""",
    arg_types=[np.int32],
)


@iron.jit
def design(x: In, y: Out):
    source = ObjectFifo(block, name="source", aie_stream=(1, 0))
    result = ObjectFifo(block, name="result", aie_stream=(0, 0))

    def core(source, result, add):
        add(16)

    def sequence(x, y, source, result):
        source.fill(x)
        result.drain(y, wait=True)

    worker = Worker(core, [source.cons(), result.prod(), add])
    runtime = Runtime(sequence, [whole, whole, source.prod(), result.cons()])
    return Program(iron.get_current_device(), runtime, workers=[worker]).resolve_program()


x, y = iron.arange(64, dtype=np.int32), iron.zeros(64, dtype=np.int32)
design(x, y)
np.testing.assert_array_equal(y.numpy(), x.numpy() + 5)
