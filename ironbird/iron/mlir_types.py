"""Element types and arrays as xDSL spells them."""

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from xdsl.dialects.builtin import (
    BFloat16Type,
    DenseIntOrFPElementsAttr,
    Float16Type,
    Float32Type,
    Float64Type,
    FloatAttr,
    IndexType,
    IntegerAttr,
    IntegerType,
    MemRefType,
    NoneAttr,
    Signedness,
    StridedLayoutAttr,
    TensorType,
)
from xdsl.ir import Attribute

from ironbird.base.element_types import ELEMENT_TYPES, ElementType
from ironbird.iron.array_types import ArrayType

Memref: TypeAlias = MemRefType[Attribute]

_FLOATS: dict[str, Attribute] = {
    "bf16": BFloat16Type(),
    "f16": Float16Type(),
    "f32": Float32Type(),
    "f64": Float64Type(),
}
_WIDTHS = (1, 8, 16, 32, 64)
_MLIR: dict[str, Attribute] = {
    **_FLOATS,
    **{f"i{width}": IntegerType(width) for width in _WIDTHS},
    **{f"ui{width}": IntegerType(width, Signedness.UNSIGNED) for width in _WIDTHS[1:]},
    "index": IndexType(),
}
_ELEMENTS = {mlir: ELEMENT_TYPES[name] for name, mlir in _MLIR.items()}

INDEX = ELEMENT_TYPES["index"]
BOOL = ELEMENT_TYPES["i1"]
I32 = ELEMENT_TYPES["i32"]


def mlir_type(element: ElementType) -> Attribute:
    """The type of one number."""
    return _MLIR[element.name]


def element_of(mlir: Attribute) -> ElementType | None:
    """The element type that an MLIR type stands for; None if it is none of ours."""
    return _ELEMENTS.get(mlir)


def memref_type(array: ArrayType) -> Memref:
    """The type of a dense buffer."""
    return MemRefType(mlir_type(array.element), array.shape)


def strided_memref_type(array: ArrayType, strides: tuple[int, ...], offset: int | None) -> Memref:
    """The type of a view: strides and offset in elements; offset None if known only at run time."""
    layout = StridedLayoutAttr(list(strides), NoneAttr() if offset is None else offset)
    return MemRefType(mlir_type(array.element), array.shape, layout)


def number_attribute(value: float, element: ElementType) -> Attribute:
    """The attribute of a constant."""
    mlir: Any = mlir_type(element)
    made: Attribute = (
        FloatAttr(float(value), mlir) if element.is_float else IntegerAttr(int(value), mlir)
    )
    return made


def dense_values(
    values: npt.NDArray[np.generic], element: ElementType, *, as_tensor: bool
) -> DenseIntOrFPElementsAttr:
    """Initial values: over a tensor for buffers, over a memref for fifos, as the dialect has it."""
    mlir: Any = mlir_type(element)
    type_: Any = (TensorType if as_tensor else MemRefType)(mlir, values.shape)
    flat = values.reshape(-1)
    if flat.size > 1 and (flat == flat[0]).all():
        flat = flat[:1]
    numbers = [float(each) if element.is_float else int(each) for each in flat]
    made: DenseIntOrFPElementsAttr = DenseIntOrFPElementsAttr.from_list(type_, numbers)
    return made
