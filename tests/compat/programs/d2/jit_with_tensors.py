"""A jit function of April 2026: it is given the tensors themselves and returns the module."""

import aie.iron as iron
import numpy as np
from aie.iron import ExternalFunction, ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_


@iron.jit
def vector_add(a, b, c):
    assert a.shape == b.shape == c.shape and a.dtype == np.int32
    n = int(np.size(a))
    tile_ty = np.ndarray[(16,), np.dtype[a.dtype]]
    tensor_ty = np.ndarray[(n,), np.dtype[a.dtype]]
    of_a, of_b, of_c = ObjectFifo(tile_ty), ObjectFifo(tile_ty), ObjectFifo(tile_ty)

    def body(of_a, of_b, of_c):
        x, y, z = of_a.acquire(1), of_b.acquire(1), of_c.acquire(1)
        for i in range_(16):
            z[i] = x[i] + y[i]
        of_a.release(1)
        of_b.release(1)
        of_c.release(1)

    worker = Worker(body, [of_a.cons(), of_b.cons(), of_c.prod()])
    rt = Runtime()
    with rt.sequence(tensor_ty, tensor_ty, tensor_ty) as (x, y, z):
        rt.start(worker)
        rt.fill(of_a.prod(), x)
        rt.fill(of_b.prod(), y)
        rt.drain(of_c.cons(), z, wait=True)
    return Program(iron.get_current_device(), rt).resolve_program()


@iron.jit(use_cache=False)
def tripled(a, c):
    tile_ty = np.ndarray[(16,), np.dtype[np.int32]]
    tensor_ty = np.ndarray[(int(np.size(a)),), np.dtype[np.int32]]
    triple = ExternalFunction(
        "triple",
        source_string="""
            #include <stdint.h>
            extern "C" void triple(int32_t *in, int32_t *out) {
              for (int i = 0; i < 16; i++) out[i] = FACTOR * in[i];
            }""",
        arg_types=[tile_ty, tile_ty],
        compile_flags=["-DFACTOR=3"],
    )
    of_a, of_c = ObjectFifo(tile_ty), ObjectFifo(tile_ty)

    def body(of_a, of_c, triple):
        triple(of_a.acquire(1), of_c.acquire(1))
        of_a.release(1)
        of_c.release(1)

    worker = Worker(body, [of_a.cons(), of_c.prod(), triple])
    rt = Runtime()
    with rt.sequence(tensor_ty, tensor_ty) as (x, z):
        rt.start(worker)
        rt.fill(of_a.prod(), x)
        rt.drain(of_c.cons(), z, wait=True)
    return Program(iron.get_current_device(), rt).resolve_program()


a = iron.arange(128, dtype=np.int32, device="npu")
b = iron.randint(0, 50, (128,), dtype=np.int32, device="npu")
c = iron.zeros_like(a)
vector_add(a, b, c)
assert (c.numpy() == a.numpy() + b.numpy()).all()
tripled(c, b)
assert (b.numpy() == 3 * c.numpy()).all()
