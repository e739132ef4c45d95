"""Vectors inside core code: operators go lane by lane. And any value as core code has it.

Both sides are vectors of one type; a Python number stands for a vector of it in every lane.
"""

from typing import Any

from xdsl.dialects import arith
from xdsl.dialects.builtin import (
    DenseIntOrFPElementsAttr,
    IntAttr,
    MemRefType,
    StridedLayoutAttr,
    VectorType,
    i1,
)
from xdsl.ir import Operation, SSAValue

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.core_buffers import MemRefValue
from ironbird.iron.core_refusals import LaterNumber
from ironbird.iron.core_values import ScalarValue, check_literal, is_number
from ironbird.iron.mlir_types import Memref, element_of
from ironbird.iron.tracing import current_trace

# Python's operator, arith on integers, arith on floats (None: refused).
_ARITHMETIC: dict[str, tuple[type[Operation], type[Operation] | None]] = {
    "+": (arith.AddiOp, arith.AddfOp),
    "-": (arith.SubiOp, arith.SubfOp),
    "*": (arith.MuliOp, arith.MulfOp),
    "/": (arith.DivSIOp, arith.DivfOp),
    "&": (arith.AndIOp, None),
    "|": (arith.OrIOp, None),
    "^": (arith.XOrIOp, None),
}
_COMPARISONS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge"}


class VectorValue(LaterNumber):
    """A vector that a core computes."""

    def __init__(self, ssa: SSAValue) -> None:
        assert isinstance(ssa.type, VectorType)
        self.ssa = ssa
        self.type = ssa.type

    def __add__(self, other: Any) -> "VectorValue":
        return self._with("+", other)

    def __radd__(self, other: Any) -> "VectorValue":
        return self._other("+", other)._with("+", self)

    def __sub__(self, other: Any) -> "VectorValue":
        return self._with("-", other)

    def __rsub__(self, other: Any) -> "VectorValue":
        return self._other("-", other)._with("-", self)

    def __mul__(self, other: Any) -> "VectorValue":
        return self._with("*", other)

    def __rmul__(self, other: Any) -> "VectorValue":
        return self._other("*", other)._with("*", self)

    def __truediv__(self, other: Any) -> "VectorValue":
        return self._with("/", other)

    def __and__(self, other: Any) -> "VectorValue":
        return self._with("&", other)

    def __or__(self, other: Any) -> "VectorValue":
        return self._with("|", other)

    def __xor__(self, other: Any) -> "VectorValue":
        return self._with("^", other)

    def __lt__(self, other: Any) -> "VectorValue":
        return self._compare("<", other)

    def __le__(self, other: Any) -> "VectorValue":
        return self._compare("<=", other)

    def __gt__(self, other: Any) -> "VectorValue":
        return self._compare(">", other)

    def __ge__(self, other: Any) -> "VectorValue":
        return self._compare(">=", other)

    def __repr__(self) -> str:
        return f"<a value of type {self.type}>"

    @property
    def _is_float(self) -> bool:
        element = element_of(self.type.element_type)
        return element is not None and element.is_float

    def _with(self, symbol: str, other: Any) -> "VectorValue":
        right = self._other(symbol, other)
        op = _ARITHMETIC[symbol][self._is_float]
        if op is None:
            raise DesignError(
                f"`{symbol}` on vectors of {self.type.element_type}",
                at=author_line(),
                because="bit operations are defined for integers",
            )
        made = op.create(operands=[self.ssa, right.ssa], result_types=[self.type])
        return VectorValue(current_trace(f"`{symbol}`").emit(made).results[0])

    def _compare(self, symbol: str, other: Any) -> "VectorValue":
        right = self._other(symbol, other)
        word = _COMPARISONS[symbol]
        made = (
            arith.CmpfOp(self.ssa, right.ssa, f"o{word}")
            if self._is_float
            else arith.CmpiOp(self.ssa, right.ssa, f"s{word}")
        )
        flags = VectorType(i1, self.type.get_shape())
        made = type(made).create(
            operands=[self.ssa, right.ssa], result_types=[flags], properties=made.properties
        )
        return VectorValue(current_trace(f"`{symbol}`").emit(made).results[0])

    def _other(self, symbol: str, other: Any) -> "VectorValue":
        """The other side as a vector of this type."""
        if isinstance(other, VectorValue) and other.type == self.type:
            return other
        element = element_of(self.type.element_type)
        if not is_number(other) or element is None:
            raise DesignError(
                f"`{symbol}` between a {self.type} and {other!r}",
                at=author_line(),
                because="both sides are vectors of one type",
            )
        check_literal(other, element, f"`{symbol}`")
        number: Any = float(other) if element.is_float else int(other)
        dense = DenseIntOrFPElementsAttr.from_list(self.type, [number])
        return VectorValue(current_trace(f"`{symbol}`").constant_of(dense))


def core_value(ssa: SSAValue) -> Any:
    """A value as core code has it: a number, a vector, a buffer, or the value itself."""
    if isinstance(ssa.type, VectorType):
        return VectorValue(ssa)
    if isinstance(ssa.type, MemRefType) and element_of(ssa.type.element_type) is not None:
        strides, offset = _layout(ssa.type)
        return MemRefValue(ssa, strides, offset)
    return ssa if element_of(ssa.type) is None else ScalarValue(ssa)


def _layout(type_: Memref) -> tuple[tuple[int, ...] | None, int | None]:
    """Strides and offset in elements; None for row-major ones, and for an offset of the run."""
    if not isinstance(type_.layout, StridedLayoutAttr):
        return None, 0
    offset = type_.layout.offset
    strides = tuple(each.data for each in type_.layout.strides if isinstance(each, IntAttr))
    return strides, offset.data if isinstance(offset, IntAttr) else None
