"""Plans made by hand: a ping-pong pipeline of workers, and a split over workers joined again.

Every lock operation has a name, so that a test can leave one out.
"""

from collections.abc import Callable
from dataclasses import replace

from simulator.plan_parts import (
    I32,
    SHIM,
    Parts,
    ProgramWriter,
    Ring,
    line,
)

from ironbird.base.access_pattern import AccessPattern
from ironbird.base.device import Direction, Tile
from ironbird.base.element_types import ElementType
from ironbird.base.source_line import SourceLine
from ironbird.plan import (
    AwaitToken,
    ChannelName,
    ChannelProgram,
    Core,
    Descriptor,
    HostArgument,
    MemoryView,
    PhysicalPlan,
    StartTask,
)

MEMORY = Tile(0, 1)


def view(ring: Ring) -> MemoryView:
    return MemoryView.contiguous((ring.count,), ring.element)


def add_constant(writer: ProgramWriter, source: int, target: int, ring: Ring, amount: int) -> None:
    """target[i] = source[i] + amount, in core code."""
    increment = writer.constant(amount, ring.element)

    def body(index):
        loaded = writer.op("memref.load", (source, index), ring.element, at=line(40))
        total = writer.op("arith.addi", (loaded, increment), ring.element, at=line(40))
        writer.op("memref.store", (total, target, index), at=line(40))

    writer.loop(ring.count, body)


