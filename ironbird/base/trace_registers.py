"""Registers of the trace units and of the events that start and stop them, by tile.

Source of addresses and fields: AM025 (AMD, AIE-ML register reference). Those that a core's trace
needs were compared with register writes that mlir-aie made; of the others the memory module's, the
memory tile's and the shim's port selection were compared with nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ironbird.base.device import Bundle, Direction, Tile, TileKind
from ironbird.base.npu1 import NPU1, SHIM_MM2S_SOUTH_PORTS, SHIM_S2MM_SOUTH_PORTS
from ironbird.base.register_fields import Field, WordLayout
from ironbird.base.trace_events import EVENT_SLOTS, PORT_SLOTS, TracePacket


@dataclass(frozen=True, kw_only=True)
class TraceRegisters:
    """One trace unit: byte offsets in its tile, and the words there.

    control:  Trace_Control0 and 1.  events: Trace_Event0 and 1.
    ports:    Stream_Switch_Event_Port_Selection_0 and 1; None for the memory module, which has no
              ports.
    timer:    Timer_Control, whose `reset_event` sets the module's timer back to 0.
    """

    control: int
    events: int
    timer: int
    ports: int | None
    event_bits: int

    @property
    def control_layout(self) -> WordLayout:
        """Mode, events that start and stop; id and type of its packets."""
        return WordLayout(
            2,
            {
                "mode": Field(0, 0, 2),
                "start": Field(0, 16, self.event_bits),
                "stop": Field(0, 24, self.event_bits),
                "packet_id": Field(1, 0, 5),
                "packet_type": Field(1, 12, 3),
            },
        )

    @property
    def event_layout(self) -> WordLayout:
        """The event of each slot."""
        return WordLayout(
            2,
            {f"slot{n}": Field(n // 4, 8 * (n % 4), self.event_bits) for n in range(EVENT_SLOTS)},
        )

    @property
    def timer_layout(self) -> WordLayout:
        """The event that resets the timer."""
        return WordLayout(1, {"reset_event": Field(0, 8, self.event_bits)})


PORT_LAYOUT = WordLayout(
    2,
    {
        **{f"number{n}": Field(n // 4, 8 * (n % 4), 5) for n in range(PORT_SLOTS)},
        **{f"is_output{n}": Field(n // 4, 8 * (n % 4) + 5, 1) for n in range(PORT_SLOTS)},
    },
)
"""The port that PORT_*_n watches: its number among the switch's outputs (masters) or inputs."""


def _unit(base: int, ports: int | None, event_bits: int = 7) -> TraceRegisters:
    return TraceRegisters(
        control=base + 0xD0, events=base + 0xE0, timer=base, ports=ports, event_bits=event_bits
    )


REGISTERS: Mapping[TracePacket, TraceRegisters] = {
    TracePacket.CORE: _unit(0x34000, 0x3FF00),
    TracePacket.MEMORY: _unit(0x14000, None),
    TracePacket.SHIM: _unit(0x34000, 0x3FF00),
    TracePacket.MEMORY_TILE: _unit(0x94000, 0xB0F00, event_bits=8),
}

# Of the shim: an event made by writing its number, and which event goes out on each broadcast.
EVENT_GENERATE = 0x34008
EVENT_BROADCAST_A = 0x34010
BROADCASTS = 16

# Of a memory tile: which channels its DMA events SEL0 and SEL1 are about.
DMA_EVENT_SELECTION = 0xA06A0
DMA_EVENT_LAYOUT = WordLayout(
    1,
    {
        "S2MM_SEL0": Field(0, 0, 3),
        "S2MM_SEL1": Field(0, 8, 3),
        "MM2S_SEL0": Field(0, 16, 3),
        "MM2S_SEL1": Field(0, 24, 3),
    },
)

# The bundles of each switch in the order in which its ports are numbered, outputs and inputs alike.
# The shim's DMA has no ports of its own: it enters and leaves through the south.
_PORT_ORDER = {
    TileKind.CORE: ("CORE", "DMA", "TILE_CONTROL", "FIFO", "SOUTH", "WEST", "NORTH", "EAST"),
    TileKind.MEMORY: ("DMA", "TILE_CONTROL", "SOUTH", "NORTH"),
    TileKind.SHIM: ("TILE_CONTROL", "FIFO", "SOUTH", "WEST", "NORTH", "EAST"),
}


def port_number(tile: Tile, bundle: Bundle, channel: int, direction: Direction) -> int | None:
    """The number of a switch port of `tile`; None if it has no such port.

    direction: S2MM for what leaves the switch (an output, a master), MM2S for what enters it.
    """
    if NPU1.kind(tile) is TileKind.SHIM and bundle is Bundle.DMA:
        souths = SHIM_S2MM_SOUTH_PORTS if direction is Direction.S2MM else SHIM_MM2S_SOUTH_PORTS
        if not 0 <= channel < len(souths):
            return None
        bundle, channel = Bundle.SOUTH, souths[channel]
    first = 0
    for each, count in _ports(tile, direction):
        if each is bundle:
            return first + channel if 0 <= channel < count else None
        first += count
    return None


def port_of_number(tile: Tile, number: int, direction: Direction) -> tuple[Bundle, int] | None:
    """Bundle and channel of a switch port by its number; the shim's DMA again as DMA."""
    first = 0
    for bundle, count in _ports(tile, direction):
        if number < first + count:
            return _shim_dma(tile, bundle, number - first, direction) or (bundle, number - first)
        first += count
    return None


def _ports(tile: Tile, direction: Direction) -> list[tuple[Bundle, int]]:
    model = NPU1.model(tile)
    counts = model.outputs if direction is Direction.S2MM else model.inputs
    order = _PORT_ORDER[model.kind] + (("TRACE",) if direction is Direction.MM2S else ())
    return [(Bundle[name], counts[Bundle[name]]) for name in order]


def _shim_dma(
    tile: Tile, bundle: Bundle, channel: int, direction: Direction
) -> tuple[Bundle, int] | None:
    if NPU1.kind(tile) is not TileKind.SHIM or bundle is not Bundle.SOUTH:
        return None
    souths = SHIM_S2MM_SOUTH_PORTS if direction is Direction.S2MM else SHIM_MM2S_SOUTH_PORTS
    return (Bundle.DMA, souths.index(channel)) if channel in souths else None
