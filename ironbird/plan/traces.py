"""What the trace units of a plan record, and where their packets go."""

from dataclasses import dataclass, field

from ironbird.base.device import Bundle, Direction, Tile
from ironbird.base.source_line import SourceLine
from ironbird.base.trace_events import TracePacket, event_name


@dataclass(frozen=True)
class WatchedPort:
    """A port of the tile's switch. direction: S2MM for an output (master), MM2S for an input."""

    bundle: Bundle
    channel: int
    direction: Direction


@dataclass(frozen=True, kw_only=True)
class TraceUnit:
    """One trace unit that a sequence configured.

    events:   the number in each of eight slots; 0 for none.
    ports:    what the PORT events of each slot watch, if anything was chosen.
    channels: of a memory tile, the channel that `S2MM_SEL0` and the like stand for.
    starts:   whether the event that starts it occurs.
    """

    tile: Tile
    packet: TracePacket
    packet_id: int
    events: tuple[int, ...]
    ports: tuple[WatchedPort | None, ...]
    channels: tuple[tuple[str, int], ...] = ()
    starts: bool = True
    at: SourceLine | None = field(default=None, compare=False, metadata={"note": True})

    @property
    def names(self) -> tuple[str, ...]:
        """The events by name."""
        return tuple(event_name(self.packet, number) or f"event {number}" for number in self.events)


@dataclass(frozen=True)
class TraceBuffer:
    """Where packets reach the host: bytes of an argument of the sequence, in words of 4.

    argument: may be behind the sequence's own; offset_bytes: may be behind the argument's end.
    sources:  the units whose packets come here, as indices into `Traces.units`.
    """

    argument: int
    offset_bytes: int
    byte_count: int
    sources: tuple[int, ...]


@dataclass(frozen=True)
class Traces:
    """All units and buffers of a plan."""

    units: tuple[TraceUnit, ...]
    buffers: tuple[TraceBuffer, ...]
