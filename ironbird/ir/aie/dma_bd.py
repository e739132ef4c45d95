"""The buffer descriptor: which elements of a buffer one transfer moves, and in which order."""

import math
from collections.abc import Sequence
from typing import Self

from xdsl.dialects.builtin import (
    DenseArrayBase,
    IntegerAttr,
    IntegerType,
    MemRefType,
    SymbolRefAttr,
)
from xdsl.ir import Operation, SSAValue
from xdsl.irdl import (
    AttrSizedOperandSegments,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    var_operand_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from ironbird.ir import april
from ironbird.ir.aie.attributes import (
    BdDimLayoutArrayAttr,
    BdIterationAttr,
    BdPadLayoutArrayAttr,
    PacketInfoAttr,
    print_elements,
)
from ironbird.ir.assembly import FormattedOperation, Parts, print_remaining
from ironbird.ir.integers import (
    RUN_TIME,
    Integer,
    Integers,
    as_i32,
    i32,
    i64,
    number_of,
    numbers_of,
)
from ironbird.ir.pieces import Attributes

_SPELLED = (
    "static_offset",
    "static_len",
    "static_sizes",
    "static_strides",
    "pad_dimensions",
)


@irdl_op_definition
class DmaBdOp(FormattedOperation):
    """A transfer of `len` elements of `buffer` from element `offset` on, in the order of a layout.

    sizes, strides: the layout in elements, outermost first; a linear transfer has none.
    Each number is static or, on a shim tile in a sequence, an operand. Absent is not 0: a
    descriptor without `len` moves the whole buffer.
    """

    name = "aie.dma_bd"
    buffer = operand_def(MemRefType)
    offset = opt_operand_def(i32)
    len = opt_operand_def(i32)
    sizes = var_operand_def(i64)
    strides = var_operand_def(i64)
    static_offset = opt_prop_def(Integer)
    static_len = opt_prop_def(Integer)
    static_sizes = opt_prop_def(Integers)
    static_strides = opt_prop_def(Integers)
    pad_dimensions = opt_prop_def(BdPadLayoutArrayAttr)
    bd_id = opt_prop_def(Integer)
    next_bd_id = opt_prop_def(Integer)
    packet = opt_prop_def(PacketInfoAttr)
    burst_length = opt_prop_def(Integer)
    iteration = opt_prop_def(BdIterationAttr)
    offset_parameter = opt_prop_def(SymbolRefAttr)
    offset_state_table_idx = opt_prop_def(Integer)
    irdl_options = (AttrSizedOperandSegments(as_property=True),)

    def __init__(
        self,
        buffer: SSAValue | Operation,
        offset: int | SSAValue | None = None,
        length: int | SSAValue | None = None,
        sizes: Sequence[int | SSAValue] | None = None,
        strides: Sequence[int | SSAValue] | None = None,
        *,
        pad_dimensions: Sequence[tuple[int, int]] | None = None,
        bd_id: int | None = None,
        next_bd_id: int | None = None,
        packet: PacketInfoAttr | None = None,
        burst_length: int | None = None,
        iteration: BdIterationAttr | None = None,
    ) -> None:
        super().__init__(
            operands=[
                buffer,
                offset if isinstance(offset, SSAValue) else None,
                length if isinstance(length, SSAValue) else None,
                [size for size in sizes or () if isinstance(size, SSAValue)],
                [stride for stride in strides or () if isinstance(stride, SSAValue)],
            ],
            properties={
                "static_offset": None if isinstance(offset, SSAValue) else as_i32(offset),
                "static_len": None if isinstance(length, SSAValue) else as_i32(length),
                "static_sizes": None if sizes is None else static_numbers(sizes),
                "static_strides": None if strides is None else static_numbers(strides),
                "pad_dimensions": None
                if pad_dimensions is None
                else BdPadLayoutArrayAttr.of(pad_dimensions),
                "bd_id": as_i32(bd_id),
                "next_bd_id": as_i32(next_bd_id),
                "packet": packet,
                "burst_length": as_i32(burst_length or None),
                "iteration": iteration,
            },
        )

    def verify_(self) -> None:
        sizes = () if self.static_sizes is None else numbers_of(self.static_sizes)
        strides = () if self.static_strides is None else numbers_of(self.static_strides)
        if len(sizes) != len(strides):
            raise VerifyException(f"{len(sizes)} sizes but {len(strides)} strides")
        lists = (("sizes", sizes, self.sizes), ("strides", strides, self.strides))
        for name, static, values in lists:
            places = static.count(RUN_TIME)
            if places != len(values):
                raise VerifyException(
                    f"{places} of the {name} come at run time, but there are {len(values)} operands"
                )

    @property
    def is_static(self) -> bool:
        """Whether no number is an operand."""
        return self.offset is None and self.len is None and not (self.sizes or self.strides)

    @property
    def offset_elements(self) -> int:
        """The static offset; 0 where none is written. Call it on a static descriptor only."""
        assert self.offset is None
        return 0 if self.static_offset is None else number_of(self.static_offset)

    @property
    def length_elements(self) -> int:
        """The static length; the rest of the buffer where none is written."""
        assert self.len is None
        if self.static_len is not None:
            return number_of(self.static_len)
        assert isinstance(self.buffer.type, MemRefType)
        return math.prod(self.buffer.type.get_shape())

    @property
    def dimensions(self) -> tuple[tuple[int, int], ...]:
        """(size, stride) of the static layout in elements, outermost first; () if linear."""
        if self.static_sizes is None or self.static_strides is None:
            return ()
        return tuple(
            zip(numbers_of(self.static_sizes), numbers_of(self.static_strides), strict=True)
        )

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        with parser.in_parens():
            buffer = parser.parse_unresolved_operand()
            parser.parse_characters(":")
            parts.operands["buffer"] = [parser.resolve_operand(buffer, parser.parse_type())]
            _parse_april(parser, parts)
            for keyword, static in (("offset", "static_offset"), ("len", "static_len")):
                if parser.parse_optional_characters(keyword) is not None:
                    parser.parse_characters("=")
                    parse_number_or_value(parser, parts, keyword, static, i32)
            for keyword, static in (("sizes", "static_sizes"), ("strides", "static_strides")):
                if parser.parse_optional_characters(keyword) is not None:
                    parser.parse_characters("=")
                    parse_numbers_or_values(parser, parts, keyword, static)
            if parser.parse_optional_characters("pad") is not None:
                parts.properties["pad_dimensions"] = BdPadLayoutArrayAttr.new(
                    BdPadLayoutArrayAttr.parse_parameters(parser)
                )
        Attributes().parse(parser, parts)
        if parts.attributes.get("burst_length") == as_i32(0):
            del parts.attributes["burst_length"]
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        printer.print_string("(")
        printer.print_ssa_value(self.buffer)
        printer.print_string(" : ")
        printer.print_attribute(self.buffer.type)
        for keyword, value, number in (
            ("offset", self.offset, self.static_offset),
            ("len", self.len, self.static_len),
        ):
            if value is not None:
                printer.print_string(f" {keyword} = ")
                printer.print_ssa_value(value)
            elif number is not None:
                printer.print_string(f" {keyword} = {number_of(number)}")
        for keyword, values, numbers in (
            ("sizes", self.sizes, self.static_sizes),
            ("strides", self.strides, self.static_strides),
        ):
            if numbers is not None:
                printer.print_string(f" {keyword} = ")
                print_numbers_or_values(printer, numbers, values)
        if self.pad_dimensions is not None:
            printer.print_string(" pad ")
            print_elements(printer, self.pad_dimensions.dimensions)
        printer.print_string(")")
        print_remaining(printer, self, _SPELLED)


def _parse_april(parser: Parser, parts: Parts) -> None:
    """Read what April wrote behind the type: `, 0, 64, [<size = 4, stride = 16>], [<pad>]`."""
    numbers = ["static_len", "static_offset"]
    lists = 0
    while parser.parse_optional_characters(",") is not None:
        if parser.parse_optional_characters("pad_value") is not None:
            parser.parse_characters("=")
            parts.attributes["pad_value"] = IntegerAttr(parser.parse_integer(), i32)
        elif lists == 0 and numbers and (number := parser.parse_optional_integer()) is not None:
            parts.properties[numbers.pop()] = IntegerAttr(number, i32)
        elif lists == 0:
            layout = BdDimLayoutArrayAttr.new(BdDimLayoutArrayAttr.parse_parameters(parser))
            parts.properties |= april.layout_as_lists(layout.pairs())
            lists = 1
        else:
            parts.properties["pad_dimensions"] = BdPadLayoutArrayAttr.new(
                BdPadLayoutArrayAttr.parse_parameters(parser)
            )


def parse_number_or_value(
    parser: Parser, parts: Parts, name: str, static: str, type_: IntegerType
) -> None:
    """Read a number into the property `static`, or a value into the operand `name`."""
    value = parser.parse_optional_operand(type_)
    if value is not None:
        parts.operands[name] = [value]
    else:
        parts.properties[static] = IntegerAttr(parser.parse_integer(), type_)


def parse_numbers_or_values(parser: Parser, parts: Parts, name: str, static: str) -> None:
    """Read `[4, %v, 1]`: numbers into the property `static`, values into the operands `name`."""
    values = parts.operands.setdefault(name, [])

    def parse_one() -> int:
        value = parser.parse_optional_operand(i64)
        if value is None:
            return parser.parse_integer()
        values.append(value)
        return RUN_TIME

    numbers = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parse_one)
    parts.properties[static] = DenseArrayBase.from_list(i64, numbers)


def print_numbers_or_values(
    printer: Printer, numbers: Integers, values: Sequence[SSAValue]
) -> None:
    """Print `[4, %v, 1]`."""
    remaining = iter(values)

    def print_one(number: int) -> None:
        if number == RUN_TIME:
            printer.print_ssa_value(next(remaining))
        else:
            printer.print_string(str(number))

    with printer.in_square_brackets():
        printer.print_list(numbers_of(numbers), print_one)


def static_numbers(numbers: Sequence[int | SSAValue]) -> Integers:
    """The static list of `numbers`, with a marker where a number is a value."""
    return DenseArrayBase.from_list(
        i64, [RUN_TIME if isinstance(number, SSAValue) else number for number in numbers]
    )
