"""Addresses and locks as a DMA numbers them, to and from the parts of the plan.

A core's DMA sees its own memory and locks. A memory tile's DMA sees those of its west neighbour,
its own, and those of its east neighbour, one after the other.
"""

from dataclasses import dataclass, replace

from ironbird.base.device import DeviceModel, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.base.npu1_registers import MEMORY_WINDOW_BYTES, MEMORY_WINDOW_LOCKS, WORD_BYTES
from ironbird.base.source_line import SourceLine
from ironbird.plan.descriptor_words import DescriptorFields, LockField, pattern_in_words
from ironbird.plan.placed_parts import PlacedParts
from ironbird.plan.plan import Descriptor, HostBuffer, LockUse
from ironbird.plan.register_memory import buffer_at, buffers_of


@dataclass(frozen=True)
class RegisterNumbers:
    """The numbering of one device."""

    parts: PlacedParts
    model: DeviceModel

    def buffer(
        self, tile: Tile, id: int, address: int, byte_count: int, at: SourceLine | None
    ) -> tuple[int, int]:
        """The buffer that descriptor `id` of `tile` moves, and the first byte of it."""
        owner, first = self._place(tile, address)
        index = buffer_at(self.parts, owner, first, byte_count)
        if index is None and owner != tile:
            index = self._meant_as_own(tile, first, byte_count)
        if index is None:
            there = buffers_of(self.parts, owner)
            raise DesignError(
                f"descriptor {id} of tile {tile} moves bytes {first:#x}..{first + byte_count:#x} "
                f"of tile {owner}",
                at=at,
                because=f"no buffer holds all of them; the tile has {there}",
            )
        buffer = self.parts.buffers[index]
        offset = first - buffer.address
        if offset % WORD_BYTES:
            raise DesignError(
                f"descriptor {id} of tile {tile} starts inside a word of {buffer.name!r}",
                at=at,
                because=f"the buffer is at address {buffer.address}, no multiple of {WORD_BYTES}",
            )
        return index, offset

    def lock_use(
        self, tile: Tile, id: int, use: LockField | None, at: SourceLine | None
    ) -> LockUse | None:
        """What descriptor `id` of `tile` does with a lock that it numbers `use.id`."""
        if use is None:
            return None
        owner, number = tile, use.id
        if self.model.kind(tile) is TileKind.MEMORY:
            window, number = divmod(use.id, MEMORY_WINDOW_LOCKS)
            owner = Tile(tile.column + window - 1, tile.row)
        if not 0 <= owner.column < self.model.columns:
            raise DesignError(
                f"descriptor {id} of tile {tile} uses lock {use.id}",
                at=at,
                because=f"that is lock {number} of tile {owner}, which {self.model.name} has not",
                fix=f"{MEMORY_WINDOW_LOCKS + number}: lock {number} of the tile itself",
            )
        return LockUse(self.parts.lock_at(owner, number), use.action, use.count)

    def fields_of(self, descriptor: Descriptor, following: int | None) -> DescriptorFields:
        """What the registers of a descriptor say. Raises ValueError if none can.

        following: the id of the next descriptor of the chain.
        """
        pattern = pattern_in_words(descriptor)
        iteration = descriptor.iteration
        if iteration is not None:
            step_bytes = iteration.stride * descriptor.element_bytes
            if step_bytes % WORD_BYTES:
                raise ValueError(f"its iteration steps {step_bytes} bytes")
            iteration = replace(iteration, stride=step_bytes // WORD_BYTES)
        return DescriptorFields(
            address=self._address(descriptor, pattern.offset),
            pattern=pattern,
            length=descriptor.byte_count // WORD_BYTES,
            padding=descriptor.padding,
            iteration=iteration,
            acquire=self._lock_field(descriptor.tile, descriptor.acquire),
            release=self._lock_field(descriptor.tile, descriptor.release),
            packet=descriptor.packet,
            next=following,
        )

    def _place(self, tile: Tile, address: int) -> tuple[Tile, int]:
        """The tile whose memory an address of the DMA of `tile` is in, and the byte there."""
        if self.model.kind(tile) is not TileKind.MEMORY:
            return tile, address
        window, first = divmod(address, MEMORY_WINDOW_BYTES)
        return Tile(tile.column + window - 1, tile.row), first

    def _meant_as_own(self, tile: Tile, first: int, byte_count: int) -> int | None:
        """The tile's own buffer, for a memory tile's address without the base of its own memory.

        mlir-aie writes such addresses for tasks on memory tiles (dma-tasks-to-npu puts the buffer's
        address into the descriptor as it stands). On the chip they are in the memory of the west
        neighbour, where no buffer lies: both ends of such a transfer meet there. Assumed is that
        nobody else uses that memory, which is then as good as the buffer.
        """
        return buffer_at(self.parts, tile, first, byte_count)

    def _address(self, descriptor: Descriptor, offset_words: int) -> int | None:
        if isinstance(descriptor.memory, HostBuffer):
            return None
        buffer = self.parts.buffers[descriptor.memory]
        if buffer.address % WORD_BYTES:
            raise ValueError(f"buffer {buffer.name!r} starts inside a word")
        window = 0
        if self.model.kind(descriptor.tile) is TileKind.MEMORY:
            window = (buffer.tile.column - descriptor.tile.column + 1) * MEMORY_WINDOW_BYTES
        return (window + buffer.address) // WORD_BYTES + offset_words

    def _lock_field(self, tile: Tile, use: LockUse | None) -> LockField | None:
        if use is None:
            return None
        lock = self.parts.locks[use.lock]
        window = 0
        if self.model.kind(tile) is TileKind.MEMORY:
            window = (lock.tile.column - tile.column + 1) * MEMORY_WINDOW_LOCKS
        return LockField(lock.id + window, use.action, use.count)
