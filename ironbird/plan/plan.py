"""`PhysicalPlan`: everything that decides what a program does on the device, and nothing else.

References between parts are indices into the plan's tuples. Source lines and fifo names are notes
for messages: they take no part in equality or in the fingerprint.
"""

from dataclasses import dataclass, field

from ironbird.base.access_pattern import AccessPattern
from ironbird.base.device import Bundle, Direction, Tile
from ironbird.base.element_types import ElementType
from ironbird.base.source_line import SourceLine
from ironbird.plan.core_program import CoreProgram, Function, ValueType
from ironbird.plan.traces import Traces

# Marks a field that names the author's object or line: for messages only, no part of equality or
# of the fingerprint.
_NOTE = {"note": True}


@dataclass(frozen=True, kw_only=True)
class Buffer:
    """A piece of a tile's memory.

    address: bytes from the start of the tile's own memory.
    initial: the bytes it holds when the device is configured, or None: whatever was there.
    fifo:    the ObjectFifo it is an object of, if any.
    """

    name: str
    tile: Tile
    address: int
    shape: tuple[int, ...]
    element: ElementType
    initial: bytes | None = None
    fifo: str | None = field(default=None, compare=False, metadata=_NOTE)
    at: SourceLine | None = field(default=None, compare=False, metadata=_NOTE)

    @property
    def byte_count(self) -> int:
        """Size in bytes."""
        count = 1
        for size in self.shape:
            count *= size
        return count * self.element.bytes


@dataclass(frozen=True, kw_only=True)
class Lock:
    """A semaphore of a tile, 0..63.

    role: "free" counts objects a producer may fill, "full" those a consumer may read; None for a
          lock that no fifo made.
    """

    name: str
    tile: Tile
    id: int
    initial: int
    fifo: str | None = field(default=None, compare=False, metadata=_NOTE)
    role: str | None = field(default=None, compare=False, metadata=_NOTE)
    at: SourceLine | None = field(default=None, compare=False, metadata=_NOTE)


@dataclass(frozen=True)
class LockUse:
    """What a descriptor does with a lock before (`acquire_ge`, `acquire_eq`) or after (`release`).

    lock: index into `PhysicalPlan.locks`.
    """

    lock: int
    action: str
    count: int


@dataclass(frozen=True)
class PacketHeader:
    """The header a descriptor puts before its words: type 0..7, id 0..31."""

    type: int
    id: int


@dataclass(frozen=True)
class HostBuffer:
    """An argument of the runtime sequence, in DDR. `argument` counts from 0."""

    argument: int


@dataclass(frozen=True)
class Iteration:
    """Each run of the descriptor starts `stride` elements further, wrapping after `size` runs."""

    size: int
    stride: int
    current: int = 0


@dataclass(frozen=True, kw_only=True)
class Descriptor:
    """One buffer descriptor.

    memory:   index into `PhysicalPlan.buffers`, or an argument in DDR.
    pattern:  the elements it visits, in `element_bytes` units from the start of `memory`.
    length:   elements that cross the stream, padding included.
    padding:  (before, after) elements of zeros per dimension of `pattern`, outermost first.
    next:     the descriptor that follows (index into `PhysicalPlan.descriptors`), or None: the end.
    """

    id: int
    tile: Tile
    memory: int | HostBuffer
    element_bytes: int
    pattern: AccessPattern
    length: int
    padding: tuple[tuple[int, int], ...] = ()
    iteration: Iteration | None = None
    acquire: LockUse | None = None
    release: LockUse | None = None
    packet: PacketHeader | None = None
    next: int | None = None
    fifo: str | None = field(default=None, compare=False, metadata=_NOTE)
    at: SourceLine | None = field(default=None, compare=False, metadata=_NOTE)

    @property
    def byte_count(self) -> int:
        """Bytes that cross the stream in one run."""
        return self.length * self.element_bytes


@dataclass(frozen=True, order=True)
class ChannelName:
    """A DMA channel of a tile."""

    tile: Tile
    direction: Direction
    index: int

    def __str__(self) -> str:
        return f"{self.direction} {self.index} of tile {self.tile}"


@dataclass(frozen=True, kw_only=True)
class ChannelProgram:
    """What a channel does from configuration on: the chain from `first`, run `repeat_count` times.

    A chain that loops never ends; one that ends runs `repeat_count` times.
    """

    channel: ChannelName
    first: int
    repeat_count: int = 1
    at: SourceLine | None = field(default=None, compare=False, metadata=_NOTE)


@dataclass(frozen=True)
class Port:
    """One end of a route."""

    tile: Tile
    bundle: Bundle
    channel: int

    def __str__(self) -> str:
        return f"{self.bundle} {self.channel} of tile {self.tile}"


