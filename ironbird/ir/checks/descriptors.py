"""DMA programs and descriptors: what one transfer can be on its kind of tile."""

from xdsl.dialects.builtin import MemRefType
from xdsl.ir import Block, BlockArgument, Operation, SSAValue

from ironbird.base.access_pattern import AccessPattern, why_not_one_descriptor
from ironbird.base.device import TileKind, TileModel
from ironbird.ir.aie import (
    BufferOp,
    DmaBdOp,
    DmaBdPacketOp,
    DmaOp,
    DmaProgram,
    DmaStartOp,
    MemOp,
    MemtileDmaOp,
    PacketInfoAttr,
    ShimDmaOp,
    UseLockOp,
    pinned_place_of,
)
from ironbird.ir.aiex import DmaConfigureTaskForOp, DmaConfigureTaskOp
from ironbird.ir.checks.scope import (
    Scope,
    element_bytes,
    kind_of,
    line_text,
    model_round,
    refuse,
    tile_text,
)
from ironbird.ir.codes import LockAction
from ironbird.ir.integers import number_of

WORD_BYTES = 4
# Fields of a packet header (AM020 ch2).
MAX_PACKET_TYPE = 7
MAX_PACKET_ID = 31
# Runs of a task beyond the first: 8 bits of the queue word (mlir-aie AIEXDialect.cpp).
MAX_REPEAT = 255
# Dimensions of a task: the three of a shim descriptor, and its repeats.
TASK_DIMENSIONS = 4
# Bursts that the interface to the NoC makes, in bytes (mlir-aie AIETargetModel.cpp).
SHIM_BURST_BYTES = (64, 128, 256)

_KIND_OF_PROGRAM = {
    MemOp: TileKind.CORE,
    MemtileDmaOp: TileKind.MEMORY,
    ShimDmaOp: TileKind.SHIM,
}


def check_program(op: DmaProgram, scope: Scope) -> None:
    """The program of its kind of tile, with each channel started once."""
    wanted = _KIND_OF_PROGRAM[type(op)]
    if kind_of(op.tile, model_round(op)) is not wanted:
        refuse(op, f"{op.name} is on {tile_text(op.tile)}", because=f"it is for {wanted} tiles")
    started: dict[tuple[str, int], Operation] = {}
    for block in op.body.blocks:
        for inner in block.ops:
            if not isinstance(inner, DmaStartOp | DmaOp):
                continue
            channel = (str(inner.direction), number_of(inner.channel_index))
            other = started.setdefault(channel, inner)
            if other is not inner:
                refuse(
                    inner,
                    f"{channel[0]} channel {channel[1]} of {tile_text(op.tile)} is started twice",
                    because=f"its other program is at {line_text(other)}",
                )
        _check_block(block)


def check_start(op: DmaStartOp | DmaOp, scope: Scope) -> None:
    """A channel that the tile has."""
    program = op.parent_op()
    if not isinstance(program, DmaProgram):
        refuse(op, f"{op.name} stands outside of a DMA program")
    kind = kind_of(program.tile, model_round(op))
    assert kind is not None
    count = model_round(op).tile_models[kind].channels_each_way
    channel = number_of(op.channel_index)
    if not 0 <= channel < count:
        refuse(
            op,
            f"{tile_text(program.tile)} has no {op.direction} channel {channel}",
            because=f"its channels are 0..{count - 1} in each direction",
        )
    if isinstance(op, DmaOp):
        for region in op.bds:
            for block in region.blocks:
                _check_block(block)


def check_task(op: DmaConfigureTaskOp, scope: Scope) -> None:
    """A channel that the tile has."""
    kind = kind_of(op.tile, model_round(op))
    if kind is None:
        refuse(op, "a task is configured on a value that is not a tile")
    check_task_blocks(op, scope)
    count = model_round(op).tile_models[kind].channels_each_way
    if not 0 <= number_of(op.channel) < count:
        refuse(
            op,
            f"{tile_text(op.tile)} has no {op.dma_direction} channel {number_of(op.channel)}",
            because=f"its channels are 0..{count - 1} in each direction",
        )


def check_task_blocks(op: DmaConfigureTaskOp | DmaConfigureTaskForOp, scope: Scope) -> None:
    """One descriptor in each block, with both locks or none, and a repeat that the queue holds."""
    for block in op.body.blocks:
        _check_block(block)
        uses = [inner for inner in block.ops if isinstance(inner, UseLockOp)]
        if len(uses) == 1:
            refuse(
                uses[0],
                "a task's descriptor with one lock operation",
                because="it takes a lock and gives one back, or neither",
            )
    if op.repeat_count is not None and not 0 <= number_of(op.repeat_count) <= MAX_REPEAT:
        refuse(
            op,
            f"a task has repeat_count {number_of(op.repeat_count)}",
            because=f"the queue of a channel holds 0..{MAX_REPEAT}",
        )


