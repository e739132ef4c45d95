"""Events of trace units as authors name them: `CoreEvent.LOCK_STALL`, `PortEvent(...)`.

A member's name is the event's name in MLIR, its value the hardware's number. An enumeration has no
member for an event whose number is unknown here (`ironbird.base.trace_events`).
"""

from collections.abc import Mapping
from enum import Enum, IntEnum
from types import SimpleNamespace
from typing import Any, ClassVar

from ironbird.base.device import Bundle, Direction, Tile
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine, author_line
from ironbird.base.trace_events import EVENTS, TracePacket
from ironbird.base.trace_registers import PORT_LAYOUT, REGISTERS, port_number
from ironbird.iron.dialect_words import DMAChannelDir, WireBundle


class PacketType(IntEnum):
    """The unit that a trace packet comes from."""

    CORE = TracePacket.CORE
    MEM = TracePacket.MEMORY
    SHIMTILE = TracePacket.SHIM
    MEMTILE = TracePacket.MEMORY_TILE


NUM_TRACE_TYPES = len(PacketType)


class TileEvent(Enum):
    """An event by its number; the enumerations of the four units are its subclasses."""

    def __str__(self) -> str:
        return self.name


def _enumeration(name: str, packet: TracePacket) -> Any:
    return TileEvent(name, dict(EVENTS[packet]), module=__name__)  # type: ignore[call-arg]


CoreEvent = _enumeration("CoreEvent", TracePacket.CORE)
MemEvent = _enumeration("MemEvent", TracePacket.MEMORY)
ShimTileEvent = _enumeration("ShimTileEvent", TracePacket.SHIM)
MemTileEvent = _enumeration("MemTileEvent", TracePacket.MEMORY_TILE)

ENUMERATIONS: Mapping[TracePacket, Any] = {
    TracePacket.CORE: CoreEvent,
    TracePacket.MEMORY: MemEvent,
    TracePacket.SHIM: ShimTileEvent,
    TracePacket.MEMORY_TILE: MemTileEvent,
}


def _port_events(events: Any) -> set[Any]:
    return {event for event in events if event.name.startswith("PORT_")}


PortEventCodes = _port_events(CoreEvent)
MemTilePortEventCodes = _port_events(MemTileEvent)
ShimTilePortEventCodes = _port_events(ShimTileEvent)


def get_events_for_device(device: str) -> SimpleNamespace:
    """The four enumerations of a device, as attributes. Refuses devices other than npu1's."""
    if not str(device).startswith("npu1"):
        raise DesignError(
            f"events of {device!r}",
            at=author_line(),
            because="only those of npu1 are known here",
            fix='"npu1"',
        )
    return SimpleNamespace(
        CoreEvent=CoreEvent,
        MemEvent=MemEvent,
        ShimTileEvent=ShimTileEvent,
        MemTileEvent=MemTileEvent,
    )


class GenericEvent:
    """An event that needs no more than its number."""

    def __init__(self, code: Any) -> None:
        if not isinstance(code, TileEvent):
            raise DesignError(
                f"{type(self).__name__}({code!r})",
                at=author_line(),
                because="an event is a member of CoreEvent, MemEvent, ShimTileEvent or "
                "MemTileEvent",
            )
        self.code = code
        self.at = author_line()

    def get_register_writes(self) -> dict[int, int]:
        """Registers to write besides the event's slot, by offset in the tile: none."""
        return {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code.name})"


class BasePortEvent(GenericEvent):
    """An event about a port of the stream switch. master: an output of the switch."""

    PACKET: ClassVar[TracePacket] = TracePacket.CORE
    TILE: ClassVar[Tile] = Tile(0, 2)

    def __init__(
        self,
        code: Any,
        port: WireBundle,
        channel: int,
        master: bool = True,
        enum_class: Any = None,
        valid_codes: Any = None,
    ) -> None:
        super().__init__(code)
        allowed = _port_events(ENUMERATIONS[self.PACKET]) if valid_codes is None else valid_codes
        if code not in allowed:
            raise DesignError(
                f"{type(self).__name__}({code})",
                at=self.at,
                because="it is not an event about a port",
                fix=f"{type(code).__name__}.PORT_RUNNING_0",
            )
        self.port = WireBundle(port)
        self.channel = channel
        self.master = master
        self.slot = int(code.name[-1])

    @property
    def direction(self) -> DMAChannelDir:
        """What leaves the switch goes into a DMA's memory."""
        return DMAChannelDir.S2MM if self.master else DMAChannelDir.MM2S

    def get_register_writes(self) -> dict[int, int]:
        """Both port selection registers, with this event's slot set."""
        number = port_number(self.TILE, Bundle(self.port), self.channel, Direction(self.direction))
        offset = REGISTERS[self.PACKET].ports
        assert offset is not None
        if number is None:
            raise DesignError(
                f"{self!r} watches {self.port}:{self.channel}",
                at=self.at,
                because="the tile has no such port",
            )
        words = PORT_LAYOUT.encode(
            {f"number{self.slot}": number, f"is_output{self.slot}": int(self.master)}
        )
        return {offset + 4 * n: word for n, word in enumerate(words)}


class PortEvent(BasePortEvent):
    """A port of a core tile's switch."""

    def __init__(self, code: Any, port: WireBundle, channel: int, master: bool = True) -> None:
        super().__init__(code, port, channel, master)


class MemTilePortEvent(BasePortEvent):
    """A port of a memory tile's switch."""

    PACKET = TracePacket.MEMORY_TILE
    TILE = Tile(0, 1)

    def __init__(self, code: Any, port: WireBundle, channel: int, master: bool = True) -> None:
        super().__init__(code, port, channel, master)


class ShimTilePortEvent(BasePortEvent):
    """A port of a shim tile's switch."""

    PACKET = TracePacket.SHIM
    TILE = Tile(0, 0)

    def __init__(self, code: Any, port: WireBundle, channel: int, master: bool = True) -> None:
        super().__init__(code, port, channel, master)


class TraceMode(Enum):
    """What is kept with each event; the simulator records Event-Time."""

    EventTime = "Event-Time"
    EventPC = "Event-PC"
    Execution = "Execution"


def as_event(given: Any, packet: TracePacket, at: SourceLine) -> GenericEvent:
    """The event an author means: an event, a member of an enumeration, a name, or a number."""
    known = ENUMERATIONS[packet]
    if isinstance(given, GenericEvent):
        found = given.code
    elif isinstance(given, TileEvent):
        found = given
    elif isinstance(given, str) and given in known.__members__:
        found = known[given]
    elif isinstance(given, int) and given in {event.value for event in known}:
        found = known(given)
    else:
        raise DesignError(
            f"unknown trace event {given!r}",
            at=at,
            because=f"no event of the {packet.name.lower().replace('_', ' ')} unit is known by "
            "that name or number here",
            fix=f"a member of {known.__name__}",
        )
    if not isinstance(found, known):
        raise DesignError(
            f"{type(found).__name__}.{found} in a trace of the "
            f"{packet.name.lower().replace('_', ' ')} unit",
            at=at,
            because=f"its events are those of {known.__name__}",
        )
    return given if isinstance(given, GenericEvent) else GenericEvent(found)
