"""The attributes and types of the `aie` dialect."""

from collections.abc import Iterable, Sequence
from typing import Self, TypeVar

from xdsl.dialects.builtin import ArrayAttr, IntAttr, MemRefType, NoneAttr, StringAttr
from xdsl.ir import (
    Attribute,
    OpaqueSyntaxAttribute,
    ParametrizedAttribute,
    TypeAttribute,
)
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer

ElementT = TypeVar("ElementT", bound=ParametrizedAttribute)


@irdl_attr_definition
class ObjectFifoType(ParametrizedAttribute, TypeAttribute):
    """The type of a fifo: `!aie.objectfifo<memref<24xi32>>`, one object."""

    name = "aie.objectfifo"
    element: MemRefType

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            return [_parse_memref(parser)]


@irdl_attr_definition
class ObjectFifoSubviewType(ParametrizedAttribute, TypeAttribute):
    """The type of the objects one acquire returned."""

    name = "aie.objectfifosubview"
    element: MemRefType

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            return [_parse_memref(parser)]


@irdl_attr_definition
class PacketInfoAttr(ParametrizedAttribute):
    """A packet header: `<pkt_type = 0, pkt_id = 3>`."""

    name = "aie.packet_info"
    pkt_type: IntAttr
    pkt_id: IntAttr

    @classmethod
    def of(cls, pkt_id: int, pkt_type: int = 0) -> Self:
        """The header of packets with this id and type."""
        return cls(IntAttr(pkt_type), IntAttr(pkt_id))

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        return parse_fields(parser, ("pkt_type", "pkt_id"))

    def print_parameters(self, printer: Printer) -> None:
        print_fields(printer, pkt_type=self.pkt_type, pkt_id=self.pkt_id)


@irdl_attr_definition
class BdDimLayoutAttr(ParametrizedAttribute):
    """One dimension of a layout: `size` steps of `stride` elements."""

    name = "aie.bd_dim_layout"
    size: IntAttr
    stride: IntAttr

    @classmethod
    def of(cls, size: int, stride: int) -> Self:
        """The dimension of `size` steps, `stride` elements apart."""
        return cls(IntAttr(size), IntAttr(stride))

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        return parse_fields(parser, ("size", "stride"))

    def print_parameters(self, printer: Printer) -> None:
        print_fields(printer, size=self.size, stride=self.stride)


@irdl_attr_definition
class BdDimLayoutArrayAttr(ParametrizedAttribute, OpaqueSyntaxAttribute):
    """A layout, outermost dimension first; empty for a linear transfer."""

    name = "aie.bd_dim_layout_array"
    dimensions: ArrayAttr[BdDimLayoutAttr]

    @classmethod
    def of(cls, sizes_and_strides: Iterable[tuple[int, int]]) -> Self:
        """The layout of (size, stride) pairs, outermost first."""
        return cls(ArrayAttr(BdDimLayoutAttr.of(*pair) for pair in sizes_and_strides))

    def pairs(self) -> tuple[tuple[int, int], ...]:
        """(size, stride) of each dimension in elements, outermost first."""
        return tuple((each.size.data, each.stride.data) for each in self.dimensions)

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        return [ArrayAttr(parse_elements(parser, BdDimLayoutAttr))]

    def print_parameters(self, printer: Printer) -> None:
        print_elements(printer, self.dimensions)


@irdl_attr_definition
class BdDimLayoutArrayArrayAttr(ParametrizedAttribute, OpaqueSyntaxAttribute):
    """One layout for each consumer of a fifo."""

    name = "aie.bd_dim_layout_array_array"
    layouts: ArrayAttr[BdDimLayoutArrayAttr]

    @classmethod
    def of(cls, layouts: Iterable[Iterable[tuple[int, int]]]) -> Self:
        """The layouts of (size, stride) pairs, in the order of the consumers."""
        return cls(ArrayAttr(BdDimLayoutArrayAttr.of(layout) for layout in layouts))

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        layouts = parser.parse_comma_separated_list(
            parser.Delimiter.SQUARE,
            lambda: BdDimLayoutArrayAttr(ArrayAttr(parse_elements(parser, BdDimLayoutAttr))),
        )
        return [ArrayAttr(layouts)]

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_square_brackets():
            printer.print_list(
                self.layouts, lambda layout: print_elements(printer, layout.dimensions)
            )


@irdl_attr_definition
class BdPadLayoutAttr(ParametrizedAttribute):
    """Zeros that a memory tile sends before and after one dimension, in elements."""

    name = "aie.bd_pad_layout"
    const_pad_before: IntAttr
    const_pad_after: IntAttr

    @classmethod
    def of(cls, before: int, after: int) -> Self:
        """`before` zeros ahead of the dimension, `after` behind it."""
        return cls(IntAttr(before), IntAttr(after))

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        return parse_fields(parser, ("const_pad_before", "const_pad_after"))

    def print_parameters(self, printer: Printer) -> None:
        print_fields(
            printer, const_pad_before=self.const_pad_before, const_pad_after=self.const_pad_after
        )


