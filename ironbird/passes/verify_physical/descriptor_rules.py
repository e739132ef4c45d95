"""Rules of buffer descriptors: what the fields hold, and which memory they may move."""

import math

from xdsl.dialects.builtin import MemRefType
from xdsl.ir import OpResult

from ironbird.base.access_pattern import AccessPattern, why_not_one_descriptor
from ironbird.base.device import DeviceModel, Direction, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.ir.aie import BufferOp, DeviceOp, DmaBdPacketOp, PacketInfoAttr
from ironbird.ir.aiex import DmaConfigureTaskOp
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.passes.verify_physical.lock_rules import memory_tiles_beside
from ironbird.passes.verify_physical.subjects import (
    DescriptorSubject,
    buffer_name,
    descriptors,
    place,
)

# Bits of the padding fields of a memory tile, innermost dimension first (AM020 ch5).
PADDING_BITS = (6, 5, 4)
# Channels of a memory tile that reach no neighbour (mlir-aie AIETargetModel.cpp).
FIRST_CHANNEL_WITHOUT_NEIGHBOURS = 4


def descriptor_ids_exist_once(device: DeviceOp, model: DeviceModel) -> None:
    """A descriptor has an id that its channel may use, and no other of the tile's program has it.

    On a memory tile even channels have the lower half, odd channels the upper half (AM020 ch5).
    Tasks give ids back; who holds one when is checked where they are given.
    """
    holders: dict[tuple[Tile, int], DescriptorSubject] = {}
    for subject in descriptors(device):
        at = source_line_of(subject.bd)
        allowed = model.model(subject.tile).descriptors_of_channel(subject.channel)
        if subject.bd.bd_id is None:
            raise DesignError(
                f"{subject.name} has no id",
                at=at,
                fix="the pass assign-descriptor-ids, for a task assign-task-descriptor-ids",
            )
        bd_id = number_of(subject.bd.bd_id)
        if bd_id not in allowed:
            raise DesignError(
                f"{subject.name} has id {bd_id}",
                at=at,
                because=f"its channel may use {allowed.start}..{allowed.stop - 1}",
                fix="no ids by hand: free ones are found",
            )
        if subject.in_task:
            continue
        other = holders.setdefault((subject.tile, bd_id), subject)
        if other.bd is not subject.bd:
            raise DesignError(
                f"{subject.name} and {other.name} both have id {bd_id}",
                at=at,
                fix="no ids by hand: free ones are found",
            )


def descriptor_layouts_fit(device: DeviceOp, model: DeviceModel) -> None:
    """Dimensions, sizes and strides fit the fields of a descriptor of the tile."""
    for subject in descriptors(device):
        limits = model.model(subject.tile).descriptor
        pattern = _pattern(subject)
        reason = why_not_one_descriptor(pattern, subject.element_bytes, limits)
        if reason is not None:
            raise DesignError(
                f"{subject.name} has a layout that the tile cannot hold",
                at=source_line_of(subject.bd),
                because=reason,
                fix="a layout with fewer, smaller steps, or objects of another shape",
            )


def descriptor_lengths_match_layouts(device: DeviceOp, model: DeviceModel) -> None:
    """A descriptor moves as many elements as its layout visits, zeros of the padding included."""
    for subject in descriptors(device):
        bd = subject.bd
        if not bd.dimensions or bd.static_len is None:
            continue
        padding = bd.pad_dimensions.pairs() if bd.pad_dimensions is not None else ()
        sizes = [size for size, _ in bd.dimensions]
        if padding:
            sizes = [
                size + before + after for size, (before, after) in zip(sizes, padding, strict=True)
            ]
        if bd.length_elements != math.prod(sizes):
            zeros = ", its zeros included," if padding else ""
            raise DesignError(
                f"{subject.name} has a length that differs from its layout",
                at=source_line_of(bd),
                because=f"the length is {bd.length_elements} elements; "
                f"the layout{zeros} has {' x '.join(map(str, sizes))} = {math.prod(sizes)}",
            )


def descriptors_stay_in_their_buffer(device: DeviceOp, model: DeviceModel) -> None:
    """Every element that a descriptor visits, in any of its runs, is one of its buffer."""
    for subject in descriptors(device):
        assert isinstance(subject.bd.buffer.type, MemRefType)
        elements = math.prod(subject.bd.buffer.type.get_shape())
        lowest, highest = _with_iteration(subject).bounds()
        if lowest < 0 or highest >= elements:
            raise DesignError(
                f"{subject.name} leaves its buffer",
                at=source_line_of(subject.bd),
                because=f"it visits elements {lowest}..{highest}; the buffer has 0..{elements - 1}",
                fix="an offset and sizes that end inside the buffer",
            )


def descriptor_iterations_fit(device: DeviceOp, model: DeviceModel) -> None:
    """The step between runs fits its field: at most 64 steps, of at least one word."""
    for subject in descriptors(device):
        iteration = subject.bd.iteration
        if iteration is None:
            continue
        limits = model.model(subject.tile).descriptor
        size, stride = iteration.size.data, iteration.stride.data
        words, rest = divmod(stride * subject.element_bytes, 4)
        at = source_line_of(subject.bd)
        if not 1 <= size <= limits.max_iteration:
            raise DesignError(
                f"{subject.name} iterates {size} times",
                at=at,
                because=f"the field holds 1..{limits.max_iteration}",
                fix="several transfers",
            )
        if rest or not 1 <= words <= limits.max_iteration_step_words:
            raise DesignError(
                f"{subject.name} iterates in steps of {stride * subject.element_bytes} bytes",
                at=at,
                because=f"a step is 1..{limits.max_iteration_step_words} words of 4 bytes",
                fix="several transfers",
            )


