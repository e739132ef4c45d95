"""Cascade links, from the sides that cores are configured to send to and receive from."""

from ironbird.base.device import Bundle, Tile
from ironbird.ir.aie import ConfigureCascadeOp, CoreOp, DeviceOp, tile_of
from ironbird.ir.codes import CASCADE_SIDES
from ironbird.plan.plan import CascadeLink


def build_cascades(device: DeviceOp) -> tuple[CascadeLink, ...]:
    """A link between neighbours of which one sends to the side on which the other listens.

    A core sends south or east and receives from the north or the west (AM020 ch4). A link that
    neither of its cores can use is the default of two configurations, and is left out; one that
    only one of them uses stays, so that a run can say which core the other waits for.
    """
    sends: dict[Tile, Bundle] = {}
    receives: dict[Tile, Bundle] = {}
    for op in device.body.block.ops:
        if isinstance(op, ConfigureCascadeOp):
            tile = tile_of(op.tile)
            assert tile is not None
            receives[tile] = CASCADE_SIDES.word(op.input_dir)
            sends[tile] = CASCADE_SIDES.word(op.output_dir)
    putting, getting = _users(device)
    links = []
    for source in sorted(sends):
        column, row = source
        to_south = sends[source] is Bundle.SOUTH
        destination = Tile(column, row - 1) if to_south else Tile(column + 1, row)
        side = Bundle.NORTH if to_south else Bundle.WEST
        is_used = source in putting or destination in getting
        if is_used and receives.get(destination) is side:
            links.append(CascadeLink(source, destination))
    return tuple(links)


def _users(device: DeviceOp) -> tuple[set[Tile], set[Tile]]:
    """The tiles of cores that may put to the cascade, and of those that may get from it.

    A core that calls a function may use the cascade inside it.
    """
    putting, getting = set(), set()
    for core in device.body.block.ops:
        if not isinstance(core, CoreOp):
            continue
        tile = tile_of(core.tile)
        assert tile is not None
        names = {op.name for op in core.walk()}
        if names & {"aie.put_cascade", "func.call"}:
            putting.add(tile)
        if names & {"aie.get_cascade", "func.call"}:
            getting.add(tile)
    return putting, getting