@irdl_attr_definition
class BdPadLayoutArrayAttr(ParametrizedAttribute, OpaqueSyntaxAttribute):
    """The padding of a layout, one entry per dimension, outermost first."""

    name = "aie.bd_pad_layout_array"
    dimensions: ArrayAttr[BdPadLayoutAttr]

    @classmethod
    def of(cls, before_and_after: Iterable[tuple[int, int]]) -> Self:
        """The padding of (before, after) pairs, outermost first."""
        return cls(ArrayAttr(BdPadLayoutAttr.of(*pair) for pair in before_and_after))

    def pairs(self) -> tuple[tuple[int, int], ...]:
        """(before, after) of each dimension in elements, outermost first."""
        return tuple(
            (each.const_pad_before.data, each.const_pad_after.data) for each in self.dimensions
        )

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        return [ArrayAttr(parse_elements(parser, BdPadLayoutAttr))]

    def print_parameters(self, printer: Printer) -> None:
        print_elements(printer, self.dimensions)


@irdl_attr_definition
class BdIterationAttr(ParametrizedAttribute):
    """Steps that a descriptor takes from run to run: `size` runs, `stride` elements apart."""

    name = "aie.bd_iteration"
    size: IntAttr
    stride: IntAttr
    current: IntAttr

    @classmethod
    def of(cls, size: int, stride: int, current: int = 0) -> Self:
        """`size` runs `stride` elements apart, starting with number `current`."""
        return cls(IntAttr(size), IntAttr(stride), IntAttr(current))

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        return parse_fields(parser, ("size", "stride", "current"))

    def print_parameters(self, printer: Printer) -> None:
        print_fields(printer, size=self.size, stride=self.stride, current=self.current)


@irdl_attr_definition
class TraceEventAttr(ParametrizedAttribute):
    """A hardware event: `<"LOCK_STALL">`, or `<CoreEventAIE2::LOCK_STALL>` with its table."""

    name = "aie.trace_event"
    event: StringAttr
    table: StringAttr | NoneAttr

    @classmethod
    def of(cls, event: str, table: str | None = None) -> Self:
        """The event called `event`, of the enumeration `table` if that is given."""
        return cls(StringAttr(event), StringAttr(table) if table is not None else NoneAttr())

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> Sequence[Attribute]:
        with parser.in_angle_brackets():
            text = parser.parse_optional_str_literal()
            if text is not None:
                return [StringAttr(text), NoneAttr()]
            table = parser.parse_identifier(" as the table of a trace event")
            parser.parse_characters(":")
            parser.parse_characters(":")
            return [StringAttr(parser.parse_identifier()), StringAttr(table)]

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            if isinstance(self.table, StringAttr):
                printer.print_string(f"{self.table.data}::{self.event.data}")
            else:
                printer.print_string_literal(self.event.data)


def parse_fields(parser: AttrParser, names: Sequence[str]) -> list[Attribute]:
    """Read `<name = 1, other = 2>`."""
    numbers: list[Attribute] = []
    with parser.in_angle_brackets():
        for position, name in enumerate(names):
            if position:
                parser.parse_characters(",")
            parser.parse_characters(name)
            parser.parse_characters("=")
            numbers.append(IntAttr(parser.parse_integer()))
    return numbers


def print_fields(printer: Printer, **numbers: IntAttr) -> None:
    """Print `<name = 1, other = 2>`."""
    text = ", ".join(f"{name} = {number.data}" for name, number in numbers.items())
    printer.print_string(f"<{text}>")


def parse_elements(parser: AttrParser, element: type[ElementT]) -> list[ElementT]:
    """Read `[<...>, <...>]`, each the parameters of one `element`."""
    return parser.parse_comma_separated_list(
        parser.Delimiter.SQUARE, lambda: element.new(element.parse_parameters(parser))
    )


def print_elements(printer: Printer, elements: Iterable[ParametrizedAttribute]) -> None:
    """Print `[<...>, <...>]`."""
    with printer.in_square_brackets():
        printer.print_list(elements, lambda element: element.print_parameters(printer))


def _parse_memref(parser: AttrParser) -> MemRefType:
    start = parser.pos
    found = parser.parse_type()
    if not isinstance(found, MemRefType):
        parser.raise_error(
            f"invalid kind of type specified: expected builtin.memref, but found '{found}'",
            start,
            parser.pos,
        )
    return found
