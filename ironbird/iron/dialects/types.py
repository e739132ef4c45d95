"""Types as authors write them: numpy's, `T.memref(16, T.i32())`, `MemRefType.get((16,), ...)`."""

from typing import Any, NoReturn

import numpy as np
from xdsl.dialects.builtin import (
    IndexType,
    IntegerType,
    MemRefType,
    NoneAttr,
    TensorType,
    VectorType,
)
from xdsl.ir import Attribute

from ironbird.base.element_types import ELEMENT_TYPES, ElementType
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.array_types import (
    ArrayType,
    array_type,
    is_array_annotation,
    scalar_type,
    shown,
)
from ironbird.iron.mlir_types import Memref, element_of, memref_type, mlir_type


def buffer_type(annotation: Any, *, of: str) -> ArrayType:
    """The array that an annotation or a memref type describes."""
    if not isinstance(annotation, MemRefType):
        return array_type(annotation, of=of)
    element = element_of(annotation.element_type)
    dense = isinstance(annotation.layout, NoneAttr)
    if element is None or not dense or not annotation.has_static_shape():
        raise DesignError(
            f"{of} has the type {annotation}",
            at=author_line(),
            because="it must be dense, of known sizes, and of an element type of the device",
        )
    return ArrayType(annotation.get_shape(), element)


def argument_type(annotation: Any, *, of: str) -> ArrayType | ElementType:
    """What an argument of a function or of a sequence is: an array or a number."""
    if is_array_annotation(annotation) or isinstance(annotation, MemRefType):
        return buffer_type(annotation, of=of)
    if isinstance(annotation, Attribute):
        return number_type(annotation, of=of)
    return scalar_type(annotation, of=of)


def number_type(annotation: Any, *, of: str) -> ElementType:
    """The element type that an MLIR type or a numpy type names."""
    if not isinstance(annotation, Attribute):
        return scalar_type(annotation, of=of)
    element = element_of(annotation)
    if element is None:
        raise DesignError(f"{of} has the type {annotation}", at=author_line())
    return element


def attribute_type(annotation: Any, *, of: str) -> Attribute:
    """The MLIR type of anything that names one."""
    if isinstance(annotation, Attribute):
        return annotation
    found = argument_type(annotation, of=of)
    return memref_type(found) if isinstance(found, ArrayType) else mlir_type(found)


class T:
    """MLIR types by short names: `T.i32()`, `T.memref(16, T.i32())`."""

    @staticmethod
    def index() -> IndexType:
        """The type of loop counters."""
        return IndexType()

    @staticmethod
    def bool() -> IntegerType:
        """One bit."""
        return IntegerType(1)

    @staticmethod
    def memref(*shape_and_element: Any, element_type: Any = None) -> Memref:
        """A dense buffer: sizes, then the type of an element."""
        shape, element = _split("T.memref", shape_and_element, element_type)
        return MemRefType(element, shape)

    @staticmethod
    def vector(*shape_and_element: Any, element_type: Any = None) -> VectorType[Any]:
        """A register of several elements."""
        shape, element = _split("T.vector", shape_and_element, element_type)
        return VectorType(element, shape)

    @staticmethod
    def tensor(*shape_and_element: Any, element_type: Any = None) -> TensorType[Any]:
        """A tensor, as initial values have it."""
        shape, element = _split("T.tensor", shape_and_element, element_type)
        return TensorType(element, shape)


def _named(name: str) -> Any:
    def make() -> Attribute:
        return mlir_type(ELEMENT_TYPES[name])

    make.__name__ = name
    make.__doc__ = f"The type of one {name}."
    return staticmethod(make)


for _name in ("i8", "i16", "i32", "i64", "ui8", "ui16", "ui32", "ui64", "bf16", "f16"):
    setattr(T, _name, _named(_name))
for _name in ("f32", "f64"):
    setattr(T, _name, _named(_name))


def _split(
    what: str, parts: tuple[Any, ...], element_type: Any
) -> tuple[tuple[int, ...], Attribute]:
    """Sizes and the element's type from `(4, 4, T.i32())` or `((4, 4), T.i32())`."""
    *sizes, element = (*parts, element_type) if element_type is not None else parts
    if len(sizes) == 1 and isinstance(sizes[0], tuple | list):
        sizes = list(sizes[0])
    if not all(isinstance(size, int | np.integer) and size > 0 for size in sizes):
        raise DesignError(
            f"{what}({', '.join(map(shown, parts))})",
            at=author_line(),
            because="its sizes are integers of at least 1",
            fix=f"{what}(16, T.i32())",
        )
    return tuple(int(size) for size in sizes), attribute_type(element, of=what)


class BlockFloat(np.generic):
    """Base of the block floats of npu2, which npu1 has not."""

    @staticmethod
    def get() -> NoReturn:
        """Refused: the type in MLIR."""
        raise DesignError(
            "a block float",
            at=author_line(),
            because="npu1 has none; they are of npu2",
            fix="bfloat16",
        )


class v8bfp16ebs8(BlockFloat):
    """Eight bfloat16 mantissas with one exponent: npu2 only."""


class v16bfp16ebs16(BlockFloat):
    """Sixteen bfloat16 mantissas with one exponent: npu2 only."""
