"""Resets at the start of a sequence that bring the whole array back to how it was configured.

A design that stays on the array begins its sequence by resetting every core and re-arming every
fifo. A run of ours begins with a freshly configured array, on which nothing has moved yet, so these
resets change nothing. A reset of a part of the array, or in the middle of a sequence, would.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerAttr, i32
from xdsl.ir import Operation, SSAValue

from ironbird.base.device import DeviceModel, Direction, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.ir.aie import (
    CoreOp,
    DeviceOp,
    DmaOp,
    DmaProgram,
    DmaStartOp,
    LockOp,
    ObjectFifoOp,
    ObjectFifoRearmBindingOp,
    tile_of,
)
from ironbird.ir.aiex import CoreResetOp, DmaChannelResetForOp, DmaChannelResetOp
from ironbird.ir.codes import DIRECTIONS
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.passes.lower_sequence.sequences import erase, sequences
from ironbird.passes.module_pass import ModulePass

RESETS = (CoreResetOp, DmaChannelResetForOp, DmaChannelResetOp)

Channel = tuple[Tile | None, Direction, int]


@dataclass(frozen=True)
class DropInitialResets(ModulePass):
    """Drop resets that stand before all else and leave out nothing.

    Before:  tiles have places; a sequence may reset cores and channels and re-arm fifos.
    After:   no sequence resets anything.
    Refuses: a reset behind something else; resets that leave out a core, a fifo, a channel that a
             DMA program starts, or a lock; the reset of a channel that nothing starts again.
    """

    name: ClassVar[str] = "drop-initial-resets"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        for sequence in sequences(device):
            resets = [op for op in sequence.walk() if isinstance(op, RESETS)]
            if not resets:
                continue
            first = list(_first_resets(iter(sequence.body.block.ops)))
            late = next((op for op in resets if op not in first), None)
            if late is not None:
                raise _refused(late, "it stands behind other work of the sequence")
            left_out = _Covered.of(first, device).left_out(device, model)
            if left_out is not None:
                raise _refused(first[0], f"the resets before the first transfer leave {left_out}")
            for op in first:
                erase(op)


def _first_resets(ops: Iterator[Operation]) -> Iterator[Operation]:
    for op in ops:
        if isinstance(op, RESETS):
            yield op
        elif not isinstance(op, arith.ConstantOp):
            return


def _refused(op: Operation, reason: str) -> DesignError:
    return DesignError(
        f"{op.name} cannot be simulated here",
        at=source_line_of(op),
        because=reason,
        fix="resets of every core and every fifo at the start of the sequence, or none",
    )


@dataclass
class _Covered:
    """What a sequence resets. Channels in `started` run on afterwards, others stand still."""

    cores: set[Tile | None] = field(default_factory=set)
    fifos: set[str] = field(default_factory=set)
    started: set[Channel] = field(default_factory=set)
    stopped: set[Channel] = field(default_factory=set)
    locks: set[SSAValue] = field(default_factory=set)

    @classmethod
    def of(cls, resets: list[Operation], device: DeviceOp) -> "_Covered":
        bindings = {
            op.sym_name.data: op
            for op in device.body.block.ops
            if isinstance(op, ObjectFifoRearmBindingOp)
        }
        covered = cls()
        for op in resets:
            if isinstance(op, CoreResetOp):
                covered.cores.add(tile_of(op.tile))
            elif isinstance(op, DmaChannelResetOp):
                direction = DIRECTIONS.word(op.direction)
                covered.stopped.add((tile_of(op.tile), direction, number_of(op.channel)))
            elif isinstance(op, DmaChannelResetForOp):
                name = op.objfifo.root_reference.data
                covered.fifos.add(name)
                if name in bindings:
                    covered.add_binding(bindings[name])
        return covered

    def add_binding(self, op: ObjectFifoRearmBindingOp) -> None:
        """A binding starts its channels again and sets its locks to where they began."""
        self.locks.update(op.locks)
        for tile, direction, channel in zip(
            op.channel_tiles,
            op.channel_dirs.get_values(),
            op.channel_indices.get_values(),
            strict=True,
        ):
            word: Direction = DIRECTIONS.word(IntegerAttr(int(direction), i32))
            self.started.add((tile_of(tile), word, int(channel)))

    def left_out(self, device: DeviceOp, model: DeviceModel) -> str | None:
        """The first thing on the array that would not begin anew, in the author's words."""
        for op in device.body.block.ops:
            if isinstance(op, CoreOp) and tile_of(op.tile) not in self.cores:
                return f"the core of tile {tile_of(op.tile)} as it is"
            if isinstance(op, ObjectFifoOp) and op.sym_name.data not in self.fifos:
                return f"ObjectFifo {op.sym_name.data!r} as it is"
            if isinstance(op, DmaProgram):
                for channel in _started_by(op):
                    if channel in self.stopped - self.started:
                        return f"{_shown(channel)} without its program"
                    if channel not in self.started:
                        return f"{_shown(channel)} as it is"
            if isinstance(op, LockOp) and op.result not in self.locks:
                place = tile_of(op.tile)
                if place is None or model.kind(place) is not TileKind.SHIM:
                    name = repr(op.sym_name.data) if op.sym_name is not None else "without a name"
                    return f"lock {name} as it is"
        return None


def _started_by(program: DmaProgram) -> Iterator[Channel]:
    for op in program.walk():
        if isinstance(op, DmaStartOp | DmaOp):
            yield tile_of(program.tile), op.direction, number_of(op.channel_index)


def _shown(channel: Channel) -> str:
    tile, direction, number = channel
    return f"{direction} {number} of tile {tile}"
