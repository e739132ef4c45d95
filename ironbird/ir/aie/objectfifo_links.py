"""What is done with fifos besides moving objects: links, places, host buffers, resets."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Self

from xdsl.dialects.builtin import (
    ArrayAttr,
    IntegerAttr,
    MemRefType,
    StringAttr,
    SymbolRefAttr,
)
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import (
    AttrSizedOperandSegments,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    traits_def,
    var_operand_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import SymbolOpInterface

from ironbird.ir.assembly import INDEX, Format, FormattedOperation, Parts, print_remaining
from ironbird.ir.integers import (
    Integer,
    Integers,
    as_symbol,
    i64,
    number_of,
)
from ironbird.ir.pieces import Attributes, Operand, Operands, Reference, SymbolName, Value


@irdl_op_definition
class ObjectFifoLinkOp(FormattedOperation):
    """Input fifos whose objects go on, on the shared tile, into output fifos.

    Offsets are in elements of the one big object: of each input for a join, of each output for a
    distribute.
    """

    name = "aie.objectfifo.link"
    fifo_ins = prop_def(ArrayAttr[SymbolRefAttr], prop_name="fifoIns")
    fifo_outs = prop_def(ArrayAttr[SymbolRefAttr], prop_name="fifoOuts")
    src_offsets = prop_def(ArrayAttr[Integer])
    dst_offsets = prop_def(ArrayAttr[Integer])
    FORMAT: ClassVar[Format]

    def __init__(
        self,
        fifo_ins: Sequence[str],
        fifo_outs: Sequence[str],
        src_offsets: Sequence[int] = (),
        dst_offsets: Sequence[int] = (),
    ) -> None:
        super().__init__(
            properties={
                "fifoIns": ArrayAttr(SymbolRefAttr(name) for name in fifo_ins),
                "fifoOuts": ArrayAttr(SymbolRefAttr(name) for name in fifo_outs),
                "src_offsets": ArrayAttr(IntegerAttr(each, i64) for each in src_offsets),
                "dst_offsets": ArrayAttr(IntegerAttr(each, i64) for each in dst_offsets),
            }
        )

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names of the input fifos."""
        return tuple(fifo.root_reference.data for fifo in self.fifo_ins)

    @property
    def output_names(self) -> tuple[str, ...]:
        """The names of the output fifos."""
        return tuple(fifo.root_reference.data for fifo in self.fifo_outs)


def _parse_symbols(parser: Parser) -> Attribute:
    return ArrayAttr(
        parser.parse_comma_separated_list(
            parser.Delimiter.SQUARE, lambda: SymbolRefAttr(parser.parse_symbol_name())
        )
    )


def _parse_offsets(parser: Parser) -> Attribute:
    return ArrayAttr(
        parser.parse_comma_separated_list(
            parser.Delimiter.SQUARE, lambda: IntegerAttr(parser.parse_integer(), i64)
        )
    )


def _print_offsets(printer: Printer, offsets: Attribute) -> None:
    assert isinstance(offsets, ArrayAttr)
    with printer.in_square_brackets():
        printer.print_list(
            offsets.data, lambda offset: printer.print_string(str(number_of(offset)))
        )


ObjectFifoLinkOp.FORMAT = (
    " ",
    Value("fifoIns", _parse_symbols, Printer.print_attribute),
    " -> ",
    Value("fifoOuts", _parse_symbols, Printer.print_attribute),
    "(",
    Value("src_offsets", _parse_offsets, _print_offsets),
    " ",
    Value("dst_offsets", _parse_offsets, _print_offsets),
    ")",
    Attributes(),
)


@irdl_op_definition
class ObjectFifoAllocateOp(FormattedOperation):
    """Put a fifo's objects into the memory of a chosen tile."""

    name = "aie.objectfifo.allocate"
    delegate_tile = operand_def(INDEX)
    obj_fifo_name = prop_def(SymbolRefAttr, prop_name="objFifo_name")
    FORMAT: ClassVar[Format] = (
        " ",
        Reference("objFifo_name"),
        "(",
        Operand("delegate_tile"),
        ")",
        Attributes(),
    )

    def __init__(self, fifo_name: str, delegate_tile: SSAValue | Operation) -> None:
        super().__init__(
            operands=[delegate_tile], properties={"objFifo_name": as_symbol(fifo_name)}
        )


@irdl_op_definition
class ObjectFifoRegisterExternalBuffersOp(FormattedOperation):
    """Make host buffers the objects of a fifo on a shim tile."""

    name = "aie.objectfifo.register_external_buffers"
    tile = operand_def(INDEX)
    external_buffers = var_operand_def(MemRefType)
    obj_fifo_name = prop_def(SymbolRefAttr, prop_name="objFifo_name")

    def __init__(
        self,
        fifo_name: str,
        tile: SSAValue | Operation,
        external_buffers: Iterable[SSAValue | Operation],
    ) -> None:
        super().__init__(
            operands=[tile, list(external_buffers)],
            properties={"objFifo_name": as_symbol(fifo_name)},
        )

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        Reference("objFifo_name").parse(parser, parts)
        with parser.in_parens():
            Operand("tile").parse(parser, parts)
            parser.parse_characters(",")
            buffers = parser.parse_comma_separated_list(
                parser.Delimiter.BRACES, parser.parse_unresolved_operand
            )
        Attributes().parse(parser, parts)
        parser.parse_characters(":")
        start = parser.pos
        types = parser.parse_comma_separated_list(parser.Delimiter.PAREN, parser.parse_type)
        parts.operands["external_buffers"] = list(parser.resolve_operands(buffers, types, start))
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_attribute(self.obj_fifo_name)
        with printer.in_parens():
            printer.print_ssa_value(self.tile)
            printer.print_string(", {")
            printer.print_list(self.external_buffers, printer.print_ssa_value)
            printer.print_string("}")
        print_remaining(printer, self, ("objFifo_name",))
        printer.print_string(" : ")
        with printer.in_parens():
            printer.print_list(
                [buffer.type for buffer in self.external_buffers], printer.print_attribute
            )


@irdl_op_definition
class ObjectFifoRearmBindingOp(FormattedOperation):
    """The channels, locks and first descriptors that bring a fifo back to its start."""

    name = "aie.objectfifo_rearm_binding"
    channel_tiles = var_operand_def(INDEX)
    locks = var_operand_def(INDEX)
    sym_name = prop_def(StringAttr)
    channel_dirs = prop_def(Integers)
    channel_indices = prop_def(Integers)
    lock_inits = prop_def(Integers)
    head_bd_ids = opt_prop_def(Integers)
    repeat_counts = opt_prop_def(Integers)
    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    traits = traits_def(SymbolOpInterface())

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        SymbolName().parse(parser, parts)
        for keyword, name in (("channels", "channel_tiles"), ("locks", "locks")):
            parser.parse_characters(keyword)
            with parser.in_parens():
                Operands(name).parse(parser, parts)
                if parts.operands[name]:
                    parser.parse_characters(":")
                    parser.parse_comma_separated_list(parser.Delimiter.NONE, parser.parse_type)
        Attributes().parse(parser, parts)
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_symbol_name(self.sym_name.data)
        for keyword, values in (("channels", self.channel_tiles), ("locks", self.locks)):
            printer.print_string(f" {keyword}(")
            printer.print_list(values, printer.print_ssa_value)
            if values:
                printer.print_string(" : ")
                printer.print_list([value.type for value in values], printer.print_attribute)
            printer.print_string(")")
        print_remaining(printer, self, ("sym_name",))
