"""Integer attributes by their width, and the plain numbers inside them."""

from typing import TypeAlias

from xdsl.dialects.builtin import (
    DenseArrayBase,
    IntegerAttr,
    IntegerType,
    Signedness,
    StringAttr,
    SymbolRefAttr,
    i1,
    i8,
    i32,
    i64,
)
from xdsl.ir import Attribute

ui8 = IntegerType(8, Signedness.UNSIGNED)
ui32 = IntegerType(32, Signedness.UNSIGNED)
ui64 = IntegerType(64, Signedness.UNSIGNED)

Integer: TypeAlias = IntegerAttr[IntegerType]

Integers: TypeAlias = DenseArrayBase[IntegerType]
"""`array<i64: 4, 8, 2>`."""

TRUE: Integer = IntegerAttr(1, i1)
FALSE: Integer = IntegerAttr(0, i1)

# What MLIR writes into a static list where the number is an operand instead (ShapedType::kDynamic).
RUN_TIME = -(2**63)


def number_of(attr: Attribute) -> int:
    """The number in an integer attribute."""
    assert isinstance(attr, IntegerAttr)
    number: int = attr.value.data
    return number


def numbers_of(array: Integers) -> tuple[int, ...]:
    """The numbers in an integer array attribute."""
    return tuple(int(number) for number in array.iter_values())


def integer(number: int | Integer | None, type_: IntegerType) -> Integer | None:
    """An integer attribute of `type_`; None stays None, an attribute stays as it is."""
    if number is None or isinstance(number, IntegerAttr):
        return number
    return IntegerAttr(number, type_)


def as_i32(number: int | Integer | None) -> Integer | None:
    """A 32-bit integer attribute; None stays None."""
    return integer(number, i32)


def as_i64(number: int | Integer | None) -> Integer | None:
    """A 64-bit integer attribute; None stays None."""
    return integer(number, i64)


def as_bool(flag: bool | None) -> Integer | None:
    """`true` or `false`; None stays None."""
    return None if flag is None else (TRUE if flag else FALSE)


def as_text(text: str | StringAttr | None) -> StringAttr | None:
    """A string attribute; None stays None."""
    return StringAttr(text) if isinstance(text, str) else text


def as_symbol(name: str | SymbolRefAttr | None) -> SymbolRefAttr | None:
    """A reference to the symbol `name`; None stays None."""
    return SymbolRefAttr(name) if isinstance(name, str) else name


__all__ = [
    "FALSE",
    "RUN_TIME",
    "TRUE",
    "Integer",
    "Integers",
    "as_bool",
    "as_i32",
    "as_i64",
    "as_symbol",
    "as_text",
    "i1",
    "i8",
    "i32",
    "i64",
    "integer",
    "number_of",
    "numbers_of",
    "ui8",
    "ui32",
    "ui64",
]
