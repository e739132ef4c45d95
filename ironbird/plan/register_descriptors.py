"""The descriptor registers of all tiles, and the descriptors of the plan that they stand for."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ironbird.base.access_pattern import AccessPattern
from ironbird.base.device import DeviceModel, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.base.npu1_registers import REGISTER_MAPS, WORD_BYTES
from ironbird.base.source_line import SourceLine
from ironbird.plan.build_descriptors import DescriptorTable
from ironbird.plan.descriptor_words import DescriptorFields, fields_of_words, words_of_fields
from ironbird.plan.plan import ChannelName, ChannelProgram, Descriptor, HostBuffer
from ironbird.plan.register_numbers import RegisterNumbers

# The words of a shim descriptor that hold its address; a write there undoes a patch.
_ADDRESS_WORDS = (1, 2)


@dataclass(frozen=True)
class Patch:
    """A shim descriptor's address: `offset_bytes` into an argument of the sequence."""

    argument: int
    offset_bytes: int


@dataclass
class _Registers:
    """What one descriptor's registers hold.

    made:    the descriptor of the plan that they stand for, as long as they are not written.
    started: the channel it was last given to, and how many waits came before that.
    """

    words: list[int] | None = None
    patch: Patch | None = None
    made: int | None = None
    started: tuple[ChannelName, int] | None = None