def _check_block(block: Block) -> None:
    descriptors = [op for op in block.ops if isinstance(op, DmaBdOp)]
    if len(descriptors) > 1:
        refuse(
            descriptors[1],
            "a block with two descriptors",
            because=f"each block is one descriptor; the other is at {line_text(descriptors[0])}",
        )
    uses = [op for op in block.ops if isinstance(op, UseLockOp)]
    acquires = [op for op in uses if op.lock_action is not LockAction.RELEASE]
    for found, what in (
        (acquires, "acquire"),
        ([op for op in uses if op not in acquires], "release"),
    ):
        if len(found) > 1:
            refuse(
                found[1],
                f"a descriptor with two lock operations that {what}",
                because=f"it has room for one; the other is at {line_text(found[0])}",
            )


def check_packet(op: DmaBdPacketOp, scope: Scope) -> None:
    """Fields that fit a packet header."""
    _check_header(op, number_of(op.packet_type), number_of(op.packet_id))


def check_descriptor(op: DmaBdOp, scope: Scope) -> None:
    """A transfer of whole words inside its buffer, with what its kind of tile can do."""
    tile = _tile_round(op)
    if op.packet is not None:
        _check_packet_attr(op, op.packet)
    model = model_round(op)
    kind = TileKind.SHIM if tile is None else kind_of(tile, model)
    if kind is None:
        return
    _check_numbers(op, model.tile_models[kind], "" if tile is None else tile_text(tile))
    if tile is not None and not _in_task(op):
        _check_owner(op, tile, kind)
    if isinstance(op.buffer, BlockArgument) and kind is not TileKind.SHIM:
        refuse(
            op,
            f"the DMA of a {kind} tile moves a buffer of the host",
            because="only shim tiles reach the host's memory",
        )
    if not op.is_static and (kind is not TileKind.SHIM or (tile is not None and not _in_task(op))):
        refuse(
            op,
            "a descriptor has numbers that come at run time",
            because="only a transfer of the runtime sequence on a shim tile can have them",
            fix="the numbers themselves",
        )
    if op.is_static:
        _check_words(op)
        if isinstance(op.buffer.owner, BufferOp):
            _check_extent(op)
            _check_steps(op)
            if not _in_task(op):
                _check_fit(op, model.tile_models[kind])
    if _in_task(op) and len(op.dimensions) > TASK_DIMENSIONS:
        refuse(
            op,
            f"a task of {len(op.dimensions)} dimensions",
            because=f"a shim tile moves {TASK_DIMENSIONS} at once",
        )
    if op.pad_dimensions is not None:
        _check_padding(op, kind)


def _check_packet_attr(op: Operation, packet: PacketInfoAttr) -> None:
    _check_header(op, packet.pkt_type.data, packet.pkt_id.data)


def _check_header(op: Operation, packet_type: int, packet_id: int) -> None:
    if not 0 <= packet_type <= MAX_PACKET_TYPE:
        refuse(op, f"packet type {packet_type}", because=f"the types are 0..{MAX_PACKET_TYPE}")
    if not 0 <= packet_id <= MAX_PACKET_ID:
        refuse(op, f"packet id {packet_id}", because=f"the ids are 0..{MAX_PACKET_ID}")


def _check_numbers(op: DmaBdOp, tile_model: TileModel, where: str) -> None:
    for what, attr in (("bd_id", op.bd_id), ("next_bd_id", op.next_bd_id)):
        if attr is None:
            continue
        if not 0 <= number_of(attr) < tile_model.descriptor_count:
            refuse(
                op,
                f"a descriptor has {what} {number_of(attr)}",
                because=f"a {tile_model.kind} tile has descriptors "
                f"0..{tile_model.descriptor_count - 1}",
            )
    if op.burst_length is None or number_of(op.burst_length) == 0:
        return
    if tile_model.kind is not TileKind.SHIM:
        refuse(
            op,
            f"a descriptor on {where} has a burst length",
            because="only the shim's DMA makes bursts",
        )
    check_burst(op, number_of(op.burst_length))


def check_burst(op: Operation, burst_bytes: int) -> None:
    """A burst that the interface to the NoC makes; 0 leaves the choice to it."""
    if burst_bytes and burst_bytes not in SHIM_BURST_BYTES:
        lengths = ", ".join(map(str, SHIM_BURST_BYTES))
        refuse(op, f"a burst of {burst_bytes} bytes", because=f"a shim tile makes {lengths}")


