"""What the DMA of one fifo end does: a chain of descriptors over the objects of its pool."""

from dataclasses import dataclass

from ironbird.base.device import Direction, Tile
from ironbird.base.source_line import SourceLine
from ironbird.ir.aie import BufferOp, LockOp
from ironbird.ir.codes import FifoPort
from ironbird.passes.lower_object_fifos.fifo import Fifo, FifoEnd, Layout
from ironbird.passes.lower_object_fifos.link import Link, Part
from ironbird.passes.lower_object_fifos.pool import Pool


@dataclass(frozen=True, kw_only=True)
class Descriptor:
    """One transfer. offset and length in elements; length counts the padding.

    acquire, release: the lock to wait for and the one to raise, each by `count`; None without
    synchronization.
    """

    buffer: BufferOp
    offset: int
    length: int
    layout: Layout
    padding: tuple[tuple[int, int], ...]
    acquire: LockOp | None
    release: LockOp | None
    count: int


@dataclass(frozen=True, kw_only=True)
class Chain:
    """The descriptors of one channel, in order.

    loops:        whether the last one leads back to the first.
    repeat_count: runs of the chain beyond the first, as `aie.dma_start` counts them.
    """

    fifo_name: str
    at: SourceLine | None
    tile: Tile
    direction: Direction
    channel: int
    descriptors: tuple[Descriptor, ...]
    loops: bool
    repeat_count: int


def chain_of(fifo: Fifo, end: FifoEnd, pool: Pool, link: Link | None, channel: int) -> Chain:
    """The chain that moves the objects of `end` between its pool and the stream."""
    sends = end.port is FifoPort.PRODUCE
    parts = pool.parts if link is None else link.parts_of(end)
    times = fifo.repeat_count if sends else 1
    once_per_buffer = [
        [_descriptor(fifo, end, pool, buffer, part) for part in parts] for buffer in pool.buffers
    ]
    stops = sends and fifo.iter_count is not None
    # A single descriptor repeats itself; dma_start then says how often (mlir-aie 1.4). Where the
    # rounds are counted, that field is taken, and the repeats are listed.
    single = len(pool.buffers) == 1 and len(parts) == 1 and not stops
    descriptors = tuple(
        descriptor
        for of_buffer in once_per_buffer
        for _ in range(1 if single else times)
        for descriptor in of_buffer
    )
    if stops:
        assert fifo.iter_count is not None
        repeat_count = fifo.iter_count - 1
    else:
        repeat_count = times - 1 if single else 0
    return Chain(
        fifo_name=fifo.name,
        at=fifo.at,
        tile=end.tile,
        direction=end.direction,
        channel=channel,
        descriptors=descriptors,
        loops=not stops,
        repeat_count=repeat_count,
    )


def _descriptor(fifo: Fifo, end: FifoEnd, pool: Pool, buffer: BufferOp, part: Part) -> Descriptor:
    sends = end.port is FifoPort.PRODUCE
    pair = pool.locks_of(part)
    padding = fifo.padding if sends else ()
    length = part.length
    if padding:
        length = 1
        for (size, _), (before, after) in zip(end.layout, padding, strict=True):
            length *= size + before + after
    return Descriptor(
        buffer=buffer,
        offset=part.offset,
        length=length,
        layout=end.layout,
        padding=padding,
        acquire=None if pair is None else (pair.full if sends else pair.free),
        release=None if pair is None else (pair.free if sends else pair.full),
        # One filling is worth as many sendings as each object has.
        count=1 if sends else pool.repeat_count,
    )
