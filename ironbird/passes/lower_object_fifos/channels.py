"""DMA channels: each end of a fifo that moves over the DMA gets one of its tile's.

Channels that the author chose come first; the others take the lowest free one in the order in
which the fifos are written, unless that asks too much of a memory tile (`spread_channels`). Refuses
a tile with more ends than channels, by the names of all users.
"""

from collections.abc import Mapping

from xdsl.ir import SSAValue

from ironbird.base.device import Bundle, DeviceModel, Direction, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.ir.aie import (
    DeviceOp,
    DmaOp,
    DmaProgram,
    DmaStartOp,
    FlowOp,
    ShimDmaAllocationOp,
    tile_of,
)
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.passes.lower_object_fifos.fifo import FifoEnd
from ironbird.passes.lower_object_fifos.graph import FifoGraph
from ironbird.passes.lower_object_fifos.spread_channels import Channels, spread_channels

Users = dict[tuple[Tile, Direction], dict[int, str]]
"""Who uses each channel of a tile and direction, in the author's words."""


def assign_channels(
    device: DeviceOp, graph: FifoGraph, model: DeviceModel, lengths: Mapping[str, int]
) -> Channels:
    """The channel of every end that uses a DMA.

    lengths: descriptors in the chain of each end, by `FifoEnd.pool_name`.
    """
    users = _channels_in_use(device)
    ends = [
        end
        for fifo in graph.fifos.values()
        if fifo.name not in graph.shared_memory
        for end in fifo.ends
        if end.stream_port is None
    ]
    channel_of: Channels = {}
    for end in ends:
        if end.channel is not None:
            _refuse_bad_choice(end, graph, model, users)
            channel_of[end.pool_name] = end.channel
            users.setdefault((end.tile, end.direction), {})[end.channel] = _shown(end)
    for end in ends:
        if end.channel is not None:
            continue
        taken = users.setdefault((end.tile, end.direction), {})
        free = [
            channel
            for channel in range(model.model(end.tile).channels_each_way)
            if channel not in taken
        ]
        if not free:
            raise _too_many(end, ends, graph, model, taken)
        channel_of[end.pool_name] = free[0]
        taken[free[0]] = _shown(end)
    unused = {
        (tile, direction): [
            channel
            for channel in range(model.model(tile).channels_each_way)
            if channel not in users.get((tile, direction), {})
        ]
        for tile in {end.tile for end in ends}
        for direction in Direction
    }
    return spread_channels(channel_of, ends, lengths, unused, model)


def _channels_in_use(device: DeviceOp) -> Users:
    """The channels that flows and DMA programs written by hand use already."""
    users: Users = {}

    def use(tile: SSAValue, direction: Direction, channel: int, user: str) -> None:
        place = tile_of(tile)
        if place is not None:
            users.setdefault((place, direction), {}).setdefault(channel, user)

    for op in device.body.block.ops:
        if isinstance(op, DmaProgram):
            for start in op.walk():
                if isinstance(start, DmaStartOp | DmaOp):
                    user = f"the DMA program at {source_line_of(op)}"
                    use(op.tile, start.direction, number_of(start.channel_index), user)
        elif isinstance(op, FlowOp):
            user = f"the flow at {source_line_of(op)}"
            if op.source_port[0] is Bundle.DMA:
                use(op.source, Direction.MM2S, op.source_port[1], user)
            if op.dest_port[0] is Bundle.DMA:
                use(op.dest, Direction.S2MM, op.dest_port[1], user)
        elif isinstance(op, ShimDmaAllocationOp):
            user = f"the shim allocation {op.sym_name.data!r}"
            use(op.tile, op.direction, number_of(op.channel_index), user)
    return users


def _refuse_bad_choice(end: FifoEnd, graph: FifoGraph, model: DeviceModel, users: Users) -> None:
    assert end.channel is not None
    count = model.model(end.tile).channels_each_way
    at = graph.fifos[end.fifo_name].at
    if end.channel >= count:
        raise DesignError(
            f"ObjectFifo {end.fifo_name!r} asks for {end.direction} channel {end.channel} of tile "
            f"{end.tile}",
            at=at,
            because=f"the tile has channels 0..{count - 1}",
        )
    user = users.get((end.tile, end.direction), {}).get(end.channel)
    if user is not None:
        raise DesignError(
            f"ObjectFifo {end.fifo_name!r} asks for {end.direction} channel {end.channel} of tile "
            f"{end.tile}, which is taken",
            at=at,
            because=f"{user} uses it",
            fix="another channel, or none to have one chosen",
        )


def _too_many(
    end: FifoEnd,
    ends: list[FifoEnd],
    graph: FifoGraph,
    model: DeviceModel,
    taken: dict[int, str],
) -> DesignError:
    count = model.model(end.tile).channels_each_way
    fifo_users = [
        _shown(other)
        for other in ends
        if other.tile == end.tile and other.direction is end.direction
    ]
    by_hand = [user for user in taken.values() if user not in fifo_users]
    users = by_hand + fifo_users
    verb = "arrive at" if end.direction is Direction.S2MM else "leave"
    advice = {
        TileKind.CORE: "join them on a memory tile, or place the other core beside this one",
        TileKind.MEMORY: "spread them over two memory tiles",
        TileKind.SHIM: "spread them over two shim tiles",
    }
    return DesignError(
        f"Too many fifos {verb} tile {end.tile}",
        at=graph.fifos[end.fifo_name].at,
        because=f"{len(users)} {end.direction} channels are needed ({', '.join(users)}); "
        f"the tile has {count}",
        fix=advice[model.kind(end.tile)],
    )


def _shown(end: FifoEnd) -> str:
    return f"ObjectFifo {end.fifo_name!r}"