@dataclass
class DescriptorRegisters:
    """Words of descriptors by tile and id.

    argument_bytes: the size of each host argument.
    trace_tiles:    shims that take trace packets, for which the host may have a further buffer.
    """

    table: DescriptorTable
    model: DeviceModel
    numbers: RegisterNumbers
    argument_bytes: Sequence[int]
    trace_tiles: frozenset[Tile] = frozenset()
    held: dict[tuple[Tile, int], _Registers] = field(default_factory=dict)
    endless: dict[tuple[Tile, int], ChannelName] = field(default_factory=dict)
    wait_count: int = 0

    def configured(self, programs: Sequence[ChannelProgram]) -> None:
        """Take in what the device's configuration writes, and which chains never end."""
        for index, descriptor in enumerate(self.table.descriptors):
            self.held[descriptor.tile, descriptor.id] = _Registers(made=index)
        for program in programs:
            members = self._chain(program.first)
            if self.table.descriptors[members[-1]].next is not None:
                for index in members:
                    descriptor = self.table.descriptors[index]
                    self.endless[descriptor.tile, descriptor.id] = program.channel

    def task_started(self, channel: ChannelName, first: int) -> None:
        """A task's chain is written to its registers when it is configured."""
        for index in self._chain(first):
            descriptor = self.table.descriptors[index]
            self.held[descriptor.tile, descriptor.id] = _Registers(
                made=index, started=(channel, self.wait_count)
            )

    def waited(self) -> None:
        """The sequence has waited for something, so that what was started may have ended."""
        self.wait_count += 1

    def write(
        self, tile: Tile, id: int, number: int, word: int, mask: int, at: SourceLine | None
    ) -> None:
        """Write the bits of `mask` of word `number` of a descriptor."""
        if (tile, id) in self.endless:
            raise DesignError(
                f"the sequence writes descriptor {id} of tile {tile}",
                at=at,
                because=f"it is part of the chain that {self.endless[tile, id]} repeats from the "
                "configuration on, and may be read at any time",
                fix="a descriptor that no DMA program uses",
            )
        registers, words = self._to_be_written(tile, id, at)
        words[number] = words[number] & ~mask | word & mask
        if number in _ADDRESS_WORDS and self.model.kind(tile) is TileKind.SHIM:
            registers.patch = None

    def patch(self, tile: Tile, id: int, patch: Patch, at: SourceLine | None) -> None:
        """Put the address of a host argument into a shim descriptor."""
        if not 0 <= patch.argument < len(self.argument_bytes) and tile not in self.trace_tiles:
            raise DesignError(
                f"address_patch names argument {patch.argument}",
                at=at,
                because=f"the runtime sequence has {len(self.argument_bytes)}, counted from 0",
            )
        registers, _ = self._to_be_written(tile, id, at)
        registers.patch = patch

    def _to_be_written(
        self, tile: Tile, id: int, at: SourceLine | None
    ) -> tuple[_Registers, list[int]]:
        """The registers of a descriptor, and their words, which are about to change."""
        registers = self.held.setdefault((tile, id), _Registers())
        if registers.started is not None and registers.started[1] == self.wait_count:
            raise DesignError(
                f"the sequence writes descriptor {id} of tile {tile}",
                at=at,
                because=f"{registers.started[0]} was given it, and nothing was waited for since: "
                "it may be read before or after the write",
                fix="an aiex.npu.sync before the write, or another descriptor",
            )
        if registers.words is None:
            registers.words = self._words_before(tile, registers, at)
        registers.made = None
        return registers, registers.words

    def chain_from(self, channel: ChannelName, id: int, at: SourceLine | None) -> int:
        """The descriptor of the plan that starts the chain which the registers hold now."""
        allowed = self.model.model(channel.tile).descriptors_of_channel(channel.index)
        members = self._members(channel, id, at)
        for member in members:
            if member not in allowed:
                raise DesignError(
                    f"{channel} is given descriptor {member}",
                    at=at,
                    because=f"it may use {allowed.start}..{allowed.stop - 1}",
                )
        for member in members:
            self.held[channel.tile, member].started = (channel, self.wait_count)
        made = self.held[channel.tile, id].made
        if made is not None and self._still_holds(channel.tile, made):
            return made
        first = len(self.table.descriptors)
        for position, member in enumerate(members):
            self._make(channel, member, members, first, position, at)
        return first

    def _still_holds(self, tile: Tile, made: int) -> bool:
        """Whether no descriptor of the plan's chain from `made` on was written since."""
        return all(
            self.held[tile, self.table.descriptors[index].id].made == index
            for index in self._chain(made)
        )

    def _make(
        self,
        channel: ChannelName,
        id: int,
        members: list[int],
        first: int,
        position: int,
        at: SourceLine | None,
    ) -> None:
        """Append the descriptor of the plan for one member of a chain."""
        registers = self.held[channel.tile, id]
        if registers.words is None:
            registers.words = self._words_before(channel.tile, registers, at)
        fields = self._fields(channel.tile, id, at)
        if fields.iteration is not None and registers.made is not None:
            raise DesignError(
                f"descriptor {id} of tile {channel.tile} iterates, and what follows it changed",
                at=at,
                because="how far its iteration has come is not known then",
                fix="write its words again, with the iteration's current step",
            )
        memory, pattern = self._memory(channel, id, fields, registers.patch, at)
        registers.made = first + position
        following = members.index(fields.next) if fields.next is not None else None
        self.table.descriptors.append(
            Descriptor(
                id=id,
                tile=channel.tile,
                memory=memory,
                element_bytes=WORD_BYTES,
                pattern=pattern,
                length=fields.length,
                padding=fields.padding,
                iteration=fields.iteration,
                acquire=self.numbers.lock_use(channel.tile, id, fields.acquire, at),
                release=self.numbers.lock_use(channel.tile, id, fields.release, at),
                packet=fields.packet,
                next=first + following if following is not None else None,
                fifo=self._fifo(channel, memory),
                at=at,
            )
        )

    def _members(self, channel: ChannelName, id: int, at: SourceLine | None) -> list[int]:
        """The ids of the chain from `id` on, until it ends or comes back."""
        members: list[int] = []
        following: int | None = id
        while following is not None and following not in members:
            members.append(following)
            registers = self.held.get((channel.tile, following))
            if registers is None:
                raise DesignError(
                    f"{channel} is given descriptor {following}",
                    at=at,
                    because=f"nothing wrote descriptor {following} of tile {channel.tile} before",
                )
            if registers.words is None:
                assert registers.made is not None
                following = self._following(self.table.descriptors[registers.made])
            else:
                following = self._fields(channel.tile, following, at).next
        return members

    def _fields(self, tile: Tile, id: int, at: SourceLine | None) -> DescriptorFields:
        words = self.held[tile, id].words
        assert words is not None
        try:
            return fields_of_words(self.model.kind(tile), words)
        except ValueError as unknown:
            raise DesignError(
                f"descriptor {id} of tile {tile} cannot be run",
                at=at,
                because=f"{unknown}; its words are "
                f"[{', '.join(f'{word:#010x}' for word in words)}]",
            ) from None

    def _words_before(self, tile: Tile, registers: _Registers, at: SourceLine | None) -> list[int]:
        """The words under a first partial write: zeros, or those of the descriptor that is there.

        Registers that nobody wrote hold 0, as after a reset (AM025).
        """
        kind = self.model.kind(tile)
        if registers.made is None:
            return [0] * REGISTER_MAPS[kind].descriptor.word_count
        descriptor = self.table.descriptors[registers.made]
        if isinstance(descriptor.memory, HostBuffer):
            registers.patch = Patch(
                descriptor.memory.argument, descriptor.pattern.offset * descriptor.element_bytes
            )
        following = self._following(descriptor)
        try:
            return list(words_of_fields(kind, self.numbers.fields_of(descriptor, following)))
        except ValueError as unheld:
            raise DesignError(
                f"the sequence writes some words of descriptor {descriptor.id} of tile {tile}",
                at=at,
                because=f"what the others hold is not known: {unheld}",
                fix="write all of its words",
            ) from None

    def _following(self, descriptor: Descriptor) -> int | None:
        """The id of the descriptor after this one."""
        after = descriptor.next
        return self.table.descriptors[after].id if after is not None else None

    def _memory(
        self,
        channel: ChannelName,
        id: int,
        fields: DescriptorFields,
        patch: Patch | None,
        at: SourceLine | None,
    ) -> tuple[int | HostBuffer, AccessPattern]:
        """What the descriptor moves, and the pattern with the offset in it."""
        byte_count = _reach_words(fields) * WORD_BYTES
        if fields.address is not None:
            memory, offset = self.numbers.buffer(
                channel.tile, id, fields.address * WORD_BYTES, byte_count, at
            )
            return memory, replace(fields.pattern, offset=offset // WORD_BYTES)
        if patch is None:
            raise DesignError(
                f"{channel} is given descriptor {id}, whose address is no argument's",
                at=at,
                because="no aiex.npu.address_patch came after its words were written",
            )
        end = patch.offset_bytes + byte_count
        known = 0 <= patch.argument < len(self.argument_bytes)
        available = self.argument_bytes[patch.argument] if known else 0
        if patch.offset_bytes % WORD_BYTES or patch.offset_bytes < 0 or end > available:
            raise DesignError(
                f"descriptor {id} of tile {channel.tile} moves bytes {patch.offset_bytes}..{end} "
                f"of argument {patch.argument}",
                at=at,
                because=f"the argument has {available} bytes, in words of {WORD_BYTES}",
            )
        pattern = replace(fields.pattern, offset=patch.offset_bytes // WORD_BYTES)
        return HostBuffer(patch.argument), pattern

    def _fifo(self, channel: ChannelName, memory: int | HostBuffer) -> str | None:
        if isinstance(memory, HostBuffer):
            return self.table.parts.fifo_of_channel.get(channel)
        return self.table.parts.buffers[memory].fifo

    def _chain(self, first: int) -> list[int]:
        """The descriptors of the plan from `first` on."""
        members: list[int] = []
        following: int | None = first
        while following is not None and following not in members:
            members.append(following)
            following = self.table.descriptors[following].next
        return members


def _reach_words(fields: DescriptorFields) -> int:
    """Words from the first one visited to behind the last one, over all iterations."""
    pattern = fields.pattern
    if not fields.padding and pattern.element_count > fields.length:
        # The length stops the outermost dimension before its end.
        last = int(pattern.indices()[: fields.length].max())
    else:
        last = pattern.bounds()[1]
    iteration = fields.iteration
    return last + 1 + (iteration.stride * (iteration.size - 1) if iteration is not None else 0)
