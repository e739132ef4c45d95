"""Types of MLIR values as types of the plan.

Refuses what the device has no element type for, and shapes or strides known only at run time.
"""

from xdsl.dialects.builtin import (
    AnyFloat,
    IndexType,
    IntegerType,
    MemRefType,
    NoneAttr,
    Signedness,
    StridedLayoutAttr,
)
from xdsl.dialects.builtin import (
    VectorType as MlirVectorType,
)
from xdsl.ir import Attribute

from ironbird.base.element_types import ELEMENT_TYPES, ElementType
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.plan.core_program import MemoryView, ValueType, VectorType

# What streams and the cascade move at once (AM020 ch4): 128 and 512 bits, held as 32-bit words.
WIDE_INTEGERS = (128, 512)


def element_of(type_: Attribute, at: SourceLine | None) -> ElementType:
    """The element type that MLIR spells `type_`."""
    found = ELEMENT_TYPES.get(_spelling(type_))
    if found is None:
        raise DesignError(
            f"{type_} is not an element type of the device",
            at=at,
            because=f"known are {', '.join(ELEMENT_TYPES)}",
        )
    return found


def shape_of(type_: Attribute, at: SourceLine | None) -> tuple[int, ...]:
    """The shape of a memref, in elements."""
    if not isinstance(type_, MemRefType):
        raise DesignError(f"{type_} is not a memref with a rank and an element type", at=at)
    shape = tuple(int(size) for size in type_.get_shape())
    if any(size < 0 for size in shape):
        raise DesignError(f"{type_} has a size that is known only at run time", at=at)
    return shape


def memory_view(type_: Attribute, at: SourceLine | None) -> MemoryView:
    """The view that a memref type describes; its offset is a run-time matter and left out."""
    shape = shape_of(type_, at)
    assert isinstance(type_, MemRefType)
    element = element_of(type_.element_type, at)
    match type_.layout:
        case NoneAttr():
            return MemoryView.contiguous(shape, element)
        case StridedLayoutAttr(strides=strides):
            numbers = [None if isinstance(each, NoneAttr) else each.data for each in strides]
            static = tuple(number for number in numbers if number is not None)
            if len(static) != len(numbers):
                raise DesignError(f"{type_} has a stride that is known only at run time", at=at)
            return MemoryView(shape, static, element)
        case layout:
            raise DesignError(f"{type_} has the layout {layout}; only strides are known", at=at)


def value_type(type_: Attribute, at: SourceLine | None) -> ValueType:
    """The plan's type for any value in a core."""
    match type_:
        case MemRefType():
            return memory_view(type_, at)
        case MlirVectorType():
            shape = tuple(int(size) for size in type_.get_shape())
            return VectorType(shape, element_of(type_.element_type, at))
        case IntegerType(width=width) if width.data in WIDE_INTEGERS:
            return VectorType((width.data // 32,), ELEMENT_TYPES["i32"])
        case _:
            return element_of(type_, at)


def is_wide_integer(type_: Attribute) -> bool:
    """Whether a type is an integer that a core moves as words and does not compute with."""
    return isinstance(type_, IntegerType) and type_.width.data in WIDE_INTEGERS


def _spelling(type_: Attribute) -> str:
    match type_:
        case IndexType():
            return "index"
        case IntegerType(width=width, signedness=signedness):
            prefix = "ui" if signedness.data is Signedness.UNSIGNED else "i"
            return f"{prefix}{width.data}"
        case _ if isinstance(type_, AnyFloat):
            return type_.name
        case _:
            return str(type_)
