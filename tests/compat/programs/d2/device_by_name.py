"""A device chosen by its name at the command line, with the element type beside it."""

import argparse

import numpy as np
from aie.dialects.aie import AIEDevice
from aie.helpers.util import (
    NpuDType,
    get_arg_types,
    infer_mlir_type,
    memref_type_to_np_dtype,
    mlir_type_to_np_dtype,
    np_dtype_to_mlir_type,
    np_ndarray_type_to_memref_type,
    try_convert_np_type_to_mlir_type,
    v8bfp16ebs8,
    v16bfp16ebs16,
)
from aie.iron import (
    ObjectFifo,
    Program,
    Runtime,
    Worker,
    ensure_current_device,
    get_current_device,
    set_current_device,
)
from aie.iron.controlflow import range_
from aie.iron.device import (
    NPU1,
    NPU2,
    XCVC1902,
    XCVE2302,
    XCVE2802,
    Device,
    NPU1Col1,
    NPU2Col1,
    NPU2Col2,
    NPU2Col3,
    NPU2Col4,
    NPU2Col5,
    NPU2Col6,
    NPU2Col7,
    from_name,
)

DEVICES = {
    "npu": NPU1,
    "npu1": NPU1,
    "npu1_1col": NPU1Col1,
    "npu2": NPU2,
    "xcvc1902": XCVC1902,
    "xcve2302": XCVE2302,
    "xcve2802": XCVE2802,
    **{
        f"npu2_{each.__name__[-1]}col": each
        for each in (NPU2Col1, NPU2Col2, NPU2Col3, NPU2Col4, NPU2Col5, NPU2Col6, NPU2Col7)
    },
}
TYPES = {"i16": np.int16, "i32": np.int32, "v8": v8bfp16ebs8, "v16": v16bfp16ebs16}

parser = argparse.ArgumentParser()
parser.add_argument("-d", "--dev", choices=DEVICES, default="npu1_1col")
parser.add_argument("-t", "--type", choices=TYPES, default="i16")
opts = parser.parse_args()

dtype = TYPES[opts.type]
assert issubclass(dtype, np.generic) and dtype in NpuDType.__args__
tile_ty = np.ndarray[(2, 16), np.dtype[dtype]]
memref = np_ndarray_type_to_memref_type(tile_ty)
assert (
    memref_type_to_np_dtype(memref) is dtype and try_convert_np_type_to_mlir_type(tile_ty) == memref
)
assert mlir_type_to_np_dtype(np_dtype_to_mlir_type(dtype)) is dtype
assert infer_mlir_type(3) == np_dtype_to_mlir_type(np.int32) == get_arg_types([3])[0]

previous = set_current_device(DEVICES[opts.dev]())
device = get_current_device()
assert isinstance(device, Device) and ensure_current_device() is device
assert Device(AIEDevice.npu1_1col).cols == from_name("npu", n_cols=1).cols == device.cols
set_current_device(previous)

of_in, of_out = ObjectFifo(tile_ty, name="in"), ObjectFifo(tile_ty, name="out")


def swap_rows(source, sink):
    a, b = source.acquire(1), sink.acquire(1)
    for c in range_(16):
        b[0, c] = a[1, c]
        b[1, c] = a[0, c]
    source.release(1)
    sink.release(1)


worker = Worker(swap_rows, [of_in.cons(), of_out.prod()])
whole_ty = np.ndarray[(4, 2, 16), np.dtype[dtype]]
rt = Runtime()
with rt.sequence(whole_ty, whole_ty) as (x, y):
    rt.start(worker)
    rt.fill(of_in.prod(), x)
    rt.drain(of_out.cons(), y, wait=True)

print(Program(device, rt).resolve_program())
