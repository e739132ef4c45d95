"""Fifos and links: ends, depths, layouts, and which fifos meet on a tile."""

from xdsl.dialects.builtin import ArrayAttr, DenseIntOrFPElementsAttr
from xdsl.ir import SSAValue

from ironbird.base.access_pattern import AccessPattern, why_not_one_descriptor
from ironbird.base.device import TileKind
from ironbird.ir.aie import (
    ObjectFifoAllocateOp,
    ObjectFifoLinkOp,
    ObjectFifoOp,
    ObjectFifoRegisterExternalBuffersOp,
)
from ironbird.ir.aie.attributes import BdDimLayoutArrayAttr
from ironbird.ir.checks.cores import symbol_name
from ironbird.ir.checks.scope import (
    Scope,
    check_element,
    element_bytes,
    kind_of,
    model_round,
    plural,
    refuse,
    tile_text,
)
from ironbird.ir.integers import TRUE, number_of, numbers_of

# A task's repeat field holds one less in 8 bits (mlir-aie AIEDialect.cpp).
MAX_ITERATIONS = 256
# Innermost 6 bits that count words, elsewhere fewer bits that count steps (AM020 ch5); elements of
# a byte, the most that any of them can hold.
MAX_PADDING = 63 * 4


def check_fifo(op: ObjectFifoOp, scope: Scope) -> None:
    """Depths for every end, layouts and options that the tiles at its ends have."""
    name = op.sym_name.data
    if not op.consumer_tiles:
        refuse(op, f"ObjectFifo '{name}' has no consumer")
    if isinstance(op.elem_number, ArrayAttr):
        ends = 1 + len(op.consumer_tiles)
        if len(op.elem_number) != ends:
            refuse(
                op,
                f"ObjectFifo '{name}' has {plural(len(op.elem_number), 'depth')}",
                because=f"it has {ends} ends: the producer and {plural(ends - 1, 'consumer')}",
            )
    for depth in op.depths:
        # 0 means "to be found out" in the text; whoever makes the buffers refuses it.
        if depth < 0:
            refuse(op, f"ObjectFifo '{name}' has the depth {depth}", because="the least is 1")
    for object_type in (op.object_type, op.consumer_object_type):
        check_element(op, f"ObjectFifo '{name}'", object_type)
    _check_layouts(op, name)
    _check_options(op, name)
    _check_initial_values(op, name)
    _check_channels(op, name)


def _check_layouts(op: ObjectFifoOp, name: str) -> None:
    _check_layout(op, name, "dimensionsToStream", op.producer_tile, op.dimensions_to_stream)
    if len(op.consumer_layouts) != len(op.consumer_tiles):
        refuse(
            op,
            f"ObjectFifo '{name}' has {plural(len(op.consumer_layouts), 'consumer layout')}",
            because=f"it has {plural(len(op.consumer_tiles), 'consumer')}",
        )
    for tile, layout in zip(op.consumer_tiles, op.consumer_layouts, strict=True):
        _check_layout(op, name, "dimensionsFromStream", tile, layout)
    if op.pad_dimensions is None:
        return
    if kind_of(op.producer_tile, model_round(op)) is not TileKind.MEMORY:
        refuse(
            op,
            f"ObjectFifo '{name}' pads what it sends",
            because=f"its producer is {tile_text(op.producer_tile)}; only memory tiles pad",
        )
    padded, laid_out = len(op.pad_dimensions.dimensions), len(op.dimensions_to_stream.dimensions)
    if padded != laid_out:
        refuse(
            op,
            f"ObjectFifo '{name}' pads {plural(padded, 'dimension')}",
            because=f"its layout has {laid_out}",
        )
    for count in (count for pair in op.pad_dimensions.pairs() for count in pair):
        if not 0 <= count <= MAX_PADDING:
            refuse(
                op,
                f"ObjectFifo '{name}' pads {plural(count, 'element')} in a dimension",
                because=f"the widest field of a descriptor holds 0..{MAX_PADDING}",
            )


def _check_layout(
    op: ObjectFifoOp, name: str, which: str, tile: SSAValue, layout: BdDimLayoutArrayAttr
) -> None:
    if not layout.dimensions.data:
        return
    model = model_round(op)
    kind = kind_of(tile, model)
    if kind is TileKind.SHIM:
        refuse(
            op,
            f"ObjectFifo '{name}' has a {which} on {tile_text(tile)}",
            because="a shim tile takes its layout from the runtime sequence",
            fix="the layout in fill or drain",
        )
    for size, stride in layout.pairs():
        if size < 1 or stride < 0 or (stride == 0 and size > 1):
            refuse(
                op,
                f"ObjectFifo '{name}' has <size = {size}, stride = {stride}> in its {which}",
                because="a size is at least 1, and so is the stride of a size above 1",
            )
    if kind is None:
        return
    pattern = AccessPattern(0, *(tuple(numbers) for numbers in zip(*layout.pairs(), strict=True)))
    elements = op.object_type.element_count()
    if pattern.bounds()[1] >= elements and op.pad_dimensions is None:
        refuse(
            op,
            f"the {which} of ObjectFifo '{name}' reaches element {pattern.bounds()[1]}",
            because=f"an object has {elements} elements",
        )
    limits = model.tile_models[kind].descriptor
    reason = why_not_one_descriptor(pattern, element_bytes(op.object_type), limits)
    if len(layout.dimensions) > limits.max_dimensions:
        # mlir-aie counts them as written, also those that others contain.
        reason = f"{len(layout.dimensions)} dimensions; a descriptor has {limits.max_dimensions}"
    if reason is not None:
        refuse(
            op,
            f"the {which} of ObjectFifo '{name}' does not fit a descriptor of a {kind} tile",
            because=reason,
        )


