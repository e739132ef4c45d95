"""What tiles ask of each other: transfers between them, memory they share, cascades.

Tiles are named by the SSA value that stands for them, so that placed and logical ones look alike.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from xdsl.dialects.builtin import MemRefType
from xdsl.ir import SSAValue

from ironbird.base.device import Bundle, Direction, TileKind
from ironbird.base.source_line import SourceLine
from ironbird.ir.aie import (
    BufferOp,
    CascadeFlowOp,
    CoreOp,
    DeviceOp,
    DmaOp,
    DmaProgram,
    DmaStartOp,
    FlowOp,
    LockOp,
    LogicalTileOp,
    ObjectFifoAllocateOp,
    ObjectFifoLinkOp,
    ObjectFifoOp,
    PacketFlowOp,
    ShimDmaAllocationOp,
    TileOp,
)
from ironbird.ir.codes import BUNDLES
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.passes.object_sizes import object_bytes
from ironbird.passes.place_tiles.descriptor_demand import ChainDemand, read_chain_demands


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """Objects from one tile to others, over the DMA unless the tiles share memory.

    may_share: whether neighbouring cores could do without the DMA.
    streams:   the directions whose ends are streams of cores, which need no channel.
    """

    name: str
    at: SourceLine | None
    producer: SSAValue
    consumers: tuple[SSAValue, ...]
    may_share: bool
    streams: frozenset[Direction] = frozenset()


@dataclass
class Traffic:
    """All that binds the tiles of a device.

    channels: DMA channels that are named by number already, per tile and direction.
    bytes_on: memory that the objects of a tile take at least, where only this tile can hold them.
    demands:  descriptors that the ends of fifos need, in the order in which they get channels.
    reaches:  (core tile, memory tile) pairs where the core uses the other's memory directly.
    cascades: (source, destination) pairs.
    """

    transfers: list[Transfer] = field(default_factory=list)
    channels: dict[tuple[SSAValue, Direction], set[int]] = field(
        default_factory=lambda: defaultdict(set)
    )
    bytes_on: dict[SSAValue, int] = field(default_factory=lambda: defaultdict(int))
    demands: list[ChainDemand] = field(default_factory=list)
    reaches: list[tuple[SSAValue, SSAValue]] = field(default_factory=list)
    cascades: list[tuple[SSAValue, SSAValue, SourceLine | None]] = field(default_factory=list)
    cores: dict[SSAValue, CoreOp] = field(default_factory=dict)

    def over_dma(self, tile: SSAValue, direction: Direction) -> list[Transfer]:
        """The transfers that leave (MM2S) or arrive at (S2MM) `tile`."""
        return [
            transfer
            for transfer in self.transfers
            if direction not in transfer.streams
            and (
                transfer.producer is tile
                if direction is Direction.MM2S
                else tile in transfer.consumers
            )
        ]

    def partners(self, tile: SSAValue) -> Iterator[list[SSAValue]]:
        """The other ends of every transfer of `tile`, one list per transfer."""
        for transfer in self.transfers:
            ends = (transfer.producer, *transfer.consumers)
            if tile in ends:
                yield [end for end in ends if end is not tile]


def read_traffic(device: DeviceOp) -> Traffic:
    """What binds the tiles of `device`."""
    traffic = Traffic()
    ops = list(device.body.block.ops)
    fifos = {op.sym_name.data: op for op in ops if isinstance(op, ObjectFifoOp)}
    links = [op for op in ops if isinstance(op, ObjectFifoLinkOp)]
    linked = {name for link in links for name in (*link.input_names, *link.output_names)}
    for name, fifo in fifos.items():
        traffic.transfers.append(_transfer(fifo, name in linked))
    traffic.demands = read_chain_demands(fifos, links)
    for link in links:
        _count_link_memory(traffic, link, fifos)
    for op in ops:
        if isinstance(op, ObjectFifoAllocateOp):
            fifo_op = fifos.get(op.obj_fifo_name.root_reference.data)
            if fifo_op is not None:
                ends = (fifo_op.producer_tile, *fifo_op.consumer_tiles)
                traffic.reaches += [
                    (end, op.delegate_tile) for end in ends if end is not op.delegate_tile
                ]
        elif isinstance(op, CascadeFlowOp):
            traffic.cascades.append((op.source_tile, op.dest_tile, source_line_of(op)))
        elif isinstance(op, CoreOp):
            traffic.cores[op.tile] = op
            _note_direct_use(traffic, op)
        elif isinstance(op, BufferOp):
            assert isinstance(op.buffer.type, MemRefType)
            traffic.bytes_on[op.tile] += object_bytes(op.buffer.type)
        else:
            _note_channels(traffic, op)
    return traffic


# What the numbers of `aie_stream` mean: the producer's end, the consumers' ends, both.
_STREAM_DIRECTIONS = (
    frozenset({Direction.MM2S}),
    frozenset({Direction.S2MM}),
    frozenset(Direction),
)


def _transfer(fifo: ObjectFifoOp, linked: bool) -> Transfer:
    layouts = [fifo.dimensions_to_stream, *fifo.consumer_layouts]
    may_share = (
        not linked
        and len(fifo.consumer_tiles) == 1
        and number_of(fifo.via_dma) == 0
        and fifo.aie_stream is None
        and fifo.repeat_count is None
        and fifo.iter_count is None
        and fifo.object_type == fifo.consumer_object_type
        and not any(layout.pairs() for layout in layouts)
    )
    return Transfer(
        name=fifo.sym_name.data,
        at=source_line_of(fifo),
        producer=fifo.producer_tile,
        consumers=tuple(fifo.consumer_tiles),
        may_share=may_share,
        streams=frozenset()
        if fifo.aie_stream is None
        else _STREAM_DIRECTIONS[number_of(fifo.aie_stream)],
    )


def _count_link_memory(
    traffic: Traffic, link: ObjectFifoLinkOp, fifos: dict[str, ObjectFifoOp]
) -> None:
    """The objects of a link lie on its tile once: the larger side of the two."""
    inputs = [fifos[name] for name in link.input_names if name in fifos]
    outputs = [fifos[name] for name in link.output_names if name in fifos]
    if not inputs or not outputs:
        return
    tile = outputs[0].producer_tile
    arriving = 0
    if len(inputs) == 1:
        depths = [
            depth
            for consumer, depth in zip(inputs[0].consumer_tiles, inputs[0].depths[1:], strict=False)
            if consumer is tile
        ]
        arriving = max(depths, default=0) * object_bytes(inputs[0].consumer_object_type)
    leaving = 0
    if len(outputs) == 1:
        leaving = outputs[0].depths[0] * object_bytes(outputs[0].object_type)
    traffic.bytes_on[tile] += max(arriving, leaving)


def _note_direct_use(traffic: Traffic, core: CoreOp) -> None:
    for op in core.walk():
        for operand in op.operands:
            owner = operand.owner
            if isinstance(owner, BufferOp | LockOp) and owner.tile is not core.tile:
                traffic.reaches.append((core.tile, owner.tile))


def _note_channels(traffic: Traffic, op: object) -> None:
    if isinstance(op, FlowOp):
        if op.source_port[0] is Bundle.DMA:
            traffic.channels[op.source, Direction.MM2S].add(op.source_port[1])
        if op.dest_port[0] is Bundle.DMA:
            traffic.channels[op.dest, Direction.S2MM].add(op.dest_port[1])
    elif isinstance(op, PacketFlowOp):
        for ends, direction in (([op.source], Direction.MM2S), (op.dests, Direction.S2MM)):
            for end in ends:
                if BUNDLES.word(end.bundle) is Bundle.DMA:
                    traffic.channels[end.tile, direction].add(number_of(end.channel))
    elif isinstance(op, ShimDmaAllocationOp):
        traffic.channels[op.tile, op.direction].add(number_of(op.channel_index))
    elif isinstance(op, DmaProgram):
        for start in op.walk():
            if isinstance(start, DmaStartOp | DmaOp):
                channel = number_of(start.channel_index)
                traffic.channels[op.tile, start.direction].add(channel)


def kind_of(tile: SSAValue) -> TileKind | None:
    """The kind of a tile, placed or logical."""
    owner = tile.owner
    if isinstance(owner, LogicalTileOp):
        return owner.kind
    assert isinstance(owner, TileOp)
    row = owner.tile.row
    return {0: TileKind.SHIM, 1: TileKind.MEMORY}.get(row, TileKind.CORE)