@dataclass(frozen=True, kw_only=True)
class Route:
    """A stream from one port to one or more.

    packet_id:   None for a circuit; otherwise only packets of this id take the route, and several
                 routes may share a source or a destination.
    keep_header: whether the destinations see the packet header as their first word.
    hops:        switches crossed on the way to each destination.
    ways:        the switch outputs that the words leave by on the way to each destination.
    """

    source: Port
    destinations: tuple[Port, ...]
    hops: tuple[int, ...]
    packet_id: int | None = None
    keep_header: bool = False
    ways: tuple[tuple[Port, ...], ...] = field(default=(), compare=False, metadata=_NOTE)
    at: SourceLine | None = field(default=None, compare=False, metadata=_NOTE)


@dataclass(frozen=True)
class CascadeLink:
    """The 512-bit cascade from a core to its south or east neighbour."""

    source: Tile
    destination: Tile


@dataclass(frozen=True, kw_only=True)
class Kernel:
    """An external C++ function that cores call.

    object_file: what `link_with` names; the session finds its source.
    """

    symbol: str
    argument_types: tuple[ValueType, ...]
    result_types: tuple[ValueType, ...] = ()
    object_file: str | None = None
    at: SourceLine | None = field(default=None, compare=False, metadata=_NOTE)


@dataclass(frozen=True, kw_only=True)
class Core:
    """A core and what it runs. `name` is the author's name for the worker, for messages."""

    tile: Tile
    program: CoreProgram
    stack_bytes: int
    name: str | None = field(default=None, compare=False, metadata=_NOTE)
    at: SourceLine | None = field(default=None, compare=False, metadata=_NOTE)


@dataclass(frozen=True, kw_only=True)
class StartTask:
    """Queue a chain on a channel, to be run `repeat_count` times.

    task:  number of the task in the sequence, for messages and for `AwaitToken`.
    token: whether its end sends a task-complete token.
    """

    task: int
    channel: ChannelName
    first: int
    repeat_count: int = 1
    token: bool = False
    at: SourceLine | None = field(default=None, compare=False, metadata=_NOTE)


@dataclass(frozen=True, kw_only=True)
class AwaitToken:
    """Block the sequence until the channel has sent one more token than was awaited before.

    makes_room: whether no author wrote it: the channel's queue is full, and the next start needs a
                place in it.
    """

    channel: ChannelName
    task: int | None = None
    makes_room: bool = field(default=False, compare=False, metadata=_NOTE)
    at: SourceLine | None = field(default=None, compare=False, metadata=_NOTE)


@dataclass(frozen=True, kw_only=True)
class WriteBuffer:
    """Write bytes into a tile's buffer from the sequence (a runtime parameter)."""

    buffer: int
    offset_bytes: int
    content: bytes
    at: SourceLine | None = field(default=None, compare=False, metadata=_NOTE)


@dataclass(frozen=True, kw_only=True)
class SetLock:
    """Set a lock's value from the sequence."""

    lock: int
    value: int
    at: SourceLine | None = field(default=None, compare=False, metadata=_NOTE)


Step = StartTask | AwaitToken | WriteBuffer | SetLock


@dataclass(frozen=True, kw_only=True)
class HostArgument:
    """An argument of the sequence: a tensor in DDR.

    written: whether any descriptor stores into it; `read` likewise.
    """

    shape: tuple[int, ...]
    element: ElementType
    read: bool
    written: bool
    name: str | None = field(default=None, compare=False, metadata=_NOTE)


@dataclass(frozen=True, kw_only=True)
class Sequence:
    """The runtime sequence: its arguments and the steps the host's controller takes in order."""

    name: str
    arguments: tuple[HostArgument, ...]
    steps: tuple[Step, ...]
    at: SourceLine | None = field(default=None, compare=False, metadata=_NOTE)


@dataclass(frozen=True, kw_only=True)
class PhysicalPlan:
    """A placed, routed, addressed program. Tuples are in program order.

    traces: what the trace units record; None where the sequence configures none.
    """

    device: str
    buffers: tuple[Buffer, ...] = ()
    locks: tuple[Lock, ...] = ()
    kernels: tuple[Kernel, ...] = ()
    functions: tuple[Function, ...] = ()
    cores: tuple[Core, ...] = ()
    descriptors: tuple[Descriptor, ...] = ()
    channels: tuple[ChannelProgram, ...] = ()
    routes: tuple[Route, ...] = ()
    cascades: tuple[CascadeLink, ...] = ()
    sequence: Sequence
    # Without part in the fingerprint: what is built does not depend on it.
    traces: Traces | None = field(default=None, metadata=_NOTE)
