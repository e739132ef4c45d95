"""What plans made by hand are put together from: core programs, rings, channels, routes."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ironbird.base.access_pattern import AccessPattern
from ironbird.base.device import Bundle, Direction, Tile
from ironbird.base.element_types import ELEMENT_TYPES, ElementType
from ironbird.base.source_line import SourceLine
from ironbird.plan import (
    Block,
    Buffer,
    ChannelName,
    ChannelProgram,
    Core,
    CoreProgram,
    Descriptor,
    HostBuffer,
    Kernel,
    Lock,
    LockUse,
    Operation,
    PhysicalPlan,
    Port,
    Region,
    Route,
    Sequence,
)

INDEX = ELEMENT_TYPES["index"]
I32 = ELEMENT_TYPES["i32"]
I1 = ELEMENT_TYPES["i1"]


def line(number: int) -> SourceLine:
    """A line of an author's design that exists only here."""
    return SourceLine("design.py", number)


@dataclass
class ProgramWriter:
    """Numbers values while a core program is written."""

    value_types: list = field(default_factory=list)
    stack: list[list[Operation]] = field(default_factory=lambda: [[]])

    def value(self, type_) -> int:
        self.value_types.append(type_)
        return len(self.value_types) - 1

    def op(self, name, operands=(), result=None, regions=(), at=None, **attributes):
        results = () if result is None else (self.value(result),)
        listed = tuple(sorted(attributes.items()))
        self.stack[-1].append(Operation(name, tuple(operands), results, listed, tuple(regions), at))
        return results[0] if results else None

    def many(self, name, operands, result_types, regions=(), at=None, **attributes):
        """An operation with any number of results."""
        results = tuple(self.value(each) for each in result_types)
        listed = tuple(sorted(attributes.items()))
        self.stack[-1].append(Operation(name, tuple(operands), results, listed, tuple(regions), at))
        return results

    def raw(self, name, operands=(), results=(), **attributes):
        """An operation on values that have numbers already; it is not part of the program."""
        return Operation(name, tuple(operands), results, tuple(sorted(attributes.items())))

    def take(self):
        """The operations written so far, to be put into a block."""
        written = tuple(self.stack[-1])
        self.stack[-1].clear()
        return written

    def constant(self, value, type_=INDEX) -> int:
        return self.op("arith.constant", result=type_, value=value)

    def region(self, write: Callable, arguments=()) -> Region:
        numbers = tuple(self.value(each) for each in arguments)
        self.stack.append([])
        write(*numbers)
        return Region((Block(numbers, tuple(self.stack.pop())),))

    def loop(self, count: int, write: Callable, at=None) -> None:
        low, high, step = self.constant(0), self.constant(count), self.constant(1)

        def body(index):
            write(index)
            self.op("scf.yield")

        region = self.region(body, (INDEX,))
        self.op("scf.for", (low, high, step), regions=(region,), at=at)

    def lock(self, lock: int | None, action: str, count: int = 1, at=None) -> None:
        if lock is None:
            return
        self.op(
            "lock.use", (self.constant(count, I32),), lock=lock, action=action, blocking=True, at=at
        )

    def program(self) -> CoreProgram:
        self.op("end")
        return CoreProgram(tuple(self.value_types), Region((Block((), tuple(self.stack[0])),)))


