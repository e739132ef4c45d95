"""Cores placed by hand, and what only a core does: streams, cascade, events."""

from collections.abc import Callable
from typing import Any

import numpy as np
from xdsl.ir import Block, Region

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie
from ironbird.ir.locations import named_location
from ironbird.iron.core_values import is_number, scalar_of
from ironbird.iron.core_vectors import core_value
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.region import (
    Built,
    RegionKind,
    building,
    end_of,
    region_of,
    value_of,
)
from ironbird.iron.dialects.types import attribute_type
from ironbird.iron.mlir_types import I32


class Core(Built):
    """A core under construction; build it with `InsertionPoint(block)`, up to `EndOp()`."""

    op: aie.CoreOp

    def __init__(
        self,
        tile: Any,
        link_with: str | None = None,
        dynamic_objfifo_lowering: bool | None = None,
        stack_size: int | None = None,
    ) -> None:
        trace = region_of("a core", RegionKind.DEVICE)
        if stack_size is not None and (not is_number(stack_size) or stack_size <= 0):
            raise DesignError(
                f"a core with stack_size={stack_size!r}",
                at=author_line(),
                because="it is a number of bytes above 0",
            )
        made = aie.CoreOp(
            value_of(tile, "the tile of a core"),
            Region(Block()),
            link_with=link_with,
            stack_size=stack_size,
            dynamic_objfifo_lowering=dynamic_objfifo_lowering,
        )
        super().__init__(trace.emit(made))

    @property
    def body(self) -> Region:
        """Its region."""
        return self.op.body


@builder
def core(
    tile: Any,
    link_with: str | None = None,
    dynamic_objfifo_lowering: bool | None = None,
    stack_size: int | None = None,
    *,
    loc: Any = None,
    ip: Any = None,
) -> Callable[[Callable[[], Any]], Core]:
    """`@core(tile)`: the function builds the core's program, which runs once.

    A program that goes on for ever loops itself: `for _ in range_(sys.maxsize)`.
    """
    made = Core(tile, link_with, dynamic_objfifo_lowering, stack_size)
    at = author_line()

    def build(body: Callable[[], Any]) -> Core:
        made.op.location = named_location(body.__name__, at)
        block = made.op.body.block
        with building(block, f"the core {body.__name__!r}", at):
            body()
        end_of(block, at)
        return made

    return build


@builder
def EndOp(*, loc: Any = None, ip: Any = None) -> Built:
    """The end of a core's program, of a DMA program, of a task's descriptors."""
    kinds = [kind for kind in RegionKind if kind is not RegionKind.MODULE]
    return Built(region_of("EndOp()", *kinds).emit(aie.EndOp()))


@builder
def put_cascade(cascade_value: Any, *, loc: Any = None, ip: Any = None) -> None:
    """Send 512 bits to the neighbour in the south or the east."""
    trace = region_of("put_cascade", RegionKind.CORE)
    trace.emit(aie.PutCascadeOp(value_of(cascade_value, "the value of put_cascade")))


@builder
def get_cascade(cascade_value: Any, *, loc: Any = None, ip: Any = None) -> Any:
    """Wait for 512 bits from the neighbour; `cascade_value` is their type, `T.vector(16, ...)`."""
    trace = region_of("get_cascade", RegionKind.CORE)
    made = aie.GetCascadeOp(attribute_type(cascade_value, of="get_cascade"))
    return core_value(trace.emit(made).results[0])


@builder
def get_stream(stream_value: Any, channel: Any = 0, *, loc: Any = None, ip: Any = None) -> Any:
    """Wait for a value of the type `stream_value` from a stream port of the core."""
    trace = region_of("get_stream", RegionKind.CORE)
    port = scalar_of(channel, I32, what="the channel of get_stream").ssa
    made = aie.GetStreamOp(port, attribute_type(stream_value, of="get_stream"))
    return core_value(trace.emit(made).results[0])


@builder
def put_stream(channel: Any, stream_value: Any, *, loc: Any = None, ip: Any = None) -> None:
    """Send a value to a stream port of the core; a Python integer goes as 32 bits."""
    trace = region_of("put_stream", RegionKind.CORE)
    port = scalar_of(channel, I32, what="the channel of put_stream").ssa
    value = (
        scalar_of(stream_value, I32, what="put_stream").ssa
        if is_number(stream_value)
        else value_of(stream_value, "the value of put_stream")
    )
    trace.emit(aie.PutStreamOp(port, value))


@builder
def event(val: int, *, loc: Any = None, ip: Any = None) -> None:
    """Emit event 0 or 1, for the trace units."""
    if not isinstance(val, int | np.integer) or val not in (0, 1):
        raise DesignError(f"event({val!r})", at=author_line(), because="a core has events 0 and 1")
    region_of("event", RegionKind.CORE).emit(aie.EventOp(int(val)))
