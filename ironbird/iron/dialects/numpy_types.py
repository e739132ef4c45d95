"""Types of numpy and of MLIR, one from the other, as upstream's `aie.helpers.util` has them."""

from collections.abc import Sequence
from typing import Any

import ml_dtypes
import numpy as np
import numpy.typing as npt
from xdsl.dialects.builtin import MemRefType, TensorType, VectorType
from xdsl.ir import Attribute

from ironbird.base.element_types import ELEMENT_TYPES
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.core_values import is_number
from ironbird.iron.dialects.region import value_of
from ironbird.iron.dialects.types import (
    attribute_type,
    buffer_type,
    number_type,
    v8bfp16ebs8,
    v16bfp16ebs16,
)
from ironbird.iron.mlir_types import mlir_type

NpuDType = (
    np.int8
    | np.int16
    | np.int32
    | np.intc
    | np.int64
    | np.uint8
    | np.uint16
    | np.uint32
    | np.uint64
    | np.float16
    | np.float32
    | np.float64
    | np.longlong
    | np.uintp
    | ml_dtypes.bfloat16
    | v8bfp16ebs8
    | v16bfp16ebs16
)
"""A numpy scalar class that the device has an element type for; for annotations."""


def mlir_type_to_np_dtype(mlir_type: Attribute) -> type:
    """The numpy scalar class of a type of numbers."""
    return number_type(mlir_type, of="mlir_type_to_np_dtype").dtype.type


def memref_type_to_np_dtype(memref_type: Any) -> type:
    """The numpy scalar class of a buffer's elements."""
    return buffer_type(memref_type, of="memref_type_to_np_dtype").element.dtype.type


def infer_mlir_type(
    py_val: int | float | bool | npt.NDArray[Any], memref: bool = False, vector: bool = False
) -> Attribute:
    """The type of a Python value: i32 or i64 by its size, f32, i1; of an array one of tensors.

    memref, vector: of an array, a type of buffers or of registers instead.
    """
    if isinstance(py_val, np.ndarray):
        element = attribute_type(py_val.dtype.type, of="infer_mlir_type")
        kinds: dict[bool, Any] = {memref: MemRefType, vector: VectorType}
        return kinds.get(True, TensorType)(element, py_val.shape)  # type: ignore[no-any-return]
    if isinstance(py_val, bool):
        return mlir_type(ELEMENT_TYPES["i1"])
    if isinstance(py_val, int):
        fits = -(2**31) <= py_val < 2**31
        return mlir_type(ELEMENT_TYPES["i32" if fits else "i64"])
    if isinstance(py_val, float):
        return mlir_type(ELEMENT_TYPES["f32"])
    raise DesignError(f"infer_mlir_type of a {type(py_val).__name__}", at=author_line())


def get_arg_types(objs: Sequence[Any]) -> list[Attribute]:
    """The types of numbers and values."""
    return [
        infer_mlir_type(each) if is_number(each) else value_of(each, "an argument").type
        for each in objs
    ]
