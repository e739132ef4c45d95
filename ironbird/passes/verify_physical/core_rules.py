"""Rules of cores: where they stand, what they reach, what the sequence writes for them."""

from xdsl.dialects.builtin import SymbolRefAttr
from xdsl.ir import OpResult

from ironbird.base.device import DeviceModel, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.ir.aie import BufferOp, CoreOp, DeviceOp
from ironbird.ir.aiex import NpuRtpWriteOp
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.passes.lower_sequence.sequences import sequence_ops
from ironbird.passes.verify_physical.subjects import (
    buffer_bytes,
    buffer_name,
    buffers,
    cores,
    place,
)

_WORD_BYTES = 4


def cores_stand_on_core_tiles(device: DeviceOp, model: DeviceModel) -> None:
    """A core tile has one core at most; other tiles have none."""
    standing: dict[Tile, CoreOp] = {}
    for core in cores(device):
        tile = place(core.tile, core)
        if model.kind(tile) is not TileKind.CORE:
            raise DesignError(
                f"a core stands on tile {tile}, which is a {model.kind(tile)} tile",
                at=source_line_of(core),
                fix=f"rows 2..{model.rows - 1}",
            )
        other = standing.setdefault(tile, core)
        if other is not core:
            raise DesignError(
                f"two cores stand on tile {tile}",
                at=source_line_of(core),
                because=f"the other one is at {source_line_of(other)}",
            )


def cores_touch_memory_in_reach(device: DeviceOp, model: DeviceModel) -> None:
    """A core loads and stores in its own tile and in those to its west, north and south."""
    for core in cores(device):
        tile = place(core.tile, core)
        reached = model.memories_reached_by(tile)
        for op in core.walk():
            for operand in op.operands:
                if not (isinstance(operand, OpResult) and isinstance(operand.op, BufferOp)):
                    continue
                owner = place(operand.op.tile, operand.op)
                if owner not in reached:
                    raise DesignError(
                        f"the core on tile {tile} uses {buffer_name(operand.op)} of tile {owner}",
                        at=source_line_of(op),
                        because=f"it reaches {', '.join(str(each) for each in reached)}",
                        fix="a fifo between the two tiles",
                    )


def parameters_are_written_inside(device: DeviceOp, model: DeviceModel) -> None:
    """A parameter write hits a buffer of the device, inside it."""
    named = {op.sym_name.data: op for op in buffers(device) if op.sym_name is not None}
    for write in sequence_ops(device, NpuRtpWriteOp):
        assert isinstance(write.buffer, SymbolRefAttr)
        symbol = write.buffer.root_reference.data
        buffer = named.get(symbol)
        if buffer is None:
            raise DesignError(
                f"the sequence writes a parameter to {symbol!r}, which is no buffer",
                at=source_line_of(write),
                because=f"the device has {', '.join(named) or 'none'}",
            )
        index, words = number_of(write.index), buffer_bytes(buffer) // _WORD_BYTES
        if not 0 <= index < words:
            raise DesignError(
                f"the sequence writes word {index} of {buffer_name(buffer)}",
                at=source_line_of(write),
                because=f"it has words 0..{words - 1}",
            )