def padding_only_where_it_exists(device: DeviceOp, model: DeviceModel) -> None:
    """Only a memory tile that sends adds zeros: whole words, as many as the fields hold."""
    for subject in descriptors(device):
        bd = subject.bd
        if bd.pad_dimensions is None:
            continue
        at = source_line_of(bd)
        sends = subject.direction is Direction.MM2S
        if model.kind(subject.tile) is not TileKind.MEMORY or not sends:
            raise DesignError(
                f"{subject.name} adds zeros",
                at=at,
                because="only the sending side of a memory tile can",
                fix="padding on the producer side of a fifo that leaves a memory tile",
            )
        innermost_first = list(reversed(bd.pad_dimensions.pairs()))
        if len(innermost_first) > len(PADDING_BITS) and any(innermost_first[3]):
            raise DesignError(
                f"{subject.name} adds zeros in a fourth dimension",
                at=at,
                because=f"there are fields for the lower {len(PADDING_BITS)}",
            )
        _check_padding_fields(subject, innermost_first)


def descriptors_move_memory_in_reach(device: DeviceOp, model: DeviceModel) -> None:
    """A DMA moves memory of its own tile; channels 0..3 of a memory tile also their neighbours'.

    Host memory is moved by the shim only, and the shim moves nothing else.
    """
    for subject in descriptors(device):
        value = subject.bd.buffer
        at = source_line_of(subject.bd)
        is_shim = model.kind(subject.tile) is TileKind.SHIM
        if not (isinstance(value, OpResult) and isinstance(value.op, BufferOp)):
            if not is_shim:
                raise DesignError(
                    f"{subject.name} moves memory of the host",
                    at=at,
                    because="only the DMA of a shim tile reaches it",
                )
            continue
        owner = place(value.op.tile, value.op)
        if owner == subject.tile:
            continue
        beside = memory_tiles_beside(subject.tile, model)
        if owner not in beside:
            raise DesignError(
                f"{subject.name} moves {buffer_name(value.op)} of tile {owner}",
                at=at,
                because="a DMA reaches the memory of its own tile"
                + (f" and of {', '.join(map(str, beside))}" if beside else ""),
            )
        if subject.channel >= FIRST_CHANNEL_WITHOUT_NEIGHBOURS:
            raise DesignError(
                f"{subject.name} moves {buffer_name(value.op)} of tile {owner}",
                at=at,
                because="channels 4 and 5 of a memory tile reach the memory of their own tile only",
                fix="a channel below 4",
            )


def packet_headers_fit(device: DeviceOp, model: DeviceModel) -> None:
    """A packet header has 3 bits of type and 5 of id."""
    for subject in descriptors(device):
        for pkt_type, pkt_id in _headers(subject):
            if not (0 <= pkt_type <= 7 and 0 <= pkt_id <= 31):
                raise DesignError(
                    f"{subject.name} sends packets of type {pkt_type} and id {pkt_id}",
                    at=source_line_of(subject.bd),
                    because="a header holds types 0..7 and ids 0..31",
                )


def _check_padding_fields(
    subject: DescriptorSubject, innermost_first: list[tuple[int, int]]
) -> None:
    at = source_line_of(subject.bd)
    for dimension, (pads, bits) in enumerate(zip(innermost_first, PADDING_BITS, strict=False)):
        for count in pads:
            units = count
            if dimension == 0:
                units, rest = divmod(count * subject.element_bytes, 4)
                if rest:
                    raise DesignError(
                        f"{subject.name} adds {count * subject.element_bytes} bytes of zeros",
                        at=at,
                        because="the innermost padding is whole 32-bit words",
                    )
            if not 0 <= units < 2**bits:
                raise DesignError(
                    f"{subject.name} adds {count} zeros in dimension {dimension} from the inside",
                    at=at,
                    because=f"the field holds 0..{2**bits - 1}",
                )


def _pattern(subject: DescriptorSubject) -> AccessPattern:
    bd = subject.bd
    if not bd.dimensions:
        return AccessPattern.linear(max(1, bd.length_elements), bd.offset_elements)
    sizes, strides = zip(*bd.dimensions, strict=True)
    return AccessPattern(bd.offset_elements, sizes, strides)


def _with_iteration(subject: DescriptorSubject) -> AccessPattern:
    pattern = _pattern(subject)
    iteration = subject.bd.iteration
    if iteration is None:
        return pattern
    size = iteration.size.data
    owner = subject.bd.parent_op()
    if isinstance(owner, DmaConfigureTaskOp):
        repeat = number_of(owner.repeat_count) if owner.repeat_count is not None else 0
        size = min(size, 1 + repeat)
    return AccessPattern(
        pattern.offset,
        (size, *pattern.sizes),
        (iteration.stride.data, *pattern.strides),
    )


def _headers(subject: DescriptorSubject) -> list[tuple[int, int]]:
    owner = subject.bd.parent_op()
    packets = [subject.bd.packet]
    if isinstance(owner, DmaConfigureTaskOp):
        packets.append(owner.packet)
    found = [
        (packet.pkt_type.data, packet.pkt_id.data)
        for packet in packets
        if isinstance(packet, PacketInfoAttr)
    ]
    for op in subject.block.ops:
        if isinstance(op, DmaBdPacketOp):
            found.append((number_of(op.packet_type), number_of(op.packet_id)))
    return found
