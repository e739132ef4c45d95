"""What the DMA channels of a tile do from configuration on."""

from collections.abc import Iterator

from xdsl.ir import Operation as MlirOperation

from ironbird.base.device import Tile
from ironbird.ir.aie import tile_of
from ironbird.ir.codes import DIRECTIONS
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.plan.build_descriptors import DescriptorTable
from ironbird.plan.plan import ChannelName, ChannelProgram

DMA_OPERATIONS = ("aie.mem", "aie.memtile_dma", "aie.shim_dma")


def build_channels(dma: MlirOperation, table: DescriptorTable) -> Iterator[ChannelProgram]:
    """The programs of all channels that `dma` starts, in order; their chains go into `table`."""
    tile = tile_of(dma.operands[0])
    assert tile is not None
    for op in dma.walk():
        match op.name:
            case "aie.dma_start":
                yield _program(op, tile, table.chain(op.successors[0], tile, None, None))
            case "aie.dma":
                loops = number_of(op.properties["loop"]) != 0
                yield _program(op, tile, table.chain_of_regions(op.regions, loops, tile))


def _program(op: MlirOperation, tile: Tile, first: int) -> ChannelProgram:
    properties = op.properties
    repeat = properties.get("repeat_count")
    return ChannelProgram(
        channel=ChannelName(
            tile,
            DIRECTIONS.word(properties["channel_dir"]),
            number_of(properties["channel_index"]),
        ),
        first=first,
        # MLIR counts the runs after the first.
        repeat_count=1 + (number_of(repeat) if repeat is not None else 0),
        at=source_line_of(op),
    )
