"""Registers of several elements in core code: what cascades carry and vector loads give."""

from typing import Any

from xdsl.dialects import arith, vector
from xdsl.dialects.builtin import VectorType
from xdsl.ir import Operation, SSAValue

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.core_buffers import MemRefValue
from ironbird.iron.core_values import ScalarValue, scalar_of
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.region import RegionKind, region_of
from ironbird.iron.mlir_types import INDEX, element_of
from ironbird.iron.tracing import current_trace

_ARITHMETIC: dict[str, tuple[type[Operation], type[Operation]]] = {
    "+": (arith.AddiOp, arith.AddfOp),
    "-": (arith.SubiOp, arith.SubfOp),
    "*": (arith.MuliOp, arith.MulfOp),
}


class VectorValue:
    """A vector that a core computes; `+`, `-` and `*` go element by element."""

    def __init__(self, ssa: SSAValue) -> None:
        assert isinstance(ssa.type, VectorType)
        self.ssa = ssa
        self.type = ssa.type

    def __add__(self, other: Any) -> "VectorValue":
        return self._with("+", other)

    def __sub__(self, other: Any) -> "VectorValue":
        return self._with("-", other)

    def __mul__(self, other: Any) -> "VectorValue":
        return self._with("*", other)

    def __repr__(self) -> str:
        return f"<a value of type {self.type}>"

    def _with(self, symbol: str, other: Any) -> "VectorValue":
        if not isinstance(other, VectorValue) or other.type != self.type:
            raise DesignError(
                f"`{symbol}` between a {self.type} and {other!r}",
                at=author_line(),
                because="both sides are vectors of one type",
            )
        element = element_of(self.type.element_type)
        op = _ARITHMETIC[symbol][element is not None and element.is_float]
        made = op.create(operands=[self.ssa, other.ssa], result_types=[self.type])
        return VectorValue(current_trace(f"`{symbol}`").emit(made).results[0])


def core_value(ssa: SSAValue) -> Any:
    """A value as core code has it: a number, a vector, or the value itself."""
    if isinstance(ssa.type, VectorType):
        return VectorValue(ssa)
    return ssa if element_of(ssa.type) is None else ScalarValue(ssa)


@builder
def load(result: Any, base: MemRefValue, indices: Any, **_place: Any) -> VectorValue:
    """`vector.load(T.vector(16, T.i32()), buffer, [i])`: consecutive elements as a vector."""
    trace = region_of("vector.load", RegionKind.CORE, RegionKind.FUNCTION)
    made = vector.LoadOp(base.ssa, _indices(base, indices), result)
    return VectorValue(trace.emit(made).results[0])


@builder
def store(valueToStore: VectorValue, base: MemRefValue, indices: Any, **_place: Any) -> None:
    """`vector.store(v, buffer, [i])`: a vector into consecutive elements."""
    trace = region_of("vector.store", RegionKind.CORE, RegionKind.FUNCTION)
    trace.emit(vector.StoreOp(valueToStore.ssa, base.ssa, _indices(base, indices)))


@builder
def broadcast(result: Any, source: Any, **_place: Any) -> VectorValue:
    """`vector.broadcast(T.vector(16, T.i32()), number)`: one number in every element."""
    trace = region_of("vector.broadcast", RegionKind.CORE, RegionKind.FUNCTION)
    element = element_of(result.element_type)
    assert element is not None
    number = scalar_of(source, element, what="vector.broadcast")
    return VectorValue(trace.emit(vector.BroadcastOp(number.ssa, result)).results[0])


def _indices(base: MemRefValue, indices: Any) -> list[SSAValue]:
    if len(indices) != len(base.shape):
        raise DesignError(
            f"{len(indices)} indices into a buffer of {base.array}",
            at=author_line(),
            because=f"it has {len(base.shape)} axes",
        )
    return [scalar_of(each, INDEX, what="an index").ssa for each in indices]