@dataclass
class Parts:
    """The tuples of a plan while they grow; `missing` names lock operations to leave out."""

    missing: frozenset[str] = frozenset()
    buffers: list[Buffer] = field(default_factory=list)
    locks: list[Lock] = field(default_factory=list)
    descriptors: list[Descriptor] = field(default_factory=list)
    channels: list[ChannelProgram] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    cores: list[Core] = field(default_factory=list)
    kernels: list[Kernel] = field(default_factory=list)
    operations: list[str] = field(default_factory=list)

    def ring(self, fifo, tile, depth, count, element=I32, at=None) -> "Ring":
        """A fifo's buffers in one memory, with its two locks."""
        buffers = []
        for number in range(depth):
            buffers.append(len(self.buffers))
            self.buffers.append(
                Buffer(
                    name=f"{fifo}_buff_{number}",
                    tile=tile,
                    address=1024 + 64 * len(self.buffers),
                    shape=(count,),
                    element=element,
                    fifo=fifo,
                    at=at,
                )
            )
        return Ring(
            fifo,
            tile,
            tuple(buffers),
            self.lock(fifo, tile, "free", depth, at),
            self.lock(fifo, tile, "full", 0, at),
            count,
            element,
            at,
        )

    def lock(self, fifo, tile, role, initial, at=None) -> int:
        self.locks.append(
            Lock(
                name=f"{fifo}_{role}",
                tile=tile,
                id=len(self.locks),
                initial=initial,
                fifo=fifo,
                role=role,
                at=at,
            )
        )
        return len(self.locks) - 1

    def use(self, name: str, lock: int, action: str) -> LockUse | None:
        """A descriptor's lock operation, unless it is to be left out."""
        self.operations.append(name)
        return None if name in self.missing else LockUse(lock, action, 1)

    def core_lock(self, name: str, lock: int) -> int | None:
        self.operations.append(name)
        return None if name in self.missing else lock

    def ring_channel(
        self, ring: "Ring", direction: Direction, index: int, who: str, locks=None, part=None
    ) -> None:
        """A channel that goes round the ring for ever; `part`: (offset, count) of every buffer."""
        first = len(self.descriptors)
        free, full = locks or (ring.free, ring.full)
        takes, gives = (free, full) if direction is Direction.S2MM else (full, free)
        offset, count = part or (0, ring.count)
        acquire = self.use(f"{who} acquires", takes, "acquire_ge")
        release = self.use(f"{who} releases", gives, "release")
        for number, buffer in enumerate(ring.buffers):
            self.descriptors.append(
                Descriptor(
                    id=first + number,
                    tile=ring.tile,
                    memory=buffer,
                    element_bytes=ring.element.bytes,
                    pattern=AccessPattern.linear(count, offset),
                    length=count,
                    acquire=acquire,
                    release=release,
                    next=first + (number + 1) % len(ring.buffers),
                    fifo=ring.fifo,
                    at=ring.at,
                )
            )
        self.channels.append(
            ChannelProgram(
                channel=ChannelName(ring.tile, direction, index), first=first, at=ring.at
            )
        )

    def route(self, source, source_channel, *ends, at=None) -> None:
        self.routes.append(
            Route(
                source=Port(source, Bundle.DMA, source_channel),
                destinations=tuple(Port(tile, Bundle.DMA, channel) for tile, channel in ends),
                hops=tuple(abs(tile.row - source.row) + 1 for tile, _ in ends),
                at=at,
            )
        )

    def host_task(self, argument, count, element, fifo, at=None, offset=0) -> int:
        self.descriptors.append(
            Descriptor(
                id=len(self.descriptors),
                tile=Tile(0, 0),
                memory=HostBuffer(argument),
                element_bytes=element.bytes,
                pattern=AccessPattern.linear(count, offset),
                length=count,
                fifo=fifo,
                at=at,
            )
        )
        return len(self.descriptors) - 1

    def plan(self, arguments, steps) -> PhysicalPlan:
        return PhysicalPlan(
            device="npu1",
            buffers=tuple(self.buffers),
            locks=tuple(self.locks),
            kernels=tuple(self.kernels),
            cores=tuple(self.cores),
            descriptors=tuple(self.descriptors),
            channels=tuple(self.channels),
            routes=tuple(self.routes),
            sequence=Sequence(name="sequence", arguments=arguments, steps=tuple(steps)),
        )


@dataclass(frozen=True)
class Ring:
    fifo: str
    tile: Tile
    buffers: tuple[int, ...]
    free: int
    full: int
    count: int
    element: ElementType
    at: SourceLine | None


SHIM = Tile(0, 0)
