"""What a program wants traced, and the operations that say so: `aie.trace` and its start."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from xdsl.ir import Block, Operation, Region, SSAValue

from ironbird.base.device import TileKind
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine, author_line
from ironbird.base.trace_events import EVENT_SLOTS, TracePacket
from ironbird.ir import aie
from ironbird.ir.codes import TRACE_PACKET_TYPES
from ironbird.ir.locations import location_of
from ironbird.iron.calls import flattened
from ironbird.iron.device_body import DeviceBody
from ironbird.iron.dialect_words import WireBundle
from ironbird.iron.trace_events import (
    BasePortEvent,
    CoreEvent,
    GenericEvent,
    MemEvent,
    MemTileEvent,
    MemTilePortEvent,
    PortEvent,
    ShimTileEvent,
    TraceMode,
    as_event,
)
from ironbird.iron.worker import Worker

# Packets have 32 bytes; mlir-aie's default for a trace.
DEFAULT_TRACE_BYTES = 8192
START_BROADCAST, STOP_BROADCAST = 15, 14
_LAST_ARGUMENT = -1


def default_events(packet: TracePacket) -> list[Any]:
    """What is recorded where the author names no events.

    unknown: what mlir-aie records by default today; assumed are these.
    """
    match packet:
        case TracePacket.CORE:
            return [
                CoreEvent.INSTR_EVENT_0,
                CoreEvent.INSTR_EVENT_1,
                CoreEvent.INSTR_VECTOR,
                CoreEvent.STREAM_STALL,
                CoreEvent.LOCK_STALL,
                CoreEvent.INSTR_LOCK_ACQUIRE_REQ,
                PortEvent(CoreEvent.PORT_RUNNING_0, WireBundle.DMA, 0, master=True),
                PortEvent(CoreEvent.PORT_RUNNING_1, WireBundle.DMA, 0, master=False),
            ]
        case TracePacket.MEMORY:
            return [
                MemEvent[f"DMA_{channel}_{what}"]
                for what in ("START_TASK", "FINISHED_BD")
                for channel in ("S2MM_0", "S2MM_1", "MM2S_0", "MM2S_1")
            ]
        case TracePacket.MEMORY_TILE:
            return [
                MemTilePortEvent(
                    MemTileEvent[f"PORT_RUNNING_{slot}"], WireBundle.DMA, slot // 2, slot % 2 == 0
                )
                for slot in range(EVENT_SLOTS)
            ]
        case TracePacket.SHIM:
            return [
                ShimTileEvent[f"DMA_{channel}_{what}"]
                for what in ("START_TASK", "FINISHED_TASK")
                for channel in ("S2MM_0", "S2MM_1", "MM2S_0", "MM2S_1")
            ]


@dataclass(frozen=True, kw_only=True)
class TraceRequest:
    """`Program.enable_trace(...)`.

    trace_size: bytes of the host's buffer.
    workers:    whose cores are traced; None: those made with `Worker(trace=...)`, or all if none.
    reuse_output_buffer: the trace follows the last tensor's own bytes, instead of a further tensor.
    *_events:   up to eight of each kind; None: the defaults for cores, nothing elsewhere.
    """

    trace_size: int = DEFAULT_TRACE_BYTES
    workers: tuple[Worker, ...] | None = None
    reuse_output_buffer: bool = False
    coretile_events: Sequence[Any] | None = None
    coremem_events: Sequence[Any] | None = None
    memtile_events: Sequence[Any] | None = None
    shimtile_events: Sequence[Any] | None = None
    egress_shim_col: int = 0
    at: SourceLine = field(default_factory=author_line)

    def __post_init__(self) -> None:
        size = self.trace_size
        if isinstance(size, bool) or not isinstance(size, int) or size <= 0 or size % 32:
            raise DesignError(
                f"enable_trace(trace_size={size!r})",
                at=self.at,
                because="it is a number of bytes, and trace packets have 32",
                fix=f"{DEFAULT_TRACE_BYTES}",
            )


def trace_request(
    trace_size: int | None = None,
    workers: Sequence[Worker] | None = None,
    reuse_output_buffer: bool = False,
    coretile_events: Sequence[Any] | None = None,
    coremem_events: Sequence[Any] | None = None,
    memtile_events: Sequence[Any] | None = None,
    shimtile_events: Sequence[Any] | None = None,
    egress_shim_col: int = 0,
    core_trace_mode: TraceMode = TraceMode.EventTime,
    *,
    ddr_id: int | None = None,
    at: SourceLine | None = None,
) -> TraceRequest:
    """A request from what `enable_trace` was called with, in any generation.

    ddr_id: until April 2026 the number of the argument that takes the trace; -1: behind the last
            tensor's bytes. Other numbers mean a further argument here, whatever they are.
    """
    line = at if at is not None else author_line()
    if core_trace_mode is not TraceMode.EventTime:
        raise DesignError(
            f"enable_trace(core_trace_mode={core_trace_mode})",
            at=line,
            because="cores have no program counter in the simulator",
            fix="TraceMode.EventTime",
        )
    return TraceRequest(
        trace_size=DEFAULT_TRACE_BYTES if trace_size is None else trace_size,
        workers=None if workers is None else tuple(flattened(workers)),
        reuse_output_buffer=reuse_output_buffer or ddr_id == _LAST_ARGUMENT,
        coretile_events=coretile_events,
        coremem_events=coremem_events,
        memtile_events=memtile_events,
        shimtile_events=shimtile_events,
        egress_shim_col=egress_shim_col,
        at=line,
    )


def emit_traces(
    request: TraceRequest,
    body: DeviceBody,
    workers: Sequence[Worker],
    sequences: Sequence[Operation],
) -> list[Operation]:
    """The `aie.trace` operations of a device; their start goes to the front of its sequences."""
    units = _units(request, body, workers)
    if not units:
        raise DesignError(
            "enable_trace() with nothing to trace",
            at=request.at,
            because="the program has no workers, and no tile of another kind is asked for",
            fix="enable_trace(workers=[...])",
        )
    traces: list[aie.TraceOp] = []
    for number, (packet, tile, events) in enumerate(units, 1):
        traces.append(_trace(number, packet, tile, events))
    for op in traces:
        for each in op.walk():
            each.location = location_of(request.at)
    for sequence in sequences:
        _put_first(_starts(request, traces), sequence.regions[0].block)
    return list(traces)


def _starts(request: TraceRequest, traces: Sequence[aie.TraceOp]) -> list[Operation]:
    host = aie.TraceHostConfigOp(
        request.trace_size,
        egress_shim_col=request.egress_shim_col,
        reuse_output_buffer=request.reuse_output_buffer,
    )
    starts: list[Operation] = [
        host,
        *(aie.TraceStartConfigOp(trace.sym_name.data) for trace in traces),
    ]
    for op in starts:
        op.location = location_of(request.at)
    return starts


_Unit = tuple[TracePacket, SSAValue, list[GenericEvent]]


def _units(request: TraceRequest, body: DeviceBody, workers: Sequence[Worker]) -> list[_Unit]:
    units: list[_Unit] = []
    for worker in _traced(request, workers):
        tile = body.tile(worker.tile, worker.created_at)
        own = worker.trace_events or request.coretile_events
        units.append((TracePacket.CORE, tile, _events(own, TracePacket.CORE, request)))
        if request.coremem_events is not None:
            events = _events(request.coremem_events, TracePacket.MEMORY, request)
            units.append((TracePacket.MEMORY, tile, events))
    for packet, asked in (
        (TracePacket.MEMORY_TILE, request.memtile_events),
        (TracePacket.SHIM, request.shimtile_events),
    ):
        if asked is None:
            continue
        events = _events(asked, packet, request)
        units += [(packet, tile, events) for tile in _tiles(body, packet.tile_kind)]
    return units


def _traced(request: TraceRequest, workers: Sequence[Worker]) -> list[Worker]:
    if request.workers is None:
        marked = [worker for worker in workers if worker.trace is not None]
        return marked or list(workers)
    for worker in request.workers:
        if worker not in workers:
            raise DesignError(
                "enable_trace() of a Worker that is not the program's",
                at=request.at,
                because=f"{worker!r} made at {worker.created_at} is not among its workers",
            )
    return list(request.workers)


def _tiles(body: DeviceBody, kind: TileKind) -> list[SSAValue]:
    """The tiles of a kind that the program uses so far, as it names them."""
    return [op.result for op in body.logical_tiles if op.kind is kind]


def _events(
    given: Sequence[Any] | None, packet: TracePacket, request: TraceRequest
) -> list[GenericEvent]:
    chosen = default_events(packet) if not given else list(given)
    if len(chosen) > EVENT_SLOTS:
        raise DesignError(
            f"enable_trace() with {len(chosen)} events of one kind",
            at=request.at,
            because=f"a trace unit records {EVENT_SLOTS}",
        )
    return [as_event(each, packet, request.at) for each in chosen]


def _trace(
    number: int, packet: TracePacket, tile: SSAValue, events: Sequence[GenericEvent]
) -> aie.TraceOp:
    body = Region(trace_body(number, packet, events, START_BROADCAST, STOP_BROADCAST))
    return aie.TraceOp(tile, f"trace_{TRACE_PACKET_TYPES.words[packet]}_{number}", body)


def trace_body(
    packet_id: int,
    packet: TracePacket,
    events: Sequence[GenericEvent],
    start_broadcast: int,
    stop_broadcast: int,
) -> Block:
    """What stands in an `aie.trace`."""
    block = Block()
    if packet is TracePacket.CORE:
        block.add_op(aie.TraceModeOp(TraceMode.EventTime.value))
    block.add_op(aie.TracePacketOp(packet_id, str(TRACE_PACKET_TYPES.words[packet])))
    for event in events:
        if isinstance(event, BasePortEvent):
            block.add_op(aie.TracePortOp(event.slot, event.port, event.channel, event.direction))
        block.add_op(aie.TraceEventOp(event.code.name))
    block.add_op(aie.TraceStartOp(broadcast=start_broadcast))
    block.add_op(aie.TraceStopOp(broadcast=stop_broadcast))
    block.add_op(aie.EndOp())
    return block


def _put_first(ops: Sequence[Operation], block: Block) -> None:
    first = block.first_op
    if first is None:
        block.add_ops(ops)
    else:
        block.insert_ops_before(ops, first)
