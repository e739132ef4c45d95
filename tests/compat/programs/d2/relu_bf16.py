"""ReLU in the element type named at the command line."""

import sys

import numpy as np
from aie.helpers.dialects.scf import else_, if_
from aie.helpers.util import (
    np_dtype_to_mlir_type,
    np_ndarray_type_get_dtype,
    np_ndarray_type_get_shape,
)
from aie.iron import ObjectFifo, Program, Runtime, Worker, dtype_to_str, str_to_dtype
from aie.iron.controlflow import range_
from aie.iron.device import NPU1Col1
from aie.iron.dtype import dtype_map

dtype = str_to_dtype(sys.argv[1] if len(sys.argv) > 1 else "bf16")
assert dtype in dtype_map.values() and dtype_to_str(dtype) == "bf16"

tile_ty = np.ndarray[(64,), np.dtype[dtype]]
(n,) = np_ndarray_type_get_shape(tile_ty)
assert str(np_dtype_to_mlir_type(np_ndarray_type_get_dtype(tile_ty))) == "bf16"

of_in, of_out = ObjectFifo(tile_ty, name="in"), ObjectFifo(tile_ty, name="out")


def relu(source, sink):
    x, y = source.acquire(1), sink.acquire(1)
    for i in range_(n):
        with if_(x[i] > 0.0, hasElse=True) as positive:
            y[i] = x[i]
        with else_(positive):
            y[i] = 0.0
    source.release(1)
    sink.release(1)


worker = Worker(relu, [of_in.cons(), of_out.prod()])
vector_ty = np.ndarray[(4 * n,), np.dtype[dtype]]
rt = Runtime()
with rt.sequence(vector_ty, vector_ty) as (x, y):
    rt.start(worker)
    rt.fill(of_in.prod(), x)
    rt.drain(of_out.cons(), y, wait=True)

print(Program(NPU1Col1(), rt).resolve_program())
