"""Resets at the start of a sequence, as register writes, that begin the whole array anew.

A design that stays on the array resets its cores and channels, sets its locks and starts its chains
again before it moves anything. A run of ours begins with a freshly configured array, on which
nothing has moved yet: such writes change nothing, and no step of the plan stands for them.

Refuses resets that leave anything out, or that start something else than the configuration did.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ironbird.base.device import DeviceModel, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.base.npu1_registers import (
    CHANNEL_CONTROL,
    START_QUEUE,
    ChannelControl,
    CoreControl,
    LockValue,
    Register,
    StartQueue,
)
from ironbird.base.source_line import SourceLine
from ironbird.ir.aie import CoreOp, tile_of
from ironbird.plan.build_descriptors import DescriptorTable
from ironbird.plan.plan import ChannelName, ChannelProgram

# The reset bit has the same place in the control words of channels and of cores.
_RESET_MASK = CHANNEL_CONTROL.fields["reset"].mask


@dataclass
class InitialResets:
    """What was reset and started again so far, until the sequence does something else.

    cores, channels: whether their reset bit is set now.
    """

    table: DescriptorTable
    model: DeviceModel
    programs: Sequence[ChannelProgram]
    first: SourceLine | None = None
    is_open: bool = True
    cores: dict[Tile, bool] = field(default_factory=dict)
    channels: dict[ChannelName, bool] = field(default_factory=dict)
    locks: dict[tuple[Tile, int], int] = field(default_factory=dict)
    started: dict[ChannelName, int] = field(default_factory=dict)

    def takes(
        self, tile: Tile, register: Register | None, word: int, mask: int, at: SourceLine | None
    ) -> bool:
        """Whether the write belongs to the resets at the start; if so, it is taken in."""
        if not self.is_open:
            return False
        has_begun = bool(self.cores or self.channels)
        match register:
            case CoreControl() if mask == _RESET_MASK:
                self.cores[tile] = word & mask != 0
            case ChannelControl() if mask == _RESET_MASK:
                channel = ChannelName(tile, register.direction, register.channel)
                self.channels[channel] = word & mask != 0
            case LockValue(id=lock) if has_begun:
                self.locks[tile, lock] = word
            case StartQueue() if has_begun:
                self.started[ChannelName(tile, register.direction, register.channel)] = word
            case _:
                self.end()
                return False
        self.first = self.first or at
        return True

    def end(self) -> None:
        """The sequence does something else, or ends. Raises DesignError if a part was reset."""
        if not self.is_open:
            return
        self.is_open = False
        left_out = self._left_out() if self.cores or self.channels else None
        if left_out is not None:
            raise DesignError(
                "the sequence resets a part of the array",
                at=self.first,
                because=f"its first writes leave {left_out}; only what begins all anew changes "
                "nothing",
                fix="resets of every core and channel, every lock, every start, or none",
            )

    def _left_out(self) -> str | None:
        """The first thing that would not be as it was configured."""
        parts = self.table.parts
        tiles = [tile_of(op.tile) for op in parts.device.body.block.ops if isinstance(op, CoreOp)]
        for tile in tiles:
            if tile is None or self.cores.get(tile, True):
                return f"the core of tile {tile} {'in reset' if tile in self.cores else 'as it is'}"
        for channel, in_reset in self.channels.items():
            if in_reset:
                return f"{channel} in reset"
        for lock in parts.locks:
            value = self.locks.pop((lock.tile, lock.id), None)
            if value is None and self.model.kind(lock.tile) is not TileKind.SHIM:
                return f"lock {lock.name!r} as it is"
            if value not in (None, lock.initial):
                return f"lock {lock.name!r} at {value}, which begins at {lock.initial}"
        for (tile, lock_id), value in self.locks.items():
            if value:
                return f"lock {lock_id} of tile {tile} at {value}"
        return self._not_started()

    def _not_started(self) -> str | None:
        words = {program.channel: self._word(program) for program in self.programs}
        for channel, word in words.items():
            if channel not in self.channels:
                return f"{channel} as it is"
            if self.started.get(channel) != word:
                return f"{channel} without its chain"
        for channel in self.started:
            if channel not in words:
                return f"{channel} with a chain that the configuration does not start"
        return None

    def _word(self, program: ChannelProgram) -> int:
        """What the configuration writes to the channel's start queue."""
        (word,) = START_QUEUE.encode(
            {
                "descriptor": self.table.descriptors[program.first].id,
                "repeat_count": program.repeat_count - 1,
            }
        )
        return word
