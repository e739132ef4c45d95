"""The memref operations that authors call by name: `load`, `store`, views, globals."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from xdsl.dialects import memref
from xdsl.dialects.builtin import MemRefType, StringAttr, SymbolRefAttr, UnitAttr
from xdsl.ir import SSAValue

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.core_buffers import MemRefValue
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.region import Built, RegionKind, region_of
from ironbird.iron.dialects.types import attribute_type, buffer_type
from ironbird.iron.mlir_types import dense_values, memref_type


@builder
def load(memref: MemRefValue, indices: Sequence[Any] = (), **_place: Any) -> Any:
    """The element at one index for each axis."""
    return memref[_indices(memref, indices)]


@builder
def store(value: Any, memref: MemRefValue, indices: Sequence[Any] = (), **_place: Any) -> None:
    """Put an element at one index for each axis."""
    memref[_indices(memref, indices)] = value


@builder
def subview(
    source: MemRefValue,
    offsets: Sequence[int],
    sizes: Sequence[int],
    strides: Sequence[int] | None = None,
    **_place: Any,
) -> Any:
    """A view of `sizes` elements along each axis, from `offsets` on, `strides` apart."""
    steps = [1] * len(sizes) if strides is None else list(strides)
    parts = zip(offsets, sizes, steps, strict=True)
    return source[tuple(slice(start, start + size * step, step) for start, size, step in parts)]


@builder
def alloc(
    sizes: Sequence[int], element_type: Any, *, loc: Any = None, ip: Any = None
) -> MemRefValue:
    """Memory of the core's own, on its stack, while it runs."""
    trace = region_of("memref.alloc", RegionKind.CORE, RegionKind.FUNCTION)
    element = attribute_type(element_type, of="memref.alloc")
    array = buffer_type(MemRefType(element, sizes), of="memref.alloc")
    made = memref.AllocOp([], [], memref_type(array))
    return MemRefValue(trace.emit(made).results[0])


@builder
def copy(source: MemRefValue, target: MemRefValue, *, loc: Any = None, ip: Any = None) -> None:
    """All elements of one buffer into another of the same shape."""
    trace = region_of("memref.copy", RegionKind.CORE, RegionKind.FUNCTION)
    if source.array != target.array:
        raise DesignError(
            f"memref.copy of {source.array} into {target.array}",
            at=author_line(),
            because="both have one shape and one element type",
        )
    trace.emit(memref.CopyOp(source.ssa, target.ssa))


class GlobalWords(Built):
    """A constant of the device, for `get_global` and `npu_blockwrite`."""

    op: memref.GlobalOp

    @property
    def sym_name(self) -> str:
        """Its name."""
        return self.op.sym_name.data


@builder
def global_(
    initial_value: npt.NDArray[Any] | None = None,
    sym_name: str | None = None,
    type: Any = None,
    sym_visibility: str = "private",
    constant: bool = True,
    **_place: Any,
) -> GlobalWords:
    """A constant array of the device: `global_(np.array(...), sym_name="words")`."""
    trace = region_of("memref.global_", RegionKind.DEVICE, RegionKind.MODULE)
    if sym_name is None or (initial_value is None and type is None):
        raise DesignError(
            "memref.global_ without a name, or without values and type",
            at=author_line(),
            fix='memref.global_(np.array([...], dtype=np.int32), sym_name="words")',
        )
    values = None if initial_value is None else np.asarray(initial_value)
    of = f"global {sym_name!r}"
    if type is not None:
        array = buffer_type(type, of=of)
    else:
        assert values is not None
        array = buffer_type(np.ndarray[values.shape, np.dtype[values.dtype.type]], of=of)  # type: ignore[name-defined]
    made = memref.GlobalOp.get(
        StringAttr(sym_name),
        memref_type(array),
        UnitAttr() if values is None else dense_values(values, array.element, as_tensor=True),
        StringAttr(sym_visibility),
        UnitAttr() if constant else None,
    )
    return GlobalWords(trace.emit(made))


@builder
def get_global(result: Any, name: Any = None, **_place: Any) -> SSAValue:
    """The memory of a global, by the global itself or by type and name."""
    trace = region_of("memref.get_global", RegionKind.SEQUENCE, RegionKind.CORE)
    if isinstance(result, GlobalWords):
        kind, symbol = memref_type(buffer_type(result.op.type, of="get_global")), result.sym_name
    else:
        kind, symbol = memref_type(buffer_type(result, of="get_global")), str(name)
    made = memref.GetGlobalOp.build(result_types=[kind], properties={"name": SymbolRefAttr(symbol)})
    return trace.emit(made).results[0]


def _indices(buffer: MemRefValue, indices: Any) -> tuple[Any, ...]:
    given = indices if isinstance(indices, list | tuple) else [indices]
    if len(given) != len(buffer.shape):
        raise DesignError(
            f"{len(given)} indices into a buffer of {buffer.array}",
            at=author_line(),
            because=f"it has {len(buffer.shape)} axes",
        )
    return tuple(given)
