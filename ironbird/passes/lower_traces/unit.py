"""What one `aie.trace` asks of its unit, with every word turned into the number it stands for."""

from dataclasses import dataclass

from xdsl.dialects.builtin import NoneAttr
from xdsl.ir import Operation, SSAValue

from ironbird.base.device import DeviceModel, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.base.trace_events import EVENTS, TracePacket, broadcast_event
from ironbird.base.trace_registers import port_number
from ironbird.ir.aie import (
    TraceComboEventOp,
    TraceEdgeEventOp,
    TraceEventAttr,
    TraceEventOp,
    TraceModeOp,
    TraceOp,
    TracePacketOp,
    TracePortOp,
    TraceStartOp,
    TraceStopOp,
    tile_of,
)
from ironbird.ir.aie.trace import TraceBoundary
from ironbird.ir.codes import BUNDLES, DIRECTIONS, TRACE_MODES, TRACE_PACKET_TYPES, TraceMode
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of

_UNIT_OF_TILE = {
    TileKind.CORE: TracePacket.CORE,
    TileKind.MEMORY: TracePacket.MEMORY_TILE,
    TileKind.SHIM: TracePacket.SHIM,
}


@dataclass(frozen=True)
class WatchedPort:
    """A port of the tile's switch: its number among the outputs or inputs."""

    slot: int
    number: int
    is_output: bool
    text: str


@dataclass(frozen=True, kw_only=True)
class TraceUnit:
    """One unit. events: names and numbers in the order of the slots. start, stop: event numbers."""

    name: str
    tile: Tile
    tile_value: SSAValue
    packet: TracePacket
    packet_id: int
    events: tuple[tuple[str, int], ...]
    ports: tuple[WatchedPort, ...]
    start: int
    stop: int
    start_broadcast: int | None
    stop_broadcast: int | None
    at: SourceLine | None

    @property
    def packet_type(self) -> str:
        """As MLIR spells it."""
        return str(TRACE_PACKET_TYPES.words[self.packet])

    @property
    def source_channel(self) -> int:
        """Which trace port of its switch the unit feeds; a core tile's memory module has 1."""
        return 1 if self.packet is TracePacket.MEMORY else 0


def read_unit(op: TraceOp, packet_id: int, model: DeviceModel) -> TraceUnit:
    """What `op` asks for. Refuses what the unit does not have and what is not known here."""
    tile = tile_of(op.tile)
    name = op.sym_name.data
    if tile is None:
        raise DesignError(f"trace @{name} stands on a tile without a place", at=source_line_of(op))
    packet = packet_of(op, tile, model)
    events: list[tuple[str, int]] = []
    ports: list[WatchedPort] = []
    boundaries: dict[type[Operation], tuple[int, int | None]] = {}
    for inner in op.body.block.ops:
        match inner:
            case TraceModeOp():
                _refuse_mode(inner, name)
            case TraceEventOp():
                events.append(_event(inner.event, packet, inner))
            case TracePortOp():
                ports.append(_port(inner, tile, packet, name))
            case TraceComboEventOp() | TraceEdgeEventOp():
                raise DesignError(
                    f"trace @{name} asks for {inner.name.removeprefix('aie.trace.')}",
                    at=source_line_of(inner),
                    because="how its registers join events was not compared with anything, so "
                    "the simulator records none",
                    fix="the events themselves; whoever reads the trace can join them",
                )
            case TraceStartOp() | TraceStopOp():
                boundaries[type(inner)] = _boundary(inner, packet)
    start, start_broadcast = boundaries.get(TraceStartOp, (0, None))
    stop, stop_broadcast = boundaries.get(TraceStopOp, (0, None))
    return TraceUnit(
        name=name,
        tile=tile,
        tile_value=op.tile,
        packet=packet,
        packet_id=packet_id,
        events=tuple(events),
        ports=tuple(ports),
        start=start,
        stop=stop,
        start_broadcast=start_broadcast,
        stop_broadcast=stop_broadcast,
        at=source_line_of(op),
    )


def packet_of(op: TraceOp, tile: Tile, model: DeviceModel) -> TracePacket:
    """The unit: as `aie.trace.packet` says, otherwise the tile's only one, or a core's own."""
    kind = model.kind(tile)
    for inner in op.body.block.ops:
        if not isinstance(inner, TracePacketOp):
            continue
        packet = TracePacket(number_of(inner.type))
        if packet.tile_kind is not kind:
            raise DesignError(
                f"trace @{op.sym_name.data} sends packets of type "
                f"{TRACE_PACKET_TYPES.word(inner.type)}",
                at=source_line_of(inner),
                because=f"tile {tile} is a {kind} tile",
            )
        return packet
    return _UNIT_OF_TILE[kind]


def _event(event: TraceEventAttr, packet: TracePacket, op: Operation) -> tuple[str, int]:
    text = event.event.data
    number = EVENTS[packet].get(text)
    if number is not None:
        return text, number
    elsewhere = [str(other.tile_kind) for other, table in EVENTS.items() if text in table]
    raise DesignError(
        f"unknown trace event '{text}'",
        at=source_line_of(op),
        because=f"it is an event of {' and '.join(dict.fromkeys(elsewhere))} tiles"
        if elsewhere
        else "its event number is unknown here"
        + ("" if isinstance(event.table, NoneAttr) else f", also in {event.table.data}"),
    )


def _port(op: TracePortOp, tile: Tile, packet: TracePacket, name: str) -> WatchedPort:
    bundle, channel = BUNDLES.word(op.port), number_of(op.channel)
    direction = DIRECTIONS.word(op.direction)
    text = f"{bundle}:{channel} {direction}"
    if packet is TracePacket.MEMORY:
        raise DesignError(
            f"trace @{name} of a memory module watches port {text}",
            at=source_line_of(op),
            because="the stream switch belongs to the core module",
            fix="aie.trace.packet type = core",
        )
    number = port_number(tile, bundle, channel, direction)
    if number is None:
        raise DesignError(
            f"trace @{name} watches port {text}, which tile {tile} does not have",
            at=source_line_of(op),
        )
    return WatchedPort(number_of(op.slot), number, direction == "S2MM", text)


def _boundary(op: TraceBoundary, packet: TracePacket) -> tuple[int, int | None]:
    """The event's number, and the broadcast that it is, if it is one."""
    if op.broadcast is not None:
        channel = number_of(op.broadcast)
        return broadcast_event(packet, channel), channel
    if isinstance(op.event, TraceEventAttr):
        return _event(op.event, packet, op)[1], None
    return 0, None


def _refuse_mode(op: TraceModeOp, name: str) -> None:
    mode = TRACE_MODES.word(op.mode)
    if mode is not TraceMode.EVENT_TIME:
        raise DesignError(
            f"trace @{name} is in mode {mode}",
            at=source_line_of(op),
            because="cores have no program counter in the simulator",
            fix=f'aie.trace.mode "{TraceMode.EVENT_TIME}"',
        )
