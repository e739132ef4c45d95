"""The registers that a sequence writes, as a state machine: writes in, steps of the plan out.

A descriptor's words are kept as they come; a word for a start queue makes descriptors of the plan
from what the registers hold by then, and starts them. So a sequence of register writes becomes the
steps that a sequence of tasks is made of.

The chip reads a descriptor when its channel comes to it, later than the start: words that change
before anything was waited for are refused. What the chip does with a start that finds a channel's
queue full is unknown; the simulator lets the sequence wait, as it does for tasks.

Refuses, by name, what has no part in the plan: other registers, bits without a known meaning,
memory that no buffer covers, a running chain that is written over.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ironbird.base.device import DeviceModel, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.base.npu1_registers import (
    CHANNEL_CONTROL,
    REGISTER_MAPS,
    START_QUEUE,
    WORD_BYTES,
    ChannelControl,
    CoreControl,
    DescriptorWord,
    LockValue,
    OtherRegister,
    Register,
    RegisterMap,
    StartQueue,
    TileMemory,
    address_of,
)
from ironbird.base.register_fields import WordLayout
from ironbird.base.source_line import SourceLine
from ironbird.plan.build_descriptors import DescriptorTable
from ironbird.plan.initial_resets import InitialResets
from ironbird.plan.plan import ChannelName, SetLock, StartTask, Step
from ironbird.plan.register_descriptors import DescriptorRegisters
from ironbird.plan.register_memory import memory_writes
from ironbird.plan.trace_writes import TraceWrites

ALL_BITS = 2**32 - 1
# Tokens go to whom the controller id names; the plan's sequence hears them all.
_CONTROL_WITHOUT_EFFECT = ("controller_id",)


@dataclass
class RegisterFile:
    """What was written so far. `tasks` counts the tasks of the sequence, however they start."""

    table: DescriptorTable
    model: DeviceModel
    descriptors: DescriptorRegisters
    traces: TraceWrites
    resets: InitialResets
    tasks: int = 0
    controls: dict[ChannelName, int] = field(default_factory=dict)

    def write(
        self,
        tile: Tile,
        offset: int,
        words: Sequence[int],
        at: SourceLine | None,
        mask: int = ALL_BITS,
    ) -> Iterator[Step]:
        """Write `words` from `offset` of `tile` on; only the bits of `mask`."""
        registers = self._map_of(tile, offset, at)
        if offset % WORD_BYTES:
            raise DesignError(
                f"a register write to byte {offset:#x} of tile {tile}",
                at=at,
                because=f"registers and memory are written in words of {WORD_BYTES} bytes",
            )
        if isinstance(registers.register_at(offset), TileMemory):
            self.resets.end()
            yield from memory_writes(self.table.parts, registers, tile, offset, words, mask, at)
            return
        for number, word in enumerate(words):
            place = offset + number * WORD_BYTES
            register = registers.register_at(place)
            if self.resets.takes(tile, register, word, mask, at):
                continue
            yield from self._write(tile, place, register, word, mask, at)

    def start(
        self,
        channel: ChannelName,
        descriptor: int,
        repeat_count: int,
        token: bool,
        at: SourceLine | None,
    ) -> StartTask:
        """Give `channel` the chain from `descriptor` on, to be run `1 + repeat_count` times."""
        number = self.tasks
        self.tasks += 1
        return StartTask(
            task=number,
            channel=channel,
            first=self.descriptors.chain_from(channel, descriptor, at),
            repeat_count=1 + repeat_count,
            token=token,
            at=at,
        )

    def _map_of(self, tile: Tile, offset: int, at: SourceLine | None) -> RegisterMap:
        try:
            return REGISTER_MAPS[self.model.kind(tile)]
        except ValueError as outside:
            raise DesignError(
                f"a register write to address {address_of(tile, offset):#x}",
                at=at,
                because=str(outside),
            ) from None

    def _write(
        self,
        tile: Tile,
        offset: int,
        register: Register | None,
        word: int,
        mask: int,
        at: SourceLine | None,
    ) -> Iterator[Step]:
        match register:
            case DescriptorWord(id=descriptor, word=number):
                self.descriptors.write(tile, descriptor, number, word, mask, at)
            case StartQueue():
                self._whole_word(tile, "a start queue", mask, at)
                channel = ChannelName(tile, register.direction, register.channel)
                if self.traces.ends_in(channel):
                    self._start_trace(channel, word, at)
                else:
                    yield self._queued(channel, word, at)
            case ChannelControl():
                channel = ChannelName(tile, register.direction, register.channel)
                self._control(channel, word, mask, at)
            case LockValue(id=lock):
                self._whole_word(tile, f"the value of lock {lock}", mask, at)
                yield self._lock_set(tile, lock, word, at)
            case CoreControl():
                raise DesignError(
                    f"the sequence writes Core_Control of tile {tile}",
                    at=at,
                    because="cores run from configuration on here; none is stopped or reset later",
                )
            case OtherRegister() if self.traces.takes(tile, offset):
                self.traces.write(tile, offset, word, mask, at)
            case OtherRegister(name=name):
                raise _without_part(f"{name} of tile {tile}", tile, offset, at)
            case _:
                raise _without_part(f"an unknown register of tile {tile}", tile, offset, at)

    def _queued(self, channel: ChannelName, word: int, at: SourceLine | None) -> StartTask:
        _no_reserved_bits(START_QUEUE, word, f"the start queue of {channel}", at)
        values = START_QUEUE.decode([word])
        return self.start(
            channel, values["descriptor"], values["repeat_count"], values["token"] == 1, at
        )

    def _start_trace(self, channel: ChannelName, word: int, at: SourceLine | None) -> None:
        """What takes trace packets is a trace buffer and no step of the plan."""
        held = self.descriptors.held.get((channel.tile, START_QUEUE.decode([word])["descriptor"]))
        patch = held.patch if held is not None else None
        self.traces.start(
            channel,
            word,
            held.words if held is not None else None,
            patch.argument if patch is not None else None,
            patch.offset_bytes if patch is not None else 0,
            at,
        )

    def _control(self, channel: ChannelName, word: int, mask: int, at: SourceLine | None) -> None:
        """Keep the word; what it asks for must be without effect on the words moved."""
        held = self.controls.get(channel, 0) & ~mask | word & mask
        _no_reserved_bits(CHANNEL_CONTROL, held, f"the control word of {channel}", at)
        for name, value in CHANNEL_CONTROL.decode([held]).items():
            if value and name not in _CONTROL_WITHOUT_EFFECT:
                raise DesignError(
                    f"the sequence sets {name} of {channel}",
                    at=at,
                    because="of a channel's control word only the controller id has a part in the "
                    "simulation",
                )
        self.controls[channel] = held

    def _lock_set(self, tile: Tile, lock: int, value: int, at: SourceLine | None) -> SetLock:
        most = self.model.model(tile).max_lock_value
        if value > most:
            raise DesignError(
                f"the sequence sets lock {lock} of tile {tile} to {value}",
                at=at,
                because=f"a lock holds 0..{most}",
            )
        return SetLock(lock=self.table.parts.lock_at(tile, lock), value=value, at=at)

    def _whole_word(self, tile: Tile, what: str, mask: int, at: SourceLine | None) -> None:
        if mask != ALL_BITS:
            raise DesignError(
                f"the sequence writes some bits of {what} of tile {tile}",
                at=at,
                because=f"the mask is {mask:#x}, and what the other bits hold is not known",
                fix="aiex.npu.write32",
            )


def _no_reserved_bits(layout: WordLayout, word: int, what: str, at: SourceLine | None) -> None:
    (bits,) = layout.reserved_bits([word])
    if bits:
        raise DesignError(
            f"the sequence writes {word:#010x} to {what}",
            at=at,
            because=f"its bits {bits:#x} have no known meaning",
        )


def _without_part(what: str, tile: Tile, offset: int, at: SourceLine | None) -> DesignError:
    return DesignError(
        f"the sequence writes {what}, at {address_of(tile, offset):#x}",
        at=at,
        because="the simulation has no part for it: it knows memory, locks, and the descriptors, "
        "queues and control words of DMA channels",
    )


def shim_descriptor_at(model: DeviceModel, tile: Tile, offset: int) -> tuple[int, int] | None:
    """The descriptor and the word of it at an address that a patch names; None if it is none."""
    if tile.column >= model.columns or model.kind(tile) is not TileKind.SHIM:
        return None
    match REGISTER_MAPS[TileKind.SHIM].register_at(offset):
        case DescriptorWord(id=descriptor, word=word):
            return descriptor, word
    return None
