"""How many buffer descriptors the DMA of a memory tile needs for the fifos that end there.

A chain has one descriptor per object, part of a split or join, and repeat. Channels are counted as
`lower-object-fifos` will number them, because each half of a memory tile's descriptors serves
every other channel.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from xdsl.ir import SSAValue

from ironbird.base.device import Direction, TileModel
from ironbird.ir.aie import ObjectFifoLinkOp, ObjectFifoOp
from ironbird.ir.integers import number_of


@dataclass(frozen=True, kw_only=True)
class ChainDemand:
    """What one end of a fifo needs: `count` descriptors of a channel that is still to be chosen.

    channel: the number the author chose, or None.
    """

    tile: SSAValue
    direction: Direction
    count: int
    channel: int | None


def read_chain_demands(
    fifos: dict[str, ObjectFifoOp], links: Iterable[ObjectFifoLinkOp]
) -> list[ChainDemand]:
    """The demands of all ends, in the order in which they get their channels."""
    link_into = {name: link for link in links for name in link.input_names if name in fifos}
    link_out_of = {name: link for link in links for name in link.output_names if name in fifos}
    demands = []
    for name, fifo in fifos.items():
        demands.append(_producer_demand(fifo, link_out_of.get(name), fifos))
        for index in range(len(fifo.consumer_tiles)):
            demands.append(_consumer_demand(fifo, index, link_into.get(name), fifos))
    return demands


def fits(demands: Iterable[ChainDemand], taken: dict[Direction, set[int]], tile: TileModel) -> bool:
    """Whether one tile has descriptors for all `demands` beside the channels `taken` by hand."""
    listed = list(demands)
    used = {direction: set(channels) for direction, channels in taken.items()}
    needed: dict[range, int] = {}
    for demand in [each for each in listed if each.channel is not None] + [
        each for each in listed if each.channel is None
    ]:
        mine = used.setdefault(demand.direction, set())
        channel = demand.channel
        if channel is None:
            channel = next(number for number in range(len(mine) + 1) if number not in mine)
        mine.add(channel)
        allowed = tile.descriptors_of_channel(channel)
        needed[allowed] = needed.get(allowed, 0) + demand.count
    return all(count <= len(allowed) for allowed, count in needed.items())


def _producer_demand(
    fifo: ObjectFifoOp, link: ObjectFifoLinkOp | None, fifos: dict[str, ObjectFifoOp]
) -> ChainDemand:
    depth, parts = fifo.depths[0], 1
    if link is not None:
        depth = _link_depth(link, fifos)
        parts = len(link.input_names)
    repeats = 1 if fifo.repeat_count is None else number_of(fifo.repeat_count)
    single = depth * parts == 1 and fifo.iter_count is None
    return ChainDemand(
        tile=fifo.producer_tile,
        direction=Direction.MM2S,
        count=depth * parts * (1 if single else repeats),
        channel=None if fifo.prod_dma_channel is None else number_of(fifo.prod_dma_channel),
    )


def _consumer_demand(
    fifo: ObjectFifoOp, index: int, link: ObjectFifoLinkOp | None, fifos: dict[str, ObjectFifoOp]
) -> ChainDemand:
    tile = fifo.consumer_tiles[index]
    depth, parts = fifo.depths[min(index + 1, len(fifo.depths) - 1)], 1
    outputs = [] if link is None else [fifos[name] for name in link.output_names if name in fifos]
    if link is not None and outputs and outputs[0].producer_tile is tile:
        depth = _link_depth(link, fifos)
        parts = len(link.output_names)
    channels = fifo.cons_dma_channels
    chosen = -1 if channels is None else int(channels.get_values()[index])
    return ChainDemand(
        tile=tile,
        direction=Direction.S2MM,
        count=depth * parts,
        channel=chosen if chosen >= 0 else None,
    )


def _link_depth(link: ObjectFifoLinkOp, fifos: dict[str, ObjectFifoOp]) -> int:
    """How many objects lie on the shared tile: those of the side that is bigger or alone."""
    inputs = [fifos[name] for name in link.input_names if name in fifos]
    outputs = [fifos[name] for name in link.output_names if name in fifos]
    if not inputs or not outputs:
        return 1
    arriving = [
        depth
        for tile, depth in zip(inputs[0].consumer_tiles, inputs[0].depths[1:], strict=False)
        if tile is outputs[0].producer_tile
    ]
    if len(inputs) > 1:
        return outputs[0].depths[0]
    return max([*arriving, *([outputs[0].depths[0]] if len(outputs) == 1 else [])], default=1)
