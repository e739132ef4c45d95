"""Register writes to trace units, and what they add up to: `Traces`.

A unit exists once its Trace_Control0 was written. Packets go where the routes from its trace port
lead; the task that a sequence starts there is the trace buffer, and no step of the plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ironbird.base.device import Bundle, DeviceModel, Direction, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.base.npu1_descriptors import DESCRIPTOR_LAYOUTS
from ironbird.base.npu1_registers import START_QUEUE, WORD_BYTES
from ironbird.base.register_fields import WordLayout
from ironbird.base.source_line import SourceLine
from ironbird.base.trace_events import (
    EVENT_SLOTS,
    EVENTS,
    PORT_SLOTS,
    TracePacket,
    event_name,
)
from ironbird.base.trace_registers import (
    BROADCASTS,
    DMA_EVENT_LAYOUT,
    DMA_EVENT_SELECTION,
    EVENT_BROADCAST_A,
    EVENT_GENERATE,
    PORT_LAYOUT,
    REGISTERS,
    port_of_number,
)
from ironbird.plan.plan import ChannelName, Port, Route
from ironbird.plan.traces import TraceBuffer, Traces, TraceUnit, WatchedPort

ALL_BITS = 2**32 - 1
_EVENT_TIME = 0
_TRUE = 1


@dataclass
class TraceWrites:
    """What the sequence wrote so far.

    generated: events that the sequence made on shim tiles, by tile.
    """

    model: DeviceModel
    routes: Sequence[Route]
    words: dict[tuple[Tile, int], int] = field(default_factory=dict)
    lines: dict[tuple[Tile, int], SourceLine | None] = field(default_factory=dict)
    generated: list[tuple[Tile, int]] = field(default_factory=list)
    buffers: list[tuple[ChannelName, TraceBuffer]] = field(default_factory=list)

    def takes(self, tile: Tile, offset: int) -> bool:
        """Whether a register belongs to a trace unit, or to the events that start one."""
        return offset in _offsets(self.model.kind(tile))

    def write(self, tile: Tile, offset: int, word: int, mask: int, at: SourceLine | None) -> None:
        """Keep a word. An event that is generated goes out on the broadcasts set until then."""
        held = self.words.get((tile, offset), 0) & ~mask | word & mask
        if offset == EVENT_GENERATE and self.model.kind(tile) is TileKind.SHIM:
            self.generated += [
                (tile, channel)
                for channel in range(BROADCASTS)
                if self.words.get((tile, EVENT_BROADCAST_A + WORD_BYTES * channel)) == word
            ]
            return
        self.words[tile, offset] = held
        self.lines.setdefault((tile, offset), at)

    def ends_in(self, channel: ChannelName) -> bool:
        """Whether everything that reaches a channel comes from trace units."""
        sources = self._sources(channel)
        return bool(sources) and all(port.bundle is Bundle.TRACE for port, _ in sources)

    def reaches(self, tile: Tile) -> bool:
        """Whether trace packets end in a channel of `tile`."""
        return any(
            port.tile == tile and route.source.bundle is Bundle.TRACE
            for route in self.routes
            for port in route.destinations
        )

    def start(
        self,
        channel: ChannelName,
        queued: int,
        words: Sequence[int] | None,
        argument: int | None,
        offset_bytes: int,
        at: SourceLine | None,
    ) -> None:
        """A task that takes trace packets: the descriptor's words and the argument it was given."""
        if words is None or argument is None:
            raise DesignError(
                f"{channel} is to take trace packets, and its descriptor was not written",
                at=at,
                because=f"descriptor {START_QUEUE.decode([queued])['descriptor']} needs its words "
                "and the address of an argument",
            )
        layout = DESCRIPTOR_LAYOUTS[self.model.kind(channel.tile)]
        byte_count = layout.decode(words)["length"] * WORD_BYTES
        self.buffers.append((channel, TraceBuffer(argument, offset_bytes, byte_count, ())))

    def traces(self) -> Traces | None:
        """All of it; None if the sequence configured no unit."""
        units = tuple(
            self._unit(tile, packet, at)
            for packet in TracePacket
            for (tile, offset), at in self.lines.items()
            if offset == REGISTERS[packet].control and packet.tile_kind is self.model.kind(tile)
        )
        if not units:
            return None
        buffers = tuple(
            TraceBuffer(
                each.argument, each.offset_bytes, each.byte_count, self._units_into(channel, units)
            )
            for channel, each in self.buffers
        )
        return Traces(units, buffers)

    def _units_into(self, channel: ChannelName, units: Sequence[TraceUnit]) -> tuple[int, ...]:
        sources = self._sources(channel)
        return tuple(
            number
            for number, unit in enumerate(units)
            if (
                Port(unit.tile, Bundle.TRACE, int(unit.packet is TracePacket.MEMORY)),
                unit.packet_id,
            )
            in sources
        )

    def _sources(self, channel: ChannelName) -> list[tuple[Port, int | None]]:
        end = Port(channel.tile, Bundle.DMA, channel.index)
        if channel.direction is not Direction.S2MM:
            return []
        return [
            (route.source, route.packet_id) for route in self.routes if end in route.destinations
        ]

    def _unit(self, tile: Tile, packet: TracePacket, at: SourceLine | None) -> TraceUnit:
        registers = REGISTERS[packet]
        control = self._decoded(tile, registers.control, registers.control_layout)
        if control["mode"] != _EVENT_TIME:
            raise DesignError(
                f"the trace unit of tile {tile} is set to mode {control['mode']}",
                at=at,
                because=f"the simulator records in mode {_EVENT_TIME}, Event-Time",
            )
        if control["packet_type"] != packet:
            raise DesignError(
                f"the {packet.name.lower()} trace unit of tile {tile} sends packets of type "
                f"{control['packet_type']}",
                at=at,
                because=f"its type is {int(packet)}",
            )
        events = self._decoded(tile, registers.events, registers.event_layout)
        return TraceUnit(
            tile=tile,
            packet=packet,
            packet_id=control["packet_id"],
            events=tuple(events[f"slot{slot}"] for slot in range(EVENT_SLOTS)),
            ports=self._ports(tile, packet, events),
            channels=self._channels(tile, packet),
            starts=self._occurs(tile, packet, control["start"]),
            at=at,
        )

    def _occurs(self, tile: Tile, packet: TracePacket, event: int) -> bool:
        """Whether the event that starts a unit happens: always, or broadcast by a shim."""
        if event == _TRUE:
            return True
        name = event_name(packet, event) or ""
        _, _, channel = name.rpartition("_")
        if name.startswith("BROADCAST_"):
            return int(channel) in {each for _, each in self.generated}
        return any(
            shim == tile and self.words.get((tile, EVENT_GENERATE)) == event
            for shim, _ in self.generated
        )

    def _ports(
        self, tile: Tile, packet: TracePacket, events: dict[str, int]
    ) -> tuple[WatchedPort | None, ...]:
        """The ports of the slots that some PORT event names."""
        offset = REGISTERS[packet].ports
        names = [event_name(packet, number) or "" for number in events.values()]
        slots = {int(name[-1]) for name in names if name.startswith("PORT_")}
        if offset is None:
            return (None,) * PORT_SLOTS
        chosen = self._decoded(tile, offset, PORT_LAYOUT)
        watched: list[WatchedPort | None] = []
        for slot in range(PORT_SLOTS):
            if slot not in slots:
                watched.append(None)
                continue
            direction = Direction.S2MM if chosen[f"is_output{slot}"] else Direction.MM2S
            found = port_of_number(tile, chosen[f"number{slot}"], direction)
            watched.append(WatchedPort(*found, direction) if found is not None else None)
        return tuple(watched)

    def _channels(self, tile: Tile, packet: TracePacket) -> tuple[tuple[str, int], ...]:
        if packet is not TracePacket.MEMORY_TILE:
            return ()
        return tuple(self._decoded(tile, DMA_EVENT_SELECTION, DMA_EVENT_LAYOUT).items())

    def _decoded(self, tile: Tile, offset: int, layout: WordLayout) -> dict[str, int]:
        words = [
            self.words.get((tile, offset + WORD_BYTES * n), 0) for n in range(layout.word_count)
        ]
        return layout.decode(words)


def _offsets(kind: TileKind) -> frozenset[int]:
    return _OFFSETS[kind]


def _all_offsets(kind: TileKind) -> frozenset[int]:
    found: set[int] = set()
    for packet in EVENTS:
        if packet.tile_kind is not kind:
            continue
        registers = REGISTERS[packet]
        pairs = [registers.control, registers.events, registers.ports]
        found |= {first + n for first in pairs if first is not None for n in (0, WORD_BYTES)}
        found.add(registers.timer)
    if kind is TileKind.SHIM:
        found.add(EVENT_GENERATE)
        found |= {EVENT_BROADCAST_A + WORD_BYTES * n for n in range(BROADCASTS)}
    if kind is TileKind.MEMORY:
        found.add(DMA_EVENT_SELECTION)
    return frozenset(found)


_OFFSETS = {kind: _all_offsets(kind) for kind in TileKind}
