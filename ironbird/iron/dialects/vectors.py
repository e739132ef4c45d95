"""Registers of several elements in core code: what cascades carry and vector loads give."""

from typing import Any

from xdsl.dialects import vector as mlir_vector
from xdsl.ir import SSAValue

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir.upstream.vectors import ShapeCastOp
from ironbird.iron.core_buffers import MemRefValue
from ironbird.iron.core_values import scalar_of
from ironbird.iron.core_vectors import VectorValue, core_value
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.region import RegionKind, region_of
from ironbird.iron.dialects.types import number_type
from ironbird.iron.mlir_types import INDEX, element_of, mlir_type

_COMPUTING = (RegionKind.CORE, RegionKind.FUNCTION)


@builder
def load(result: Any, base: MemRefValue, indices: Any, **_place: Any) -> VectorValue:
    """`vector.load(T.vector(16, T.i32()), buffer, [i])`: consecutive elements as a vector."""
    trace = region_of("vector.load", *_COMPUTING)
    made = mlir_vector.LoadOp(base.ssa, _indices(base, indices), result)
    return VectorValue(trace.emit(made).results[0])


@builder
def store(valueToStore: VectorValue, base: MemRefValue, indices: Any, **_place: Any) -> None:
    """`vector.store(v, buffer, [i])`: a vector into consecutive elements."""
    trace = region_of("vector.store", *_COMPUTING)
    trace.emit(mlir_vector.StoreOp(valueToStore.ssa, base.ssa, _indices(base, indices)))


@builder
def broadcast(result: Any, source: Any, **_place: Any) -> VectorValue:
    """`vector.broadcast(T.vector(16, T.i32()), number)`: one number in every element."""
    trace = region_of("vector.broadcast", *_COMPUTING)
    element = element_of(result.element_type)
    assert element is not None
    number = scalar_of(source, element, what="vector.broadcast")
    return VectorValue(trace.emit(mlir_vector.BroadcastOp(number.ssa, result)).results[0])


@builder
def fma(
    lhs: VectorValue, rhs: VectorValue, acc: VectorValue, *, loc: Any = None, ip: Any = None
) -> VectorValue:
    """`lhs * rhs + acc` of floats, element by element, rounded once."""
    trace = region_of("vector.fma", *_COMPUTING)
    return VectorValue(trace.emit(mlir_vector.FMAOp(lhs.ssa, rhs.ssa, acc.ssa)).results[0])


@builder
def reduction(
    dest: Any,
    kind: Any,
    vector: VectorValue,
    *,
    acc: Any = None,
    loc: Any = None,
    ip: Any = None,
) -> Any:
    """All elements joined into one of type `dest`: `reduction(T.i32(), "add", lanes)`."""
    trace = region_of("vector.reduction", *_COMPUTING)
    word = str(getattr(kind, "name", kind)).lower()
    try:
        checked = mlir_vector.CombiningKindAttr(mlir_vector.CombiningKindFlag(word))
    except ValueError:
        raise DesignError(
            f"vector.reduction by {kind!r}",
            at=author_line(),
            because=f"elements are joined by {', '.join(mlir_vector.CombiningKindFlag)}",
        ) from None
    element = number_type(dest, of="the result of vector.reduction")
    start = None if acc is None else scalar_of(acc, element, what="vector.reduction").ssa
    # xDSL's own constructor gives the result the vector's type.
    made = mlir_vector.ReductionOp.build(
        operands=[vector.ssa, start],
        properties={"kind": checked},
        result_types=[mlir_type(element)],
    )
    return core_value(trace.emit(made).results[0])


@builder
def extract(
    source: VectorValue,
    dynamic_position: Any = (),
    static_position: Any = (),
    *,
    loc: Any = None,
    ip: Any = None,
) -> Any:
    """The element at `static_position`, one number for each axis of the vector."""
    trace = region_of("vector.extract", *_COMPUTING)
    places = _places("vector.extract", source, dynamic_position, static_position)
    made = mlir_vector.ExtractOp(source.ssa, places, source.type.element_type)
    return core_value(trace.emit(made).results[0])


@builder
def insert(
    value_to_store: Any,
    dest: VectorValue,
    dynamic_position: Any = (),
    static_position: Any = (),
    *,
    loc: Any = None,
    ip: Any = None,
) -> VectorValue:
    """`dest` with another element at `static_position`."""
    trace = region_of("vector.insert", *_COMPUTING)
    element = number_type(dest.type.element_type, of="an element of vector.insert")
    stored = scalar_of(value_to_store, element, what="vector.insert").ssa
    places = _places("vector.insert", dest, dynamic_position, static_position)
    return VectorValue(trace.emit(mlir_vector.InsertOp(stored, dest.ssa, places)).results[0])


@builder
def shape_cast(result: Any, source: VectorValue, *, loc: Any = None, ip: Any = None) -> VectorValue:
    """The same elements in another shape."""
    trace = region_of("vector.shape_cast", *_COMPUTING)
    return VectorValue(trace.emit(ShapeCastOp(source.ssa, result)).results[0])


def _places(what: str, vector: VectorValue, dynamic: Any, static: Any) -> list[int]:
    """One number for each axis. Refuses places that only the run knows, and those outside."""
    shape = vector.type.get_shape()
    places = [int(each) for each in static]
    inside = all(0 <= place < size for place, size in zip(places, shape, strict=False))
    if list(dynamic) or len(places) != len(shape) or not inside:
        raise DesignError(
            f"{what} at {list(static)} of a {vector.type}",
            at=author_line(),
            because="it takes one number inside the vector for each of its axes",
            fix="static_position=[0]",
        )
    return places


def _indices(base: MemRefValue, indices: Any) -> list[SSAValue]:
    if len(indices) != len(base.shape):
        raise DesignError(
            f"{len(indices)} indices into a buffer of {base.array}",
            at=author_line(),
            because=f"it has {len(base.shape)} axes",
        )
    return [scalar_of(each, INDEX, what="an index").ssa for each in indices]