def _check_options(op: ObjectFifoOp, name: str) -> None:
    producer = kind_of(op.producer_tile, model_round(op))
    if op.repeat_count is not None:
        count = number_of(op.repeat_count)
        if count < 1:
            refuse(op, f"ObjectFifo '{name}' has repeat_count {count}", because="the least is 1")
        if producer is TileKind.SHIM:
            refuse(
                op,
                f"ObjectFifo '{name}' has a repeat_count",
                because="its producer is a shim tile, which the runtime sequence repeats",
            )
    if op.iter_count is not None:
        count = number_of(op.iter_count)
        if not 1 <= count <= MAX_ITERATIONS:
            refuse(
                op,
                f"ObjectFifo '{name}' has iter_count {count}",
                because=f"it is between 1 and {MAX_ITERATIONS}",
            )
        kinds = {kind_of(tile, model_round(op)) for tile in (op.producer_tile, *op.consumer_tiles)}
        if TileKind.MEMORY not in kinds:
            refuse(
                op,
                f"ObjectFifo '{name}' has an iter_count",
                because="none of its ends is a memory tile",
            )
    if op.aie_stream is not None and op.aie_stream_port is None:
        refuse(op, f"ObjectFifo '{name}' has aie_stream without aie_stream_port")
    if op.aie_stream is not None and not 0 <= number_of(op.aie_stream) <= 2:
        refuse(
            op,
            f"ObjectFifo '{name}' has aie_stream {number_of(op.aie_stream)}",
            because="0 is the producer's end, 1 the consumers', 2 both",
        )
    if op.pad_value is not None and number_of(op.pad_value) != 0:
        refuse(
            op,
            f"ObjectFifo '{name}' pads with {number_of(op.pad_value)}",
            because="a memory tile of npu1 pads with 0",
        )


def _check_initial_values(op: ObjectFifoOp, name: str) -> None:
    if op.init_values is None:
        return
    if kind_of(op.producer_tile, model_round(op)) is TileKind.SHIM:
        refuse(
            op,
            f"ObjectFifo '{name}' has initial values",
            because="its producer is a shim tile, which has no memory for them",
        )
    if len(op.init_values) != op.depths[0]:
        refuse(
            op,
            f"ObjectFifo '{name}' has {plural(len(op.init_values), 'initial value')}",
            because=f"its producer has {plural(op.depths[0], 'object')}",
        )
    for value in op.init_values:
        if not isinstance(value, DenseIntOrFPElementsAttr):
            refuse(op, f"an initial value of ObjectFifo '{name}' is no dense value: {value}")
        if value.get_shape() != op.object_type.get_shape():
            refuse(
                op,
                f"an initial value of ObjectFifo '{name}' has the shape {list(value.get_shape())}",
                because=f"an object has {list(op.object_type.get_shape())}",
            )


def _check_channels(op: ObjectFifoOp, name: str) -> None:
    model = model_round(op)
    chosen: list[tuple[SSAValue, int]] = []
    if op.prod_dma_channel is not None:
        chosen.append((op.producer_tile, number_of(op.prod_dma_channel)))
    if op.cons_dma_channels is not None:
        channels = numbers_of(op.cons_dma_channels)
        if len(channels) != len(op.consumer_tiles):
            refuse(
                op,
                f"ObjectFifo '{name}' has {plural(len(channels), 'consumer channel')}",
                because=f"it has {plural(len(op.consumer_tiles), 'consumer')}",
            )
        chosen.extend(zip(op.consumer_tiles, channels, strict=True))
    for tile, channel in chosen:
        kind = kind_of(tile, model)
        if kind is None or channel == -1:
            continue
        count = model.tile_models[kind].channels_each_way
        if not 0 <= channel < count:
            refuse(
                op,
                f"ObjectFifo '{name}' asks for DMA channel {channel} of {tile_text(tile)}",
                because=f"its channels are 0..{count - 1} in each direction",
            )


