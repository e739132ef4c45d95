"""A thin re-export; the code is in `ironbird.iron.array_types`."""

from ironbird.iron.type_queries import (
    np_dtype_to_mlir_type,
    np_ndarray_type_get_dtype,
    np_ndarray_type_get_shape,
    np_ndarray_type_to_memref_type,
    try_convert_np_type_to_mlir_type,
)
from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__,
    [
        "NpuDType",
        "get_arg_types",
        "infer_mlir_type",
        "memref_type_to_np_dtype",
        "mlir_type_to_np_dtype",
        "v16bfp16ebs16",
        "v8bfp16ebs8",
    ],
)

__all__ = [
    "np_dtype_to_mlir_type",
    "np_ndarray_type_get_dtype",
    "np_ndarray_type_get_shape",
    "np_ndarray_type_to_memref_type",
    "try_convert_np_type_to_mlir_type",
]
