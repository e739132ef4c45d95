"""The text of April 2026 (mlir-aie 979629649) read as August (about 1.4.1) writes it.

Numbers that were properties are operands now. Each becomes an `arith.constant` without a block; the
parser puts it in front of the operation that it was read with, as August's printer shows them.
Refuses, as a `NotInAugust`, what August cannot say.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from xdsl.dialects import arith
from xdsl.dialects.builtin import UNKNOWN_LOC, DenseArrayBase, IntegerAttr, NameLoc, StringAttr
from xdsl.ir import Attribute, Block, Operation, OpResult, SSAValue

from ironbird.ir.integers import FALSE, TRUE, i32, i64, number_of

# What each operation had as a property and has as an operand, in the order of its operands.
NUMBERS: Mapping[str, tuple[str, ...]] = {
    "aie.use_lock": ("value",),
    "aiex.npu.address_patch": ("arg_plus",),
    "aiex.npu.maskwrite32": ("address", "value", "mask"),
    "aiex.npu.push_queue": ("repeat_count", "bd_id"),
    "aiex.npu.rtp_write": ("value",),
    "aiex.npu.sync": ("column", "row", "direction", "channel", "column_num", "row_num"),
    "aiex.npu.write32": ("address", "value"),
}
LOCK_COUNT_LEFT_OUT = 1
ZERO = IntegerAttr(0, i32)
DMA_PROGRAMS = ("aie.mem", "aie.memtile_dma", "aie.shim_dma")
_WORD = 2**32
# The location of a constant that stands in no block yet.
_UNPLACED = NameLoc(StringAttr("april"), UNKNOWN_LOC)


class NotInAugust(ValueError):
    """What April could say and August cannot."""


def constant(number: int) -> SSAValue:
    """An i32 of that number, or of the signed number with the same bits."""
    if not -(_WORD // 2) <= number < _WORD:
        raise NotInAugust(f"{number} does not fit 32 bits")
    signed = (number + _WORD // 2) % _WORD - _WORD // 2
    made = arith.ConstantOp(IntegerAttr(signed, i32))
    made.location = _UNPLACED
    return made.result


def constants_read_with(op: Operation) -> list[arith.ConstantOp]:
    """The constants that `constant` made for the operands of `op`, in the order of its text."""
    in_text = reversed(op.operands) if op.name == "aiex.npu.push_queue" else op.operands
    return [
        operand.owner
        for operand in in_text
        if isinstance(operand, OpResult)
        and isinstance(operand.owner, arith.ConstantOp)
        and operand.owner.location is _UNPLACED
    ]


def numbers_as_operands(name: str, properties: dict[str, Attribute]) -> dict[str, SSAValue]:
    """Take the numbers that are operands by now out of the properties of the operation `name`."""
    return {
        each: constant(number_of(properties.pop(each)))
        for each in NUMBERS.get(name, ())
        if isinstance(properties.get(each), IntegerAttr)
    }


def as_august(op: Operation) -> Operation:
    """The generic form of April as August's; what is August's already stays as it is."""
    if op.name == "aie.use_lock" and len(op.operands) == 1:
        op.properties.setdefault("value", IntegerAttr(LOCK_COUNT_LEFT_OUT, i32))
    operands = numbers_as_operands(op.name, op.properties)
    if operands:
        op.operands = [*op.operands, *operands.values()]
    convert = _CONVERSIONS.get(op.name)
    if convert is not None and "operandSegmentSizes" not in op.properties:
        convert(op)
    return op


def give_padding_to_channels(program: Operation) -> None:
    """Move what each descriptor of a DMA program is padded with to the start of its channel."""
    for start in program.walk():
        if start.name not in ("aie.dma_start", "aie.dma"):
            continue
        blocks = [block for region in start.regions for block in region.blocks]
        if start.successors:
            blocks = _chain(start.successors[0])
        values = {
            number_of(op.attributes.pop("pad_value", ZERO))
            for block in blocks
            for op in block.ops
            if op.name == "aie.dma_bd"
        }
        if len(values) > 1:
            numbers = " and ".join(map(str, sorted(values)))
            raise NotInAugust(f"the descriptors of one channel are padded with {numbers}")
        if values - {0}:
            start.properties["pad_value"] = IntegerAttr(values.pop(), i32)


def _chain(first: Block) -> list[Block]:
    """The blocks of a chain of descriptors, in the order of the channel."""
    blocks: list[Block] = []
    block: Block | None = first
    while block is not None and block not in blocks:
        blocks.append(block)
        last = block.last_op
        block = last.successors[0] if last is not None and last.successors else None
    return blocks


def host_config(properties: dict[str, Attribute]) -> None:
    """Turn `arg_idx` into what August says of it: -1 means behind the last argument's values."""
    index = properties.pop("arg_idx", None)
    if isinstance(index, IntegerAttr):
        properties["reuse_output_buffer"] = TRUE if number_of(index) == -1 else FALSE


def _dma_bd(op: Operation) -> None:
    properties = op.properties
    offset, length = properties.pop("offset", None), properties.pop("len", None)
    if length is not None:
        properties["static_len"] = length
    # April writes an offset of 0 also where the text has none; it prints one before a length.
    if offset is not None and (length is not None or number_of(offset) != 0):
        properties["static_offset"] = offset
    if "pad_value" in properties:
        op.attributes["pad_value"] = properties.pop("pad_value")
    layout = properties.pop("dimensions", None)
    if layout is not None:
        properties |= layout_as_lists(layout.pairs())  # type: ignore[attr-defined]
    op.properties = properties
    _segments(op, 5)


def layout_as_lists(layout: Sequence[tuple[int, int]]) -> dict[str, Attribute]:
    """August's sizes and strides of a layout of (size, stride)."""
    return {
        "static_sizes": DenseArrayBase.from_list(i64, [size for size, _ in layout]),
        "static_strides": DenseArrayBase.from_list(i64, [stride for _, stride in layout]),
    }


def _segments(op: Operation, count: int) -> None:
    """All operands that April's form can have are the first of August's segments."""
    sizes = [len(op.operands), *(0 for _ in range(count - 1))]
    op.properties["operandSegmentSizes"] = DenseArrayBase.from_list(i32, sizes)


_CONVERSIONS: Mapping[str, Callable[[Operation], None]] = {
    "aie.dma_bd": _dma_bd,
    "aie.trace.host_config": lambda op: host_config(op.properties),
    "aiex.dma_configure_task": partial(_segments, count=3),
}
