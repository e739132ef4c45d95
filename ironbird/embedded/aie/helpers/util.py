"""Types of numpy and of MLIR: a thin re-export."""

from ironbird.iron.dialects.numpy_types import (
    NpuDType,
    get_arg_types,
    infer_mlir_type,
    memref_type_to_np_dtype,
    mlir_type_to_np_dtype,
)
from ironbird.iron.dialects.types import v8bfp16ebs8, v16bfp16ebs16
from ironbird.iron.type_queries import (
    np_dtype_to_mlir_type,
    np_ndarray_type_get_dtype,
    np_ndarray_type_get_shape,
    np_ndarray_type_to_memref_type,
    try_convert_np_type_to_mlir_type,
)

__all__ = [
    "NpuDType",
    "get_arg_types",
    "infer_mlir_type",
    "memref_type_to_np_dtype",
    "mlir_type_to_np_dtype",
    "np_dtype_to_mlir_type",
    "np_ndarray_type_get_dtype",
    "np_ndarray_type_get_shape",
    "np_ndarray_type_to_memref_type",
    "try_convert_np_type_to_mlir_type",
    "v8bfp16ebs8",
    "v16bfp16ebs16",
]
