"""Chains of `aie.dma_bd` blocks as descriptors of the plan.

A block holds at most one acquire, one `aie.dma_bd` and one release, and names its successor.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from xdsl.dialects.builtin import MemRefType
from xdsl.ir import Block as MlirBlock
from xdsl.ir import Operation as MlirOperation
from xdsl.ir import Region, SSAValue

from ironbird.base.access_pattern import AccessPattern
from ironbird.base.device import Tile
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir.aie import DmaBdOp, DmaBdPacketOp, ExternalBufferOp, PacketInfoAttr, UseLockOp
from ironbird.ir.codes import LockAction
from ironbird.ir.integers import number_of
from ironbird.ir.locations import name_of_location, source_line_of
from ironbird.plan.build_core_program import LOCK_ACTION_NAMES, constant_of
from ironbird.plan.build_types import element_of
from ironbird.plan.placed_parts import PlacedParts
from ironbird.plan.plan import Descriptor, HostBuffer, Iteration, LockUse, PacketHeader


@dataclass
class DescriptorTable:
    """The descriptors met so far; a block is translated once and then found by itself."""

    parts: PlacedParts
    host_buffers: dict[SSAValue, int] = field(default_factory=dict)
    descriptors: list[Descriptor] = field(default_factory=list)
    index_of_block: dict[MlirBlock, int] = field(default_factory=dict)

    def chain(
        self, first: MlirBlock, tile: Tile, packet: PacketHeader | None, fifo: str | None
    ) -> int:
        """Add the chain that starts at `first`; the index of its first descriptor.

        packet: the header of descriptors that name none.
        """
        blocks = _chain_of(first)
        return self._add({block: _following(block) for block in blocks}, tile, packet, fifo)

    def chain_of_regions(self, regions: Sequence[Region], loops: bool, tile: Tile) -> int:
        """Add the chain of one descriptor a region; the index of its first descriptor.

        loops: whether the first one follows the last.
        """
        blocks: list[MlirBlock] = [region.block for region in regions]
        after: list[MlirBlock | None] = [*blocks[1:], blocks[0] if loops else None]
        return self._add(dict(zip(blocks, after, strict=True)), tile, None, None)

    def _add(
        self,
        following: dict[MlirBlock, MlirBlock | None],
        tile: Tile,
        packet: PacketHeader | None,
        fifo: str | None,
    ) -> int:
        """Add the blocks that are new, in order; each names the one that follows it."""
        fresh = [block for block in following if block not in self.index_of_block]
        for number, block in enumerate(fresh, len(self.descriptors)):
            self.index_of_block[block] = number
        for block in fresh:
            after = following[block]
            self.descriptors.append(self._descriptor(block, after, tile, packet, fifo))
        return self.index_of_block[next(iter(following))]

    def _descriptor(
        self,
        block: MlirBlock,
        following: MlirBlock | None,
        tile: Tile,
        packet: PacketHeader | None,
        fifo: str | None,
    ) -> Descriptor:
        acquire, release = self._lock_uses(block)
        bd = _descriptor_in(block)
        assert bd is not None
        at = source_line_of(bd)
        if bd.bd_id is None:
            raise DesignError(
                f"a descriptor of tile {tile} has no id",
                at=at,
                fix="the passes assign-descriptor-ids and lower-sequence before the plan is built",
            )
        assert isinstance(bd.buffer.type, MemRefType)
        element = element_of(bd.buffer.type.element_type, at)
        pattern, length = _pattern(bd, at)
        return Descriptor(
            id=number_of(bd.bd_id),
            tile=tile,
            memory=self._memory(bd.buffer, at),
            element_bytes=element.bytes,
            pattern=pattern,
            length=length,
            padding=bd.pad_dimensions.pairs() if bd.pad_dimensions is not None else (),
            iteration=_iteration(bd),
            acquire=acquire,
            release=release,
            packet=_packet(block, bd) or packet,
            next=self.index_of_block[following] if following is not None else None,
            fifo=name_of_location(bd) or fifo or self._fifo_of(bd.buffer),
            at=at,
        )

    def _memory(self, value: SSAValue, at: SourceLine | None) -> int | HostBuffer:
        if value in self.parts.buffer_of_value:
            return self.parts.buffer_of_value[value]
        if value in self.host_buffers:
            return HostBuffer(self.host_buffers[value])
        if isinstance(value.owner, ExternalBufferOp):
            raise DesignError(
                "a descriptor moves an aie.external_buffer",
                at=at,
                because="host memory comes with the arguments of the runtime sequence here",
                fix="a task of the sequence that moves its argument",
            )
        raise DesignError(
            "a descriptor moves memory that is neither a buffer nor an argument of the sequence",
            at=at,
        )

    def _fifo_of(self, memory: SSAValue) -> str | None:
        index = self.parts.buffer_of_value.get(memory)
        return self.parts.buffers[index].fifo if index is not None else None

    def _lock_uses(self, block: MlirBlock) -> tuple[LockUse | None, LockUse | None]:
        acquire = release = None
        for op in block.ops:
            if not isinstance(op, UseLockOp):
                continue
            at = source_line_of(op)
            count = constant_of(op.value)
            if count is None:
                raise DesignError("a descriptor's lock count is known only at run time", at=at)
            name = LOCK_ACTION_NAMES[op.lock_action]
            use = LockUse(self.parts.lock(op.lock, at), name, count)
            if op.lock_action is LockAction.RELEASE:
                release = use
            else:
                acquire = use
        return acquire, release


def _chain_of(first: MlirBlock) -> list[MlirBlock]:
    """The blocks from `first` to the end of the chain, or until it comes back to one of them."""
    blocks: list[MlirBlock] = []
    block: MlirBlock | None = first
    while block is not None and block not in blocks:
        blocks.append(block)
        block = _following(block)
    return blocks


def _following(block: MlirBlock) -> MlirBlock | None:
    """The block that `aie.next_bd` names, if that holds a descriptor."""
    last = block.last_op
    if last is None or not last.successors:
        return None
    successor = last.successors[0]
    return successor if _descriptor_in(successor) is not None else None


def _descriptor_in(block: MlirBlock) -> DmaBdOp | None:
    return next((op for op in block.ops if isinstance(op, DmaBdOp)), None)


def _pattern(bd: DmaBdOp, at: SourceLine | None) -> tuple[AccessPattern, int]:
    """The elements visited, and the elements that cross the stream."""
    if not bd.is_static:
        raise DesignError(
            "a descriptor has numbers that are known only at run time",
            at=at,
            because="an offset, a length, a size or a stride is an operand",
        )
    offset, dimensions = bd.offset_elements, bd.dimensions
    if not dimensions:
        return AccessPattern.linear(bd.length_elements, offset), bd.length_elements
    sizes, strides = zip(*dimensions, strict=True)
    pattern = AccessPattern(offset, sizes, strides)
    return pattern, bd.length_elements if bd.static_len is not None else pattern.element_count


def _iteration(bd: DmaBdOp) -> Iteration | None:
    found = bd.iteration
    if found is None:
        return None
    return Iteration(found.size.data, found.stride.data, found.current.data)


def _packet(block: MlirBlock, bd: DmaBdOp) -> PacketHeader | None:
    for op in block.ops:
        if isinstance(op, DmaBdPacketOp):
            return PacketHeader(number_of(op.packet_type), number_of(op.packet_id))
    return packet_header(bd)


def packet_header(op: MlirOperation) -> PacketHeader | None:
    """The header that the property `packet` of `op` asks for."""
    packet = op.properties.get("packet")
    if not isinstance(packet, PacketInfoAttr):
        return None
    return PacketHeader(packet.pkt_type.data, packet.pkt_id.data)
