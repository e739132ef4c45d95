"""A jit function as of early 2026: `is_placed=False`, tensors on the device, a placer."""

import aie.iron as iron
import numpy as np
from aie.iron import ObjectFifo, Program, Runtime, Worker
from aie.iron.controlflow import range_
from aie.iron.placers import SequentialPlacer


@iron.jit(is_placed=False)
def sum_of_neighbours(input0, output):
    if input0.shape != output.shape:
        raise ValueError(f"shapes differ: {input0.shape} and {output.shape}")
    num_elements = np.size(input0)
    n = 16
    tile_ty = np.ndarray[(n,), np.dtype[np.int32]]
    tensor_ty = np.ndarray[(num_elements,), np.dtype[np.int32]]
    of_in, of_out = ObjectFifo(tile_ty, name="in"), ObjectFifo(tile_ty, name="out")

    def core_body(of_in, of_out):
        for _ in range_(num_elements // n):
            a, b = of_in.acquire(1), of_out.acquire(1)
            b[0] = a[0]
            for i in range_(1, n):
                b[i] = a[i] + a[i - 1]
            of_in.release(1)
            of_out.release(1)

    worker = Worker(core_body, fn_args=[of_in.cons(), of_out.prod()])
    rt = Runtime()
    with rt.sequence(tensor_ty, tensor_ty) as (a, b):
        rt.start(worker)
        rt.fill(of_in.prod(), a)
        rt.drain(of_out.cons(), b, wait=True)
    return Program(iron.get_current_device(), rt).resolve_program(SequentialPlacer())


input0 = iron.randint(0, 100, (64,), dtype=np.int32, device="npu")
output = iron.zeros_like(input0)
sum_of_neighbours(input0, output)
sum_of_neighbours(input0, output)

x = input0.numpy().reshape(-1, 16)
expected = x.copy()
expected[:, 1:] += x[:, :-1]
np.testing.assert_array_equal(output.numpy(), expected.reshape(-1))
refused = ""
try:
    sum_of_neighbours(input0, iron.zeros(32, dtype=np.int32, device="npu"))
except ValueError as error:
    refused = str(error)
assert "shapes differ" in refused
