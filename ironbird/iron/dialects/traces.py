"""What trace units record: `@trace(tile, "name")` round the events, and the host's side."""

from collections.abc import Callable
from typing import Any

from xdsl.ir import Block, Operation, Region

from ironbird.base.device import Direction
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.fifos import fifo_name
from ironbird.iron.dialects.flows import port_of
from ironbird.iron.dialects.region import (
    Built,
    RegionKind,
    building,
    end_of,
    region_of,
    value_of,
)
from ironbird.iron.dialects.words import TraceShimRouting


@builder
def trace(
    tile: Any, sym_name: str, *, loc: Any = None, ip: Any = None
) -> Callable[[Callable[[], Any]], Built]:
    """`@trace(tile, "name")`: the function says what the trace unit of the tile records."""
    outer = region_of("trace", RegionKind.DEVICE)
    at = author_line()
    made = aie.TraceOp(value_of(tile, "the tile of trace"), sym_name, Region(Block()))
    outer.emit(made)

    def build(body: Callable[[], Any]) -> Built:
        block = made.body.block
        with building(block, f"the trace {sym_name!r}", at):
            body()
        end_of(block, at)
        return Built(made)

    return build


@builder
def trace_mode(mode: Any, *, loc: Any = None, ip: Any = None) -> None:
    """What is kept with each event."""
    _emit(aie.TraceModeOp(str(mode)))


@builder
def trace_packet(id: int | None, type: Any, *, loc: Any = None, ip: Any = None) -> None:
    """The packet header of the unit; without an id one is given later."""
    _emit(aie.TracePacketOp(id, str(type)))


@builder
def trace_event(event: Any, *, label: str | None = None, loc: Any = None, ip: Any = None) -> None:
    """An event to record; a unit has eight."""
    _emit(aie.TraceEventOp(_name_of(event), label))


@builder
def trace_port(
    slot: int, port: Any, channel: int, direction: Any, *, loc: Any = None, ip: Any = None
) -> None:
    """The stream port that a port event of the slot watches."""
    bundle, number = port_of(port, channel)
    _emit(aie.TracePortOp(slot, bundle, number, Direction(direction)))


@builder
def trace_start(
    *, broadcast: int | None = None, event: Any = None, loc: Any = None, ip: Any = None
) -> None:
    """When the unit starts: on a broadcast, or on an event of its own."""
    name = None if event is None else _name_of(event)
    _emit(aie.TraceStartOp(broadcast=broadcast, event=name))


@builder
def trace_stop(
    *, broadcast: int | None = None, event: Any = None, loc: Any = None, ip: Any = None
) -> None:
    """When the unit stops."""
    name = None if event is None else _name_of(event)
    _emit(aie.TraceStopOp(broadcast=broadcast, event=name))


@builder
def trace_combo_event(
    slot: int, eventA: Any, logic: Any, eventB: Any, *, loc: Any = None, ip: Any = None
) -> None:
    """An event made of two others: `logic` is AND, AND_NOT, OR or OR_NOT."""
    _emit(aie.TraceComboEventOp(slot, _name_of(eventA), str(logic), _name_of(eventB)))


@builder
def trace_edge_event(
    slot: int, event: Any, trigger: Any, *, loc: Any = None, ip: Any = None
) -> None:
    """An event that reports the change of another: `trigger` is RISING, FALLING or BOTH."""
    _emit(aie.TraceEdgeEventOp(slot, _name_of(event), str(trigger)))


@builder
def trace_start_config(name: Any, *, loc: Any = None, ip: Any = None) -> None:
    """In the sequence: write a trace's configuration to its unit."""
    made = aie.TraceStartConfigOp(fifo_name(name, "trace_start_config"))
    region_of("trace_start_config", RegionKind.SEQUENCE).emit(made)


@builder
def trace_host_config(
    buffer_size: int,
    *,
    arg_idx: int = 4,
    routing: Any = TraceShimRouting.Single,
    egress_shim_col: int = 0,
    reuse_output_buffer: bool | None = None,
    loc: Any = None,
    ip: Any = None,
) -> None:
    """In the sequence: where the host keeps the trace, and its size in bytes.

    arg_idx: before 1.4 the tensor that holds it; -1 puts it behind the last tensor's elements,
    which is `reuse_output_buffer` since.
    """
    if routing is not TraceShimRouting.Single:
        raise DesignError(
            f"trace_host_config(routing={routing!r})",
            at=author_line(),
            because="traces leave by one shim tile",
            fix="TraceShimRouting.Single, and egress_shim_col= for its column",
        )
    reuse = reuse_output_buffer if reuse_output_buffer is not None else arg_idx == -1
    made = aie.TraceHostConfigOp(
        buffer_size, egress_shim_col=egress_shim_col, reuse_output_buffer=reuse
    )
    region_of("trace_host_config", RegionKind.SEQUENCE).emit(made)


def _emit(made: Operation) -> None:
    what = made.name.removeprefix("aie.").replace(".", "_")
    region_of(what, RegionKind.TRACE).emit(made)


def _name_of(event: Any) -> str:
    """An event's name from the name, from a member of an enumeration, or from what has its code."""
    code = getattr(event, "code", event)
    return str(getattr(code, "name", code))
