"""What the DMA channels of a tile do from configuration on."""

from collections.abc import Iterator

from xdsl.ir import Operation as MlirOperation

from ironbird.base.device import Tile
from ironbird.base.errors import DesignError
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
                yield _started(op, tile, table)
            case "aie.dma":
                raise DesignError(
                    "aie.dma with a region for each descriptor is not lowered",
                    at=source_line_of(op),
                    fix="aie.dma_start with a block for each descriptor",
                )


def _started(op: MlirOperation, tile: Tile, table: DescriptorTable) -> ChannelProgram:
    properties = op.properties
    repeat = properties.get("repeat_count")
    return ChannelProgram(
        channel=ChannelName(
            tile,
            DIRECTIONS.word(properties["channel_dir"]),
            number_of(properties["channel_index"]),
        ),
        first=table.chain(op.successors[0], tile, None, None),
        # MLIR counts the runs after the first.
        repeat_count=1 + (number_of(repeat) if repeat is not None else 0),
        at=source_line_of(op),
    )
