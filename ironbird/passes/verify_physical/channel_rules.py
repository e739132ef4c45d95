"""Rules of DMA channels: which exist, who starts them, how often they repeat."""

from collections.abc import Iterator

from xdsl.ir import Operation

from ironbird.base.device import DeviceModel, Direction, Tile
from ironbird.base.errors import DesignError
from ironbird.ir.aie import DeviceOp, DmaOp, DmaStartOp
from ironbird.ir.aiex import DmaConfigureTaskOp
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.passes.lower_sequence.sequences import sequence_ops
from ironbird.passes.verify_physical.subjects import place, programs, starts


def channels_exist(device: DeviceOp, model: DeviceModel) -> None:
    """A channel that is started or given a task is one of its tile."""
    for tile, direction, channel, op in _uses(device):
        count = model.model(tile).channels_each_way
        if not 0 <= channel < count:
            raise DesignError(
                f"{direction} {channel} of tile {tile} does not exist",
                at=source_line_of(op),
                because=f"the tile has {direction} 0..{count - 1}",
            )


def channels_are_started_once(device: DeviceOp, model: DeviceModel) -> None:
    """One chain at most runs on a channel from configuration on."""
    started: dict[tuple[Tile, Direction, int], DmaStartOp] = {}
    for tile, direction, channel, op in _uses(device):
        if not isinstance(op, DmaStartOp):
            continue
        other = started.setdefault((tile, direction, channel), op)
        if other is not op:
            raise DesignError(
                f"{direction} {channel} of tile {tile} is started twice",
                at=source_line_of(op),
                because=f"it is started at {source_line_of(other)} already",
                fix="another channel, or one chain with all descriptors",
            )


def repeats_fit(device: DeviceOp, model: DeviceModel) -> None:
    """A task runs at most as often as the repeat field of the queue holds."""
    for tile, direction, channel, op in _uses(device):
        repeat = op.properties.get("repeat_count")
        runs = 1 + (number_of(repeat) if repeat is not None else 0)
        limit = model.model(tile).max_repeat
        if not 1 <= runs <= limit:
            raise DesignError(
                f"{direction} {channel} of tile {tile} is to run a chain {runs} times",
                at=source_line_of(op),
                because=f"the repeat field holds 1..{limit}",
                fix="several tasks",
            )


def channels_pad_with_zeros(device: DeviceOp, model: DeviceModel) -> None:
    """The value that a padded transfer adds is 0: a memory tile has no register for another.

    Source: AM020 ch5 (zero padding); mlir-aie 1.4.1 refuses other values for npu1.
    """
    for program in programs(device):
        for op in program.walk():
            value = op.properties.get("pad_value")
            if isinstance(op, DmaStartOp | DmaOp) and value is not None and number_of(value) != 0:
                raise DesignError(
                    f"{op.direction} {number_of(op.channel_index)} of tile "
                    f"{place(program.tile, program)} pads with {number_of(value)}",
                    at=source_line_of(op),
                    because="npu1 pads with 0",
                    fix="pad_value = 0",
                )


def _uses(device: DeviceOp) -> Iterator[tuple[Tile, Direction, int, Operation]]:
    for program in programs(device):
        for start in starts(program):
            tile = place(program.tile, program)
            yield tile, start.direction, number_of(start.channel_index), start
    for task in sequence_ops(device, DmaConfigureTaskOp):
        tile = place(task.tile, task)
        yield tile, task.dma_direction, number_of(task.channel), task