def _check_owner(op: DmaBdOp, tile: SSAValue, kind: TileKind) -> None:
    buffer = op.buffer.owner
    if not isinstance(buffer, BufferOp):
        return
    if kind is TileKind.CORE and pinned_place_of(buffer.tile) != pinned_place_of(tile):
        refuse(
            op,
            f"the DMA of {tile_text(tile)} moves a buffer of {tile_text(buffer.tile)}",
            because="the DMA of a core tile reaches its own tile's memory only",
        )


def _check_words(op: DmaBdOp) -> None:
    if op.offset_elements < 0 or op.length_elements < 1:
        refuse(
            op,
            f"a transfer of {op.length_elements} elements from element {op.offset_elements} on",
            because="it moves at least one element, from element 0 on or later",
        )
    width = element_bytes(op.buffer.type)
    if width == 0:
        return
    if op.static_len is not None and op.length_elements * width % WORD_BYTES:
        refuse(
            op,
            f"a transfer of {op.length_elements} elements of {width} bytes",
            because=f"{op.length_elements * width} bytes are no multiple of {WORD_BYTES}",
        )
    if op.offset_elements * width % WORD_BYTES:
        refuse(
            op,
            f"a transfer from element {op.offset_elements} of {width} bytes each",
            because=f"byte {op.offset_elements * width} is no multiple of {WORD_BYTES}",
        )


def _check_extent(op: DmaBdOp) -> None:
    assert isinstance(op.buffer.type, MemRefType)
    elements = op.buffer.type.element_count()
    if op.dimensions:
        last = op.offset_elements + sum((size - 1) * stride for size, stride in op.dimensions)
    elif op.static_len is None:
        return
    else:
        last = op.offset_elements + op.length_elements - 1
    if last >= elements:
        refuse(
            op,
            f"a descriptor reaches element {last} of {_buffer(op)}",
            because=f"the buffer has {elements} elements",
        )


def _check_steps(op: DmaBdOp) -> None:
    assert isinstance(op.buffer.type, MemRefType)
    for size, stride in op.dimensions:
        if size < 1 or stride < 0 or (stride == 0 and size > 1 and not _in_task(op)):
            refuse(
                op,
                f"a descriptor takes {size} steps of {stride} elements",
                because="it takes at least one step, of at least one element",
            )


def _check_fit(op: DmaBdOp, tile_model: TileModel) -> None:
    if not op.dimensions:
        return
    sizes, strides = zip(*op.dimensions, strict=True)
    reason = why_not_one_descriptor(
        AccessPattern(op.offset_elements, tuple(sizes), tuple(strides)),
        element_bytes(op.buffer.type),
        tile_model.descriptor,
    )
    if reason is not None:
        refuse(
            op,
            f"the layout does not fit a descriptor of a {tile_model.kind} tile",
            because=reason,
        )


def _check_padding(op: DmaBdOp, kind: TileKind) -> None:
    assert op.pad_dimensions is not None
    if kind is not TileKind.MEMORY:
        refuse(op, "a descriptor pads", because=f"it is on a {kind} tile; only memory tiles pad")
    pads = op.pad_dimensions.pairs()
    if len(pads) != len(op.dimensions):
        refuse(
            op,
            f"a descriptor pads {len(pads)} dimensions",
            because=f"its layout has {len(op.dimensions)}",
        )
    width = element_bytes(op.buffer.type)
    if width == 0 or not pads:
        return
    for count, side in zip(pads[-1], ("before", "behind"), strict=True):
        if count * width % WORD_BYTES:
            refuse(
                op,
                f"a descriptor pads {count} elements of {width} bytes {side} the innermost run",
                because=f"{count * width} bytes are no whole word of {WORD_BYTES}",
            )


def _tile_round(op: Operation) -> SSAValue | None:
    """The tile whose DMA a descriptor is for; None where a symbol or nothing names it."""
    owner = op.parent_op()
    while owner is not None:
        if isinstance(owner, DmaProgram | DmaConfigureTaskOp):
            return owner.tile
        owner = owner.parent_op()
    return None


def _in_task(op: Operation) -> bool:
    owner = op.parent_op()
    return isinstance(owner, DmaConfigureTaskOp | DmaConfigureTaskForOp)


def _buffer(op: DmaBdOp) -> str:
    owner = op.buffer.owner
    if isinstance(owner, BufferOp) and owner.sym_name is not None:
        return f"buffer '{owner.sym_name.data}'"
    return "its buffer"