def worker(
    parts: Parts,
    tile: Tile,
    name: str,
    inwards: Ring,
    outwards: Ring,
    *,
    objects: int = 2**62,
    compute: Callable = lambda writer, source, target, ring: add_constant(
        writer, source, target, ring, 3
    ),
    stack_bytes: int = 1024,
    at: SourceLine | None = None,
) -> None:
    """A core that goes round both rings: acquire, acquire, compute, release, release."""
    writer = ProgramWriter()
    takes = parts.core_lock(f"{name} acquires to read", inwards.full)
    claims = parts.core_lock(f"{name} acquires to write", outwards.free)
    returns = parts.core_lock(f"{name} releases what it read", inwards.free)
    gives = parts.core_lock(f"{name} releases what it wrote", outwards.full)
    depth = len(inwards.buffers)
    assert depth == len(outwards.buffers)

    def rounds(_):
        for source_buffer, target_buffer in zip(inwards.buffers, outwards.buffers, strict=True):
            source = writer.op("buffer", result=view(inwards), buffer=source_buffer)
            target = writer.op("buffer", result=view(outwards), buffer=target_buffer)
            writer.lock(takes, "acquire_ge", at=line(31))
            writer.lock(claims, "acquire_ge", at=line(32))
            compute(writer, source, target, inwards)
            writer.lock(returns, "release", at=line(34))
            writer.lock(gives, "release", at=line(35))

    writer.loop(objects if objects > 2**40 else objects // depth, rounds)
    parts.cores.append(
        Core(tile=tile, program=writer.program(), stack_bytes=stack_bytes, name=name, at=at)
    )


def arguments(*sizes: int, element: ElementType = I32) -> tuple[HostArgument, HostArgument]:
    inwards, outwards = sizes
    return (
        HostArgument(shape=(inwards,), element=element, read=True, written=False, name="x"),
        HostArgument(shape=(outwards,), element=element, read=False, written=True, name="y"),
    )


def host_steps(parts: Parts, input_count: int, output_count: int, element=I32, channels=(0, 0)):
    """Start both transfers, wait for the output's token."""
    feed = ChannelName(SHIM, Direction.MM2S, channels[0])
    drain = ChannelName(SHIM, Direction.S2MM, channels[1])
    fill = parts.host_task(0, input_count, element, "x_in", line(50))
    empty = parts.host_task(1, output_count, element, "y_out", line(51))
    return [
        StartTask(task=0, channel=feed, first=fill, at=line(50)),
        StartTask(task=1, channel=drain, first=empty, token=True, at=line(51)),
        AwaitToken(channel=drain, task=1, at=line(52)),
    ]


def ping_pong(
    *,
    missing: frozenset[str] = frozenset(),
    stages: int = 1,
    depth: int = 2,
    count: int = 16,
    objects: int = 8,
    element: ElementType = I32,
    output_objects: int | None = None,
    worker_objects: int = 2**62,
    **worker_options,
) -> tuple[PhysicalPlan, tuple[str, ...]]:
    """x -> worker -> ... -> worker -> y, one core a stage, DMA between; and its lock operations."""
    parts = Parts(missing)
    tiles = [Tile(0, 2 + stage) for stage in range(stages)]
    previous = (SHIM, 0)
    for stage, tile in enumerate(tiles):
        inwards = parts.ring(
            "x_in" if stage == 0 else f"link{stage}", tile, depth, count, element, line(10 + stage)
        )
        outwards = parts.ring(
            "y_out" if stage == stages - 1 else f"link{stage + 1}_made",
            tile,
            depth,
            count,
            element,
            line(20 + stage),
        )
        parts.ring_channel(inwards, Direction.S2MM, 0, f"input {stage}")
        parts.ring_channel(outwards, Direction.MM2S, 0, f"output {stage}")
        parts.route(previous[0], previous[1], (tile, 0), at=line(10 + stage))
        worker(
            parts,
            tile,
            f"worker{stage}",
            inwards,
            outwards,
            objects=worker_objects,
            at=line(30),
            **worker_options,
        )
        previous = (tile, 0)
    parts.route(previous[0], previous[1], (SHIM, 0), at=line(20))
    output_count = count * (objects if output_objects is None else output_objects)
    steps = host_steps(parts, count * objects, output_count, element)
    if worker_options.get("kernels"):
        parts.kernels.extend(worker_options["kernels"])
    plan = parts.plan(arguments(count * objects, output_count, element=element), steps)
    return plan, tuple(parts.operations)


def split_join(
    *,
    missing: frozenset[str] = frozenset(),
    ways: int = 2,
    depth: int = 2,
    count: int = 8,
    objects: int = 6,
) -> tuple[PhysicalPlan, tuple[str, ...]]:
    """x split over `ways` workers by a memory tile, their results joined there to y."""
    parts = Parts(missing)
    whole = ways * count
    split = parts.ring("x_in", MEMORY, depth, whole, at=line(10))
    join = parts.ring("y_out", MEMORY, depth, whole, at=line(20))
    # A pair of locks for each part, as mlir-aie gives a linked fifo; transfers go part by part.
    split_locks = [(split.free, split.full)]
    join_locks = [(join.free, join.full)]
    for _ in range(1, ways):
        split_locks.append(
            (
                parts.lock("x_in", MEMORY, "free", depth, line(10)),
                parts.lock("x_in", MEMORY, "full", 0, line(10)),
            )
        )
        join_locks.append(
            (
                parts.lock("y_out", MEMORY, "free", depth, line(20)),
                parts.lock("y_out", MEMORY, "full", 0, line(20)),
            )
        )
    _part_by_part(parts, split, Direction.S2MM, 0, "memory tile input", split_locks, count)
    _part_by_part(parts, join, Direction.MM2S, ways, "memory tile output", join_locks, count)
    parts.route(SHIM, 0, (MEMORY, 0), at=line(10))
    parts.route(MEMORY, ways, (SHIM, 0), at=line(20))
    for way in range(ways):
        tile = Tile(0, 2 + way)
        inwards = parts.ring(f"x{way}", tile, depth, count, at=line(12))
        outwards = parts.ring(f"y{way}", tile, depth, count, at=line(22))
        part = (way * count, count)
        parts.ring_channel(split, Direction.MM2S, way, f"split {way}", split_locks[way], part)
        parts.ring_channel(join, Direction.S2MM, 1 + way, f"join {way}", join_locks[way], part)
        parts.ring_channel(inwards, Direction.S2MM, 0, f"input {way}")
        parts.ring_channel(outwards, Direction.MM2S, 0, f"output {way}")
        parts.route(MEMORY, way, (tile, 0), at=line(12))
        parts.route(tile, 0, (MEMORY, 1 + way), at=line(22))
        worker(parts, tile, f"worker{way}", inwards, outwards, at=line(30))
    steps = host_steps(parts, whole * objects, whole * objects)
    plan = parts.plan(arguments(whole * objects, whole * objects), steps)
    return plan, tuple(parts.operations)


def _part_by_part(parts, ring, direction, channel, who, locks, count) -> None:
    """One descriptor for each part of each buffer, each with its own locks, in a circle."""
    first = len(parts.descriptors)
    total = len(ring.buffers) * len(locks)
    for way, (free, full) in enumerate(locks):
        takes, gives = (free, full) if direction is Direction.S2MM else (full, free)
        acquire = parts.use(f"{who} {way} acquires", takes, "acquire_ge")
        release = parts.use(f"{who} {way} releases", gives, "release")
        locks[way] = (free, full, acquire, release)
    for number in range(total):
        buffer, way = divmod(number, len(locks))
        _, _, acquire, release = locks[way]
        parts.descriptors.append(
            Descriptor(
                id=first + number,
                tile=ring.tile,
                memory=ring.buffers[buffer],
                element_bytes=ring.element.bytes,
                pattern=AccessPattern.linear(count, way * count),
                length=count,
                acquire=acquire,
                release=release,
                next=first + (number + 1) % total,
                fifo=ring.fifo,
                at=ring.at,
            )
        )
    locks[:] = [(free, full) for free, full, _, _ in locks]
    parts.channels.append(
        ChannelProgram(channel=ChannelName(ring.tile, direction, channel), first=first, at=ring.at)
    )


def without_notes(plan: PhysicalPlan) -> PhysicalPlan:
    """The plan with one lock less filled at first: used to provoke a deadlock."""
    return replace(plan, locks=tuple(replace(lock, initial=0) for lock in plan.locks))
