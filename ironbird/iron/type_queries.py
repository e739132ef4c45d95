"""Questions about array types that upstream's `aie.helpers.util` answers."""

from typing import Any

from xdsl.ir import Attribute

from ironbird.iron.array_types import array_type, is_array_annotation, scalar_type
from ironbird.iron.mlir_types import Memref, memref_type, mlir_type


def np_ndarray_type_get_shape(ndarray_type: Any) -> tuple[int, ...]:
    """The shape in `np.ndarray[shape, dtype]`."""
    return array_type(ndarray_type, of="np_ndarray_type_get_shape").shape


def np_ndarray_type_get_dtype(ndarray_type: Any) -> type:
    """The numpy scalar class in `np.ndarray[shape, dtype]`."""
    return array_type(ndarray_type, of="np_ndarray_type_get_dtype").element.dtype.type


def np_ndarray_type_to_memref_type(ndarray_type: Any) -> Memref:
    """The memref type of `np.ndarray[shape, dtype]`."""
    return memref_type(array_type(ndarray_type, of="np_ndarray_type_to_memref_type"))


def np_dtype_to_mlir_type(np_dtype: Any) -> Attribute:
    """The type of one number."""
    return mlir_type(scalar_type(np_dtype, of="np_dtype_to_mlir_type"))


def try_convert_np_type_to_mlir_type(input_type: Any) -> Any:
    """The MLIR type of a numpy type; anything else as it is."""
    if is_array_annotation(input_type):
        return np_ndarray_type_to_memref_type(input_type)
    if isinstance(input_type, type):
        return np_dtype_to_mlir_type(input_type)
    return input_type
