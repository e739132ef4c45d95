"""Other channels for the fifos of a memory tile whose descriptors would run out.

Each half of a memory tile's descriptors serves every other channel (AM020 ch5). The lowest free
channels, which mlir-aie takes, may ask too much of one half while the other has room; only then are
the channels chosen anew, the longest chains first. A tile where that does not help either keeps its
channels, and `assign-descriptor-ids` says who needs how many.
"""

from collections.abc import Mapping

from ironbird.base.device import DeviceModel, Direction, Tile, TileKind
from ironbird.passes.lower_object_fifos.fifo import FifoEnd

Channels = dict[str, int]
"""The channel of each end, by `FifoEnd.pool_name`."""


Unused = Mapping[tuple[Tile, Direction], list[int]]
"""The channels of a tile that nobody uses."""


def spread_channels(
    chosen: Channels,
    ends: list[FifoEnd],
    lengths: Mapping[str, int],
    unused: Unused,
    model: DeviceModel,
) -> Channels:
    """`chosen`, changed on memory tiles where one half of the descriptors is too small.

    ends:    those that use a DMA.
    lengths: descriptors in the chain of each end, by `FifoEnd.pool_name`.
    """
    spread = dict(chosen)
    places = {end.tile for end in ends if model.kind(end.tile) is TileKind.MEMORY}
    for place in sorted(places):
        here = [end for end in ends if end.tile == place]
        if _overflows(here, chosen, lengths, model):
            spread.update(_chosen_anew(here, chosen, lengths, unused, model) or {})
    return spread


def _overflows(
    here: list[FifoEnd], chosen: Channels, lengths: Mapping[str, int], model: DeviceModel
) -> bool:
    needed: dict[range, int] = {}
    for end in here:
        half = model.model(end.tile).descriptors_of_channel(chosen[end.pool_name])
        needed[half] = needed.get(half, 0) + lengths[end.pool_name]
    return any(count > len(half) for half, count in needed.items())


def _chosen_anew(
    here: list[FifoEnd],
    chosen: Channels,
    lengths: Mapping[str, int],
    unused: Unused,
    model: DeviceModel,
) -> Channels | None:
    """Channels with which all chains fit, or None. The author's own choices stay."""
    place = here[0].tile
    tile = model.model(place)
    pending = [end for end in here if end.channel is None]
    free = {direction: list(unused[place, direction]) for direction in Direction}
    for end in pending:
        free[end.direction].append(chosen[end.pool_name])
    halves = {tile.descriptors_of_channel(channel) for channel in range(tile.channels_each_way)}
    room = {half: len(half) for half in halves}
    for end in here:
        if end.channel is not None:
            room[tile.descriptors_of_channel(end.channel)] -= lengths[end.pool_name]
    anew: Channels = {}
    for end in sorted(pending, key=lambda end: -lengths[end.pool_name]):
        fitting = [
            channel
            for channel in free[end.direction]
            if room[tile.descriptors_of_channel(channel)] >= lengths[end.pool_name]
        ]
        if not fitting:
            return None
        channel = max(
            fitting, key=lambda number: (room[tile.descriptors_of_channel(number)], -number)
        )
        free[end.direction].remove(channel)
        room[tile.descriptors_of_channel(channel)] -= lengths[end.pool_name]
        anew[end.pool_name] = channel
    return anew
