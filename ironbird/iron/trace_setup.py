"""Traces of placed designs: `configure_trace(tiles)` in a device, `start_trace()` in a sequence."""

from collections.abc import Sequence
from typing import Any

from xdsl.ir import Block, Operation, Region

from ironbird.base.device import TileKind
from ironbird.base.errors import DesignError
from ironbird.base.npu1 import NPU1
from ironbird.base.source_line import author_line
from ironbird.base.trace_events import EVENT_SLOTS, TracePacket
from ironbird.ir import aie
from ironbird.ir.codes import TRACE_PACKET_TYPES
from ironbird.iron.dialects.region import RegionKind, region_of, value_of
from ironbird.iron.dialects.registers import npu_push_queue
from ironbird.iron.trace_events import as_event
from ironbird.iron.trace_request import (
    DEFAULT_TRACE_BYTES,
    START_BROADCAST,
    STOP_BROADCAST,
    default_events,
    trace_body,
)

_LAST_ARGUMENT = -1
_UNITS = {
    TileKind.CORE: (TracePacket.CORE, TracePacket.MEMORY),
    TileKind.MEMORY: (TracePacket.MEMORY_TILE,),
    TileKind.SHIM: (TracePacket.SHIM,),
}


def configure_trace(
    tiles_to_trace: Sequence[Any],
    start_broadcast: int = START_BROADCAST,
    stop_broadcast: int = STOP_BROADCAST,
    coretile_events: Sequence[Any] | None = None,
    coremem_events: Sequence[Any] | None = None,
    memtile_events: Sequence[Any] | None = None,
    shimtile_events: Sequence[Any] | None = None,
) -> None:
    """An `aie.trace` for each tile; a core tile that is listed twice has its memory traced too."""
    device = region_of("configure_trace", RegionKind.DEVICE)
    at = author_line()
    chosen = {
        TracePacket.CORE: coretile_events,
        TracePacket.MEMORY: coremem_events,
        TracePacket.MEMORY_TILE: memtile_events,
        TracePacket.SHIM: shimtile_events,
    }
    listed: dict[Any, int] = {}
    for number, given in enumerate(tiles_to_trace, 1):
        tile = value_of(given, "a tile of configure_trace")
        units = _UNITS[_kind(tile.owner)]
        before = listed.get(tile, 0)
        listed[tile] = before + 1
        if before >= len(units):
            raise DesignError(
                f"configure_trace() with one tile listed {before + 1} times",
                at=at,
                because=f"it has {len(units)} trace unit{'s' * (len(units) > 1)}",
            )
        packet = units[before]
        asked = chosen[packet]
        events = [
            as_event(each, packet, at)
            for each in (default_events(packet) if asked is None else asked)
        ]
        if len(events) > EVENT_SLOTS:
            raise DesignError(
                f"configure_trace() with {len(events)} events of one kind",
                at=at,
                because=f"a trace unit records {EVENT_SLOTS}",
            )
        body = Region(trace_body(number, packet, events, start_broadcast, stop_broadcast))
        kind = TRACE_PACKET_TYPES.words[packet]
        device.emit(aie.TraceOp(tile, f"trace_{kind}_{number}", body), at=at)


def start_trace(
    trace_size: int = DEFAULT_TRACE_BYTES, ddr_id: int = 4, routing: str = "single"
) -> None:
    """Start every trace of the device, here in its sequence.

    ddr_id: -1 puts the trace behind the last tensor's bytes; any other number means a further
            tensor. routing: all packets leave through one shim; only "single" is modelled.
    """
    sequence = region_of("start_trace", RegionKind.SEQUENCE)
    at = author_line()
    if str(routing).lower().rpartition(".")[2] != "single":
        raise DesignError(
            f"start_trace(routing={routing!r})",
            at=at,
            because="trace packets leave through one shim here",
            fix='"single"',
        )
    traces = [op for op in _device_of(sequence.innermost.block) if isinstance(op, aie.TraceOp)]
    if not traces:
        raise DesignError(
            "start_trace() in a device without traces",
            at=at,
            fix="configure_trace([tile, ...]) in the device, before the sequence",
        )
    sequence.emit(
        aie.TraceHostConfigOp(trace_size, reuse_output_buffer=ddr_id == _LAST_ARGUMENT), at=at
    )
    for op in traces:
        sequence.emit(aie.TraceStartConfigOp(op.sym_name.data), at=at)


def push_bd_to_task_queue(
    shim: Any, bd_id: int, direction: Any, channel: int, enable_token: bool | int
) -> None:
    """Start a descriptor of a shim tile on a channel, once, here in the sequence.

    direction: 0 S2MM, 1 MM2S. enable_token: whether its end sends a token, which `npu_sync` awaits.
    """
    tile = value_of(shim, "the shim of push_bd_to_task_queue").owner
    if not isinstance(tile, aie.TileOp):
        raise DesignError(
            "push_bd_to_task_queue() on something that is no tile of the device",
            at=author_line(),
            fix="tile(0, 0)",
        )
    place = tile.tile
    npu_push_queue(place.column, place.row, direction, channel, bool(enable_token), 0, bd_id)


def _kind(tile: Any) -> TileKind:
    if isinstance(tile, aie.TileOp):
        return NPU1.kind(tile.tile)
    kind = tile.kind if isinstance(tile, aie.LogicalTileOp) else None
    if kind is None:
        raise DesignError(
            "configure_trace() of something that is no tile of npu1", at=author_line()
        )
    return kind


def _device_of(block: Block) -> Sequence[Operation]:
    owner = block.parent_op()
    while owner is not None and not isinstance(owner, aie.DeviceOp):
        owner = owner.parent_op()
    return list(owner.body.block.ops) if owner is not None else []
