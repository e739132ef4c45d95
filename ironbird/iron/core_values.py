"""Numbers and buffers inside core code: Python operators that emit arith and memref operations.

What a core computes is not known while its function is traced, so whatever needs the number now
(`if`, `while`, `min`, `int`, `range`) is refused, and the message says what to write instead.
Division and remainder of integers truncate towards zero, as `arith.divsi` and `arith.remsi` do.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from xdsl.dialects import arith
from xdsl.ir import Attribute, Operation, SSAValue

from ironbird.base.element_types import ElementType
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir.upstream.arith_texts import RemFOp
from ironbird.iron.core_refusals import LaterNumber, computer
from ironbird.iron.mlir_types import BOOL, INDEX, element_of, mlir_type
from ironbird.iron.numpy_operators import operator_of
from ironbird.iron.tracing import Trace, current_trace

Number: TypeAlias = int | float | np.generic
BinaryOp: TypeAlias = Callable[..., Operation]

# Python's operator, arith on integers, arith on floats (None: refused).
_ARITHMETIC: dict[str, tuple[BinaryOp | None, BinaryOp | None]] = {
    "+": (arith.AddiOp, arith.AddfOp),
    "-": (arith.SubiOp, arith.SubfOp),
    "*": (arith.MuliOp, arith.MulfOp),
    "/": (arith.DivSIOp, arith.DivfOp),
    "//": (arith.FloorDivSIOp, None),
    "%": (arith.RemSIOp, RemFOp),
    "&": (arith.AndIOp, None),
    "|": (arith.OrIOp, None),
    "^": (arith.XOrIOp, None),
    "<<": (arith.ShLIOp, None),
    ">>": (arith.ShRSIOp, None),
    "**": (None, None),
}
_COMPARISONS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}


class ScalarValue(LaterNumber):
    """One number that a core computes. `element` is its type; `index` for loop counters."""

    __hash__ = object.__hash__

    def __init__(self, ssa: SSAValue) -> None:
        element = element_of(ssa.type)
        assert element is not None, f"no element type for {ssa.type}"
        self.ssa = ssa
        self.element = element

    @property
    def dtype(self) -> np.dtype[Any]:
        """The numpy dtype of the number."""
        return self.element.dtype

    @property
    def type(self) -> Attribute:
        """Its MLIR type."""
        return self.ssa.type

    def __repr__(self) -> str:
        return f"<{self.element} value of a {computer()}>"

    def __add__(self, other: Any) -> "ScalarValue":
        return arithmetic("+", self, other)

    def __radd__(self, other: Any) -> "ScalarValue":
        return arithmetic("+", other, self)

    def __sub__(self, other: Any) -> "ScalarValue":
        return arithmetic("-", self, other)

    def __rsub__(self, other: Any) -> "ScalarValue":
        return arithmetic("-", other, self)

    def __mul__(self, other: Any) -> "ScalarValue":
        return arithmetic("*", self, other)

    def __rmul__(self, other: Any) -> "ScalarValue":
        return arithmetic("*", other, self)

    def __truediv__(self, other: Any) -> "ScalarValue":
        return arithmetic("/", self, other)

    def __rtruediv__(self, other: Any) -> "ScalarValue":
        return arithmetic("/", other, self)

    def __floordiv__(self, other: Any) -> "ScalarValue":
        return arithmetic("//", self, other)

    def __rfloordiv__(self, other: Any) -> "ScalarValue":
        return arithmetic("//", other, self)

    def __mod__(self, other: Any) -> "ScalarValue":
        return arithmetic("%", self, other)

    def __rmod__(self, other: Any) -> "ScalarValue":
        return arithmetic("%", other, self)

    def __and__(self, other: Any) -> "ScalarValue":
        return arithmetic("&", self, other)

    def __rand__(self, other: Any) -> "ScalarValue":
        return arithmetic("&", other, self)

    def __or__(self, other: Any) -> "ScalarValue":
        return arithmetic("|", self, other)

    def __ror__(self, other: Any) -> "ScalarValue":
        return arithmetic("|", other, self)

    def __xor__(self, other: Any) -> "ScalarValue":
        return arithmetic("^", self, other)

    def __rxor__(self, other: Any) -> "ScalarValue":
        return arithmetic("^", other, self)

    def __lshift__(self, other: Any) -> "ScalarValue":
        return arithmetic("<<", self, other)

    def __rlshift__(self, other: Any) -> "ScalarValue":
        return arithmetic("<<", other, self)

    def __rshift__(self, other: Any) -> "ScalarValue":
        return arithmetic(">>", self, other)

    def __rrshift__(self, other: Any) -> "ScalarValue":
        return arithmetic(">>", other, self)

    def __pow__(self, other: Any) -> "ScalarValue":
        return arithmetic("**", self, other)

    def __rpow__(self, other: Any) -> "ScalarValue":
        return arithmetic("**", other, self)

    def __neg__(self) -> "ScalarValue":
        if not self.element.is_float:
            return arithmetic("-", 0, self)
        return ScalarValue(current_trace("-").emit(arith.NegfOp(self.ssa)).results[0])

    def __pos__(self) -> "ScalarValue":
        return self

    def __invert__(self) -> "ScalarValue":
        return arithmetic("^", self, 1 if self.element is BOOL else -1)

    def __abs__(self) -> "ScalarValue":
        refuse_unsigned(self.element, "abs()")
        from xdsl.dialects import math as mlir_math  # its 40 operations take long to define

        op = mlir_math.AbsFOp if self.element.is_float else mlir_math.AbsIOp
        return ScalarValue(current_trace("abs()").emit(op(self.ssa)).results[0])

    def __lt__(self, other: Any) -> "ScalarValue":
        return compare("<", self, other)

    def __le__(self, other: Any) -> "ScalarValue":
        return compare("<=", self, other)

    def __gt__(self, other: Any) -> "ScalarValue":
        return compare(">", self, other)

    def __ge__(self, other: Any) -> "ScalarValue":
        return compare(">=", self, other)

    def __eq__(self, other: object) -> "ScalarValue":  # type: ignore[override]
        return compare("==", self, other)

    def __ne__(self, other: object) -> "ScalarValue":  # type: ignore[override]
        return compare("!=", self, other)

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any
    ) -> "ScalarValue":
        symbol = operator_of(ufunc)
        if symbol is None or method != "__call__" or options:
            self.refuse_number_now(
                f"np.{ufunc.__name__}()",
                "Python's operators, aie.extras.dialects.arith (maxsi, minsi, select), or a C++ "
                "kernel",
            )
        # numpy hands a number over as an array without axes.
        numbers = [each[()] if isinstance(each, np.ndarray) else each for each in inputs]
        return (compare if symbol in _COMPARISONS else arithmetic)(symbol, *numbers)


def is_number(value: object) -> bool:
    """Whether `value` is a Python or numpy number, bool included."""
    if isinstance(value, bool | int | float):
        return True
    return isinstance(value, np.generic) and np.dtype(value.dtype).kind != "S"


def arithmetic(symbol: str, left: Any, right: Any) -> ScalarValue:
    """`left symbol right` as an arith operation; one of the two is a core value."""
    trace = current_trace(f"`{symbol}`")
    a, b = _paired(trace, symbol, left, right)
    integer_op, float_op = _ARITHMETIC[symbol]
    op = float_op if a.element.is_float else integer_op
    if op is None:
        raise _no_such_operator(symbol, a.element)
    if symbol in ("/", "//", "%") and is_number(right) and right == 0 and not a.element.is_float:
        raise DesignError(f"`{symbol}` of a core value by 0", at=author_line())
    return ScalarValue(trace.emit(op(a.ssa, b.ssa)).results[0])


def compare(symbol: str, left: Any, right: Any) -> ScalarValue:
    """`left symbol right` as a signed or ordered comparison; the result is an i1."""
    trace = current_trace(f"`{symbol}`")
    a, b = _paired(trace, symbol, left, right)
    name = _COMPARISONS[symbol]
    if a.element.is_float:
        # As in Python, a NaN is unequal to everything and makes every other comparison false.
        predicate = "une" if name == "ne" else f"o{name}"
        return ScalarValue(trace.emit(arith.CmpfOp(a.ssa, b.ssa, predicate)).results[0])
    predicate = name if name in ("eq", "ne") else f"s{name}"
    return ScalarValue(trace.emit(arith.CmpiOp(a.ssa, b.ssa, predicate)).results[0])


def scalar_of(value: Any, element: ElementType, *, what: str) -> ScalarValue:
    """`value` as a core value of `element`: a number becomes a constant, an index is cast.

    `what` says where it goes, for the refusal of anything else.
    """
    trace = current_trace(what)
    if isinstance(value, ScalarValue):
        if value.element is element:
            return value
        if INDEX in (value.element, element) and not _other(value.element, element).is_float:
            return index_cast_to(trace, value, element)
        raise DesignError(
            f"{what} takes {element}, not {value.element}",
            at=author_line(),
            fix=f"a cast from aie.extras.dialects.arith: {cast_hint(value.element, element)}",
        )
    if not is_number(value):
        raise DesignError(
            f"{what} takes a number, not {_kind(value)}",
            at=author_line(),
            because=f"its type is {element}",
        )
    check_literal(value, element, what)
    return ScalarValue(trace.constant(value, element))


def index_cast_to(trace: Trace, value: ScalarValue, element: ElementType) -> ScalarValue:
    """An index as an integer, or an integer as an index."""
    refuse_unsigned(value.element, "an index")
    op = arith.IndexCastOp(value.ssa, mlir_type(element))
    return ScalarValue(trace.emit(op).results[0])


def check_literal(value: Any, element: ElementType, what: str) -> None:
    """Refuse a number that `element` cannot hold."""
    refuse_unsigned(element, what)
    if element.is_float:
        return
    if isinstance(value, float | np.floating) or np.asarray(value).dtype.kind not in "biu":
        raise DesignError(
            f"{what} takes {element}, not the float {value}",
            at=author_line(),
            fix=f"{int(value)}, or a float element type",
        )
    if element is INDEX:
        return
    least, most = (0, 1) if element is BOOL else _range_of(element)
    if element is BOOL and value == -1:
        return
    if not least <= value <= most:
        raise DesignError(
            f"{what} takes {element}, and {value} does not fit",
            at=author_line(),
            because=f"{element} holds {least} to {most}",
        )


def refuse_unsigned(element: ElementType, what: str) -> None:
    """Unsigned elements can be moved, not computed with: arith is signless."""
    if element.is_unsigned:
        signed = element.name.removeprefix("u")
        raise DesignError(
            f"{what} on the unsigned type {element}",
            at=author_line(),
            because="a core can only move unsigned elements; mlir's arith operations are signless",
            fix=f"{signed} elements, or a C++ kernel",
        )


def cast_hint(source: ElementType, target: ElementType) -> str:
    """The arith cast that turns one type into another."""
    if INDEX in (source, target):
        return "index_cast"
    if source.is_float and target.is_float:
        return "extf" if target.bytes > source.bytes else "truncf"
    if source.is_float:
        return "fptosi"
    if target.is_float:
        return "sitofp"
    return "extsi" if target.bytes > source.bytes else "trunci"


def _paired(trace: Trace, symbol: str, left: Any, right: Any) -> tuple[ScalarValue, ScalarValue]:
    """Both sides as core values of one type, emitted left first."""
    sides = (left, right)
    what = f"`{symbol}`"
    for side in sides:
        if isinstance(side, ScalarValue):
            refuse_unsigned(side.element, what)
        elif not is_number(side):
            raise DesignError(
                f"{what} between a core value and {_kind(side)}",
                at=author_line(),
                because="core code computes with single elements",
                fix="one element, such as buffer[i]",
            )
    elements = [side.element for side in sides if isinstance(side, ScalarValue)]
    common = elements[0]
    if len(elements) == 2 and elements[0] is not elements[1]:
        if INDEX not in elements or any(element.is_float for element in elements):
            raise DesignError(
                f"{what} between {elements[0]} and {elements[1]}",
                at=author_line(),
                because="both sides of a core operation have one type",
                fix="a cast from aie.extras.dialects.arith: "
                f"{cast_hint(elements[0], elements[1])} or {cast_hint(elements[1], elements[0])}",
            )
        common = _other(*elements)
    a, b = (scalar_of(side, common, what=what) for side in sides)
    return a, b


def _kind(value: object) -> str:
    """What a value that is no number is, as a message says it."""
    array = getattr(value, "array", None)
    return f"a buffer of {array}" if array is not None else f"a {type(value).__name__}"


def _other(first: ElementType, second: ElementType) -> ElementType:
    return second if first is INDEX else first


def _range_of(element: ElementType) -> tuple[int, int]:
    limits = np.iinfo(element.dtype)
    return int(limits.min), int(limits.max)


def _no_such_operator(symbol: str, element: ElementType) -> DesignError:
    if symbol == "//":
        because, fix = "floor division is defined for integers", "`/`"
    elif symbol == "**":
        because, fix = "cores have no power", "`x * x`, or a C++ kernel"
    else:
        because, fix = "bit operations are defined for integers", "an integer element type"
    return DesignError(
        f"`{symbol}` on {element} values", at=author_line(), because=because, fix=fix
    )