def check_link(op: ObjectFifoLinkOp, scope: Scope) -> None:
    """Fifos that meet on one tile, joined or distributed on a memory tile only."""
    ins = [_fifo(op, name, scope) for name in op.input_names]
    outs = [_fifo(op, name, scope) for name in op.output_names]
    if not ins or not outs:
        refuse(op, "a link without an input or without an output")
    what = f"the link {_names(ins)} -> {_names(outs)}"
    if len(ins) > 1 and len(outs) > 1:
        refuse(op, f"{what} joins and distributes at once", fix="two links with a fifo between")
    _check_meeting_tile(op, what, ins, outs)
    _check_offsets(op, what, ins, outs)
    repeats = {None if f.repeat_count is None else number_of(f.repeat_count) for f in outs}
    if len(repeats) > 1:
        refuse(op, f"{what} has outputs with different repeat counts")


def _fifo(
    op: ObjectFifoLinkOp | ObjectFifoAllocateOp | ObjectFifoRegisterExternalBuffersOp,
    name: str,
    scope: Scope,
) -> ObjectFifoOp:
    found = scope.find(op, name)
    if not isinstance(found, ObjectFifoOp):
        refuse(op, f"there is no ObjectFifo '{name}'")
    return found


def _check_meeting_tile(
    op: ObjectFifoLinkOp, what: str, ins: list[ObjectFifoOp], outs: list[ObjectFifoOp]
) -> None:
    meeting = outs[0].producer_tile
    if any(fifo.producer_tile != meeting for fifo in outs) or any(
        meeting not in fifo.consumer_tiles for fifo in ins
    ):
        refuse(
            op,
            f"{what} has no tile on which all of them meet",
            because="a link takes from consumers and gives to producers on one tile",
        )
    kind = kind_of(meeting, model_round(op))
    if (len(ins) > 1 or len(outs) > 1) and kind is not TileKind.MEMORY:
        refuse(
            op,
            f"{what} {'joins' if len(ins) > 1 else 'distributes'} on {tile_text(meeting)}",
            because="only memory tiles join and distribute",
        )


def _check_offsets(
    op: ObjectFifoLinkOp, what: str, ins: list[ObjectFifoOp], outs: list[ObjectFifoOp]
) -> None:
    sources = [number_of(offset) for offset in op.src_offsets]
    dests = [number_of(offset) for offset in op.dst_offsets]
    if len(ins) > 1:
        _check_parts(op, what, sources, ins, outs[0])
    elif len(outs) > 1:
        _check_parts(op, what, dests, outs, ins[0])
    elif sources and dests:
        refuse(op, f"{what} is one to one and has offsets on both sides", fix="no offsets")


def _check_parts(
    op: ObjectFifoLinkOp,
    what: str,
    offsets: list[int],
    parts: list[ObjectFifoOp],
    whole: ObjectFifoOp,
) -> None:
    if len(offsets) != len(parts):
        refuse(
            op,
            f"{what} has {plural(len(offsets), 'offset')}",
            because=f"it has {len(parts)} parts",
        )
    elements = whole.object_type.element_count()
    ends = [*sorted(offsets)[1:], elements]
    for offset, end in zip(sorted(offsets), ends, strict=True):
        if not 0 <= offset < end:
            refuse(
                op,
                f"{what} has the offsets {offsets}",
                because=f"they must be different and inside the {elements} elements of "
                f"'{whole.sym_name.data}'",
            )
    distances = dict(zip(sorted(offsets), ends, strict=True))
    for part, offset in zip(parts, offsets, strict=True):
        taken = distances[offset] - offset
        if part.pad_dimensions is None and part.object_type.element_count() != taken:
            refuse(
                op,
                f"{what} gives '{part.sym_name.data}' {taken} elements from {offset} on",
                because=f"its objects have {part.object_type.element_count()}",
            )


def check_allocate(op: ObjectFifoAllocateOp, scope: Scope) -> None:
    """A fifo that shares memory, and a tile with memory."""
    name = symbol_name(op.obj_fifo_name)
    fifo = _fifo(op, name, scope)
    if fifo.via_dma == TRUE:
        refuse(
            op,
            f"ObjectFifo '{name}' is allocated on {tile_text(op.delegate_tile)} and goes over "
            "the DMA",
            because="via_DMA gives each end its own objects",
        )


def check_external_buffers(op: ObjectFifoRegisterExternalBuffersOp, scope: Scope) -> None:
    """A fifo, and a shim tile."""
    name = symbol_name(op.obj_fifo_name)
    _fifo(op, name, scope)
    if kind_of(op.tile, model_round(op)) is not TileKind.SHIM:
        refuse(
            op,
            f"external buffers of ObjectFifo '{name}' are registered on {tile_text(op.tile)}",
            because="only a shim tile reaches the host's memory",
        )


def _names(fifos: list[ObjectFifoOp]) -> str:
    return "[" + ", ".join(fifo.sym_name.data for fifo in fifos) + "]"
