"""All fifos of a device with their links, and which of them need no DMA.

Refuses a fifo in two links, objects lodged where an end cannot reach them, and a memory tile that
nothing fills or empties.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ironbird.base.device import DeviceModel, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.ir.aie import DeviceOp, ObjectFifoAllocateOp, ObjectFifoLinkOp, ObjectFifoOp, tile_of
from ironbird.ir.locations import source_line_of
from ironbird.passes.lower_object_fifos.check_options import refuse_impossible_options
from ironbird.passes.lower_object_fifos.fifo import Fifo, FifoEnd, read_fifo
from ironbird.passes.lower_object_fifos.link import Link, read_link


@dataclass(frozen=True, kw_only=True)
class FifoGraph:
    """The fifos in the order written, and how they hang together.

    link_into, link_out_of: the link that a fifo is an input or an output of, by fifo name.
    shared_memory:          for a fifo without a DMA, the tile whose memory holds its objects.
    """

    fifos: Mapping[str, Fifo]
    link_into: Mapping[str, Link]
    link_out_of: Mapping[str, Link]
    shared_memory: Mapping[str, Tile]

    def link_of(self, end: FifoEnd) -> Link | None:
        """The link whose objects `end` moves, or None if it has its own."""
        if end is self.fifos[end.fifo_name].producer:
            return self.link_out_of.get(end.fifo_name)
        link = self.link_into.get(end.fifo_name)
        return link if link is not None and end.tile == link.tile else None


def read_graph(device: DeviceOp, model: DeviceModel) -> FifoGraph:
    """The fifos of `device`. Raises DesignError for what cannot be built."""
    ops = list(device.body.block.ops)
    fifos = {
        fifo.name: fifo for fifo in (read_fifo(op) for op in ops if isinstance(op, ObjectFifoOp))
    }
    for fifo in fifos.values():
        refuse_impossible_options(fifo, model)
    link_into: dict[str, Link] = {}
    link_out_of: dict[str, Link] = {}
    for op in ops:
        if not isinstance(op, ObjectFifoLinkOp):
            continue
        link = read_link(op, fifos, model)
        for members, links in ((link.inputs, link_into), (link.outputs, link_out_of)):
            for fifo in members:
                if fifo.name in links:
                    raise DesignError(
                        f"ObjectFifo {fifo.name!r} is in two links on the same side",
                        at=link.at,
                        because=f"it was linked before at {links[fifo.name].at}",
                        fix="one link with several outputs, or a second fifo",
                    )
                links[fifo.name] = link
    linked = link_into.keys() | link_out_of.keys()
    delegates = {
        op.obj_fifo_name.root_reference.data: op
        for op in ops
        if isinstance(op, ObjectFifoAllocateOp)
    }
    shared_memory = {}
    for fifo in fifos.values():
        memory = _memory_both_reach(fifo, fifo.name in linked, delegates.get(fifo.name), model)
        if memory is not None:
            shared_memory[fifo.name] = memory
    graph = FifoGraph(
        fifos=fifos, link_into=link_into, link_out_of=link_out_of, shared_memory=shared_memory
    )
    for fifo in fifos.values():
        _refuse_unlinked_memory_tiles(fifo, graph, model)
    return graph


def why_not_shared(fifo: Fifo, linked: bool, model: DeviceModel) -> str | None:
    """The first reason why the objects cannot lie in memory that both ends reach, or None."""
    if fifo.via_dma:
        return "it has via_DMA"
    if linked:
        return "it is part of a link"
    if len(fifo.consumers) > 1:
        return f"it has {len(fifo.consumers)} consumers"
    if any(end.layout for end in fifo.ends):
        return "it has a layout, which only a DMA applies"
    if fifo.repeat_count > 1 or fifo.iter_count is not None:
        return "it has a repeat_count or iter_count, which only a DMA applies"
    if any(end.stream_port is not None for end in fifo.ends):
        return "one end is the stream of its core"
    consumer = fifo.consumers[0]
    if fifo.producer.object_type != consumer.object_type:
        return "its ends have different object types"
    if any(model.kind(end.tile) is not TileKind.CORE for end in fifo.ends):
        return "one end is no core tile"
    if not model.shared_memories(fifo.producer.tile, consumer.tile):
        return f"tiles {fifo.producer.tile} and {consumer.tile} reach no common memory"
    return None


def _memory_both_reach(
    fifo: Fifo, linked: bool, delegate: ObjectFifoAllocateOp | None, model: DeviceModel
) -> Tile | None:
    reason = why_not_shared(fifo, linked, model)
    if delegate is None:
        if reason is not None:
            return None
        producer, consumer = fifo.producer.tile, fifo.consumers[0].tile
        # A memory of a third tile that both happen to reach is used only where the author asks.
        own = [
            tile
            for tile in model.shared_memories(producer, consumer)
            if tile in (producer, consumer)
        ]
        return own[0] if own else None
    place = tile_of(delegate.delegate_tile)
    at = source_line_of(delegate)
    if reason is not None:
        raise DesignError(
            f"ObjectFifo {fifo.name!r} cannot keep its objects in the memory of tile {place}",
            at=at,
            because=f"its ends use the DMA: {reason}",
            fix="leave delegate_tile out",
        )
    reached = model.shared_memories(fifo.producer.tile, fifo.consumers[0].tile)
    if place not in reached:
        raise DesignError(
            f"ObjectFifo {fifo.name!r} cannot keep its objects in the memory of tile {place}",
            at=at,
            because=f"the producer {fifo.producer.tile} and the consumer "
            f"{fifo.consumers[0].tile} both reach only {', '.join(map(str, reached))}",
            fix=f"delegate_tile {reached[0]}",
        )
    return place


def _refuse_unlinked_memory_tiles(fifo: Fifo, graph: FifoGraph, model: DeviceModel) -> None:
    """A memory tile has no core: what its DMA sends must arrive there, and the other way round."""
    producer = fifo.producer
    if (
        model.kind(producer.tile) is TileKind.MEMORY
        and fifo.name not in graph.link_out_of
        and not fifo.initial_values
    ):
        raise DesignError(
            f"Nothing fills ObjectFifo {fifo.name!r}",
            at=fifo.at,
            because=f"its producer is memory tile {producer.tile}, which has no core, and no link "
            "leads into it",
            fix="forward, split or join another fifo into it, or give init_values",
        )
    for end in fifo.consumers:
        if model.kind(end.tile) is TileKind.MEMORY and graph.link_of(end) is None:
            raise DesignError(
                f"Nothing empties ObjectFifo {fifo.name!r}",
                at=fifo.at,
                because=f"its consumer is memory tile {end.tile}, which has no core, and no link "
                "leads out of it",
                fix="forward, split or join it into another fifo",
            )
