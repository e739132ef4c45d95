"""The attributes of operations that make one view from another: where it starts, in elements.

Refuses sizes and strides known only at run time, and a view that leaves the one it is made from.
"""

import math

from xdsl.dialects.builtin import MemRefType, NoneAttr
from xdsl.ir import Operation as MlirOperation

from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir.integers import RUN_TIME
from ironbird.plan.build_types import memory_view
from ironbird.plan.core_program import AttributeValue
from ironbird.plan.vector_attributes import numbers

Attributes = dict[str, AttributeValue]


def subview(op: MlirOperation, at: SourceLine | None) -> Attributes:
    """Run-time offsets are the operands behind the view; `steps` are their strides in elements."""
    _refuse_run_time(op, ("static_sizes", "static_strides"), at)
    source = memory_view(op.operands[0].type, at)
    sizes, strides = (
        numbers(op.properties["static_sizes"]),
        numbers(op.properties["static_strides"]),
    )
    offset = 0
    steps: list[int] = []
    limits: list[int] = []
    for axis, start in enumerate(numbers(op.properties["static_offsets"])):
        limit = source.shape[axis] - (sizes[axis] - 1) * strides[axis]
        _refuse_outside(0 if start == RUN_TIME else start, limit, f"axis {axis}", op, at)
        if start == RUN_TIME:
            steps.append(source.strides[axis])
            limits.append(limit)
        else:
            offset += start * source.strides[axis]
    return {"offset": offset, "steps": tuple(steps), "limits": tuple(limits)}


def reinterpret_cast(op: MlirOperation, at: SourceLine | None) -> Attributes:
    """Its one offset counts from the start of the buffer under the view, not from the view."""
    _refuse_run_time(op, ("static_sizes", "static_strides"), at)
    source = op.operands[0].type
    assert isinstance(source, MemRefType)
    if not isinstance(source.layout, NoneAttr):
        raise DesignError(
            f"{op.name} of a view that need not start where its buffer starts",
            at=at,
            because=f"the view is {source}",
            fix="memref.subview of the view",
        )
    result = memory_view(op.results[0].type, at)
    extent = sum((s - 1) * step for s, step in zip(result.shape, result.strides, strict=True))
    limit = math.prod(memory_view(source, at).shape) - extent
    (offset,) = numbers(op.properties["static_offsets"])
    _refuse_outside(0 if offset == RUN_TIME else offset, limit, "the buffer", op, at)
    if offset == RUN_TIME:
        return {"offset": 0, "steps": (1,), "limits": (limit,)}
    return {"offset": offset, "steps": (), "limits": ()}


def _refuse_outside(
    start: int, limit: int, of: str, op: MlirOperation, at: SourceLine | None
) -> None:
    if 0 <= start < limit:
        return
    raise DesignError(
        f"{op.name} leaves {of}",
        at=at,
        because=f"it starts at element {start}; "
        + (f"the last that it may start at is {limit - 1}" if limit > 0 else "it is longer"),
    )


def _refuse_run_time(op: MlirOperation, names: tuple[str, ...], at: SourceLine | None) -> None:
    for name in names:
        if RUN_TIME in numbers(op.properties[name]):
            what = name.removeprefix("static_")
            raise DesignError(f"{op.name} has {what} that are known only at run time", at=at)
