"""A fifo as its passes see it: what `aie.objectfifo` says, with every end spelled out.

Refuses a fifo whose ends are not placed yet.
"""

from dataclasses import dataclass

from xdsl.dialects.builtin import ArrayAttr, MemRefType
from xdsl.ir import Attribute, SSAValue

from ironbird.base.device import Direction, Tile
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir.aie import ObjectFifoOp, tile_of
from ironbird.ir.codes import FifoPort
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of

Layout = tuple[tuple[int, int], ...]
"""(size, stride) per dimension in elements, outermost first; empty for a linear transfer."""


_STREAM_ENDS = (
    (FifoPort.PRODUCE,),
    (FifoPort.CONSUME,),
    (FifoPort.PRODUCE, FifoPort.CONSUME),
)
"""What the numbers of `aie_stream` mean."""


@dataclass(frozen=True, kw_only=True)
class FifoEnd:
    """One end of a fifo: the producer, or one of its consumers.

    pool_name:   what the buffers and locks of this end are called after.
    object_type: one object as this end sees it.
    depth:       as the author wrote it for this end.
    layout:      the order in which the DMA of this end visits an object.
    channel:     the DMA channel that the author chose, or None.
    stream_port: the port of the core's own stream that this end is, or None: memory and DMA.
    """

    fifo_name: str
    pool_name: str
    port: FifoPort
    tile: Tile
    tile_value: SSAValue
    object_type: MemRefType[Attribute]
    depth: int
    layout: Layout
    channel: int | None
    stream_port: int | None

    @property
    def direction(self) -> Direction:
        """Which way a DMA channel of this end moves objects."""
        return Direction.MM2S if self.port is FifoPort.PRODUCE else Direction.S2MM


@dataclass(frozen=True, kw_only=True)
class Fifo:
    """A ring of objects and all that the author said about it.

    depth_per_end:  whether the author gave each end its own depth, which is then kept exactly.
    repeat_count:   how often the producer's DMA sends each object.
    iter_count:     after how many rounds the producer's DMA stops; None for never.
    initial_values: one per object of the producer, or none at all.
    padding:        zeros (before, after) per dimension that a memory tile adds while sending.
    """

    op: ObjectFifoOp
    name: str
    at: SourceLine | None
    producer: FifoEnd
    consumers: tuple[FifoEnd, ...]
    depth_per_end: bool
    via_dma: bool
    synchronized: bool
    repeat_count: int
    iter_count: int | None
    initial_values: tuple[Attribute, ...]
    padding: tuple[tuple[int, int], ...]

    @property
    def ends(self) -> tuple[FifoEnd, ...]:
        """The producer, then the consumers in the order written."""
        return (self.producer, *self.consumers)


def read_fifo(op: ObjectFifoOp) -> Fifo:
    """What `op` says. Raises DesignError where an end has no place yet."""
    name = op.sym_name.data
    at = source_line_of(op)
    depths = op.depths
    if len(depths) != 1 + len(op.consumer_tiles):
        raise DesignError(
            f"ObjectFifo {name!r} has too few depths",
            at=at,
            because=f"it gives {len(depths)}; it has {1 + len(op.consumer_tiles)} ends",
            fix="one depth for all ends, or one for each",
        )
    streams = () if op.aie_stream is None else _STREAM_ENDS[number_of(op.aie_stream)]
    stream_port = None if op.aie_stream_port is None else number_of(op.aie_stream_port)
    channels = (
        (-1,) * len(op.consumer_tiles)
        if op.cons_dma_channels is None
        else tuple(int(channel) for channel in op.cons_dma_channels.get_values())
    )
    producer = FifoEnd(
        fifo_name=name,
        pool_name=name,
        port=FifoPort.PRODUCE,
        tile=_place_of(op.producer_tile, name, "producer", at),
        tile_value=op.producer_tile,
        object_type=op.object_type,
        depth=depths[0],
        layout=op.dimensions_to_stream.pairs(),
        channel=None if op.prod_dma_channel is None else number_of(op.prod_dma_channel),
        stream_port=stream_port if FifoPort.PRODUCE in streams else None,
    )
    several = len(op.consumer_tiles) > 1
    consumers = tuple(
        FifoEnd(
            fifo_name=name,
            pool_name=f"{name}_{index}_cons" if several else f"{name}_cons",
            port=FifoPort.CONSUME,
            tile=_place_of(tile, name, "consumer", at),
            tile_value=tile,
            object_type=op.consumer_object_type,
            depth=depth,
            layout=layout.pairs(),
            channel=channel if channel >= 0 else None,
            stream_port=stream_port if FifoPort.CONSUME in streams else None,
        )
        for index, (tile, depth, layout, channel) in enumerate(
            zip(op.consumer_tiles, depths[1:], op.consumer_layouts, channels, strict=True)
        )
    )
    return Fifo(
        op=op,
        name=name,
        at=at,
        producer=producer,
        consumers=consumers,
        depth_per_end=isinstance(op.elem_number, ArrayAttr),
        via_dma=number_of(op.via_dma) != 0,
        synchronized=number_of(op.disable_synchronization) == 0,
        repeat_count=1 if op.repeat_count is None else number_of(op.repeat_count),
        iter_count=None if op.iter_count is None else number_of(op.iter_count),
        initial_values=() if op.init_values is None else tuple(op.init_values),
        padding=() if op.pad_dimensions is None else op.pad_dimensions.pairs(),
    )


def _place_of(tile: SSAValue, fifo_name: str, role: str, at: SourceLine | None) -> Tile:
    place = tile_of(tile)
    if place is None:
        raise DesignError(
            f"ObjectFifo {fifo_name!r} has a {role} that is not placed",
            at=at,
            because="its tile is still logical",
            fix="run the pass place-tiles first",
        )
    return place
