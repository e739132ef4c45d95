"""Tasks: what the sequence gives a DMA channel to do, and how it waits for them."""

from collections.abc import Sequence
from typing import ClassVar, Self

from xdsl.dialects.builtin import SymbolRefAttr
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.irdl import (
    AttrSizedOperandSegments,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    region_def,
    result_def,
    var_operand_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer

from ironbird.base.device import Direction
from ironbird.ir.aie.attributes import PacketInfoAttr
from ironbird.ir.aie.dma import parse_packet
from ironbird.ir.assembly import INDEX, Format, FormattedOperation, Parts, Types, print_remaining
from ironbird.ir.codes import DIRECTIONS, Coded
from ironbird.ir.integers import Integer, as_bool, as_i32, as_symbol, i32, number_of
from ironbird.ir.pieces import Attributes, Number, Operand, Reference, TypedOperand, Word


@irdl_op_definition
class DmaConfigureTaskOp(FormattedOperation):
    """Write a chain of descriptors for a channel of a tile; yields the task."""

    name = "aiex.dma_configure_task"
    tile = operand_def(INDEX)
    repeat_count_value = opt_operand_def(i32)
    bd_id_value = opt_operand_def(i32)
    direction = prop_def(Coded(DIRECTIONS))
    channel = prop_def(Integer)
    packet = opt_prop_def(PacketInfoAttr)
    issue_token = opt_prop_def(Integer)
    repeat_count = opt_prop_def(Integer)
    body = region_def()
    result = result_def(INDEX)
    irdl_options = (AttrSizedOperandSegments(as_property=True),)
    RESULT_TYPES: ClassVar[Types] = (INDEX,)

    def __init__(
        self,
        tile: SSAValue | Operation,
        direction: Direction | str,
        channel: int,
        body: Region | None = None,
        *,
        issue_token: bool | None = None,
        repeat_count: int | None = None,
        packet: PacketInfoAttr | None = None,
    ) -> None:
        super().__init__(
            operands=[tile, None, None],
            properties={
                "direction": DIRECTIONS.attr(direction),
                "channel": as_i32(channel),
                "issue_token": as_bool(issue_token),
                "repeat_count": as_i32(repeat_count),
                "packet": packet,
            },
            result_types=[INDEX],
            regions=[Region(Block()) if body is None else body],
        )

    @property
    def dma_direction(self) -> Direction:
        """Which way the channel moves."""
        return DIRECTIONS.word(self.direction)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        with parser.in_parens():
            Operand("tile").parse(parser, parts)
            parser.parse_characters(",")
            Word("direction", DIRECTIONS).parse(parser, parts)
            parser.parse_characters(",")
            Number("channel", i32).parse(parser, parts)
            if parser.parse_optional_characters(",") is not None:
                parts.properties["packet"] = parse_packet(parser)
        for keyword, name in (("repeat", "repeat_count_value"), ("bd_id", "bd_id_value")):
            if parser.parse_optional_characters(keyword) is not None:
                TypedOperand(name).parse(parser, parts)
        parts.regions.append(parser.parse_region())
        Attributes().parse(parser, parts)
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        printer.print_string("(")
        printer.print_ssa_value(self.tile)
        printer.print_string(f", {self.dma_direction}, {number_of(self.channel)}")
        if self.packet is not None:
            printer.print_string(", ")
            self.packet.print_parameters(printer)
        printer.print_string(")")
        if self.repeat_count_value is not None:
            printer.print_string(" repeat ")
            TypedOperand("repeat_count_value").print(printer, self)
        if self.bd_id_value is not None:
            printer.print_string(" bd_id ")
            TypedOperand("bd_id_value").print(printer, self)
        printer.print_string(" ")
        printer.print_region(self.body)
        print_remaining(printer, self, ("direction", "channel", "packet"))


@irdl_op_definition
class DmaConfigureTaskForOp(FormattedOperation):
    """Write a chain of descriptors for the channel that `alloc` names; yields the task."""

    name = "aiex.dma_configure_task_for"
    repeat_count_value = opt_operand_def(i32)
    alloc = prop_def(SymbolRefAttr)
    issue_token = opt_prop_def(Integer)
    repeat_count = opt_prop_def(Integer)
    body = region_def()
    result = result_def(INDEX)
    RESULT_TYPES: ClassVar[Types] = (INDEX,)

    def __init__(
        self,
        alloc: str,
        body: Region | None = None,
        *,
        issue_token: bool | None = None,
        repeat_count: int | None = None,
    ) -> None:
        super().__init__(
            operands=[None],
            properties={
                "alloc": as_symbol(alloc),
                "issue_token": as_bool(issue_token),
                "repeat_count": as_i32(repeat_count),
            },
            result_types=[INDEX],
            regions=[Region(Block()) if body is None else body],
        )

    @property
    def alloc_name(self) -> str:
        """The name of the allocation or fifo."""
        name: str = self.alloc.root_reference.data
        return name

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        Reference("alloc").parse(parser, parts)
        if parser.parse_optional_characters("repeat") is not None:
            TypedOperand("repeat_count_value").parse(parser, parts)
        parts.regions.append(parser.parse_region())
        Attributes().parse(parser, parts)
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_attribute(self.alloc)
        if self.repeat_count_value is not None:
            printer.print_string(" repeat ")
            TypedOperand("repeat_count_value").print(printer, self)
        printer.print_string(" ")
        printer.print_region(self.body)
        print_remaining(printer, self, ("alloc",))


class TaskUse(FormattedOperation):
    """Something done to a task."""

    task = operand_def(INDEX)
    FORMAT: ClassVar[Format] = ("(", Operand("task"), ")", Attributes())

    def __init__(self, task: SSAValue | Operation) -> None:
        super().__init__(operands=[task])


@irdl_op_definition
class DmaStartTaskOp(TaskUse):
    """Push a task to the queue of its channel."""

    name = "aiex.dma_start_task"


@irdl_op_definition
class DmaAwaitTaskOp(TaskUse):
    """Wait for the token of a task; its descriptors are free afterwards."""

    name = "aiex.dma_await_task"


@irdl_op_definition
class DmaFreeTaskOp(TaskUse):
    """Give back a task's descriptors, on the author's word that it is done."""

    name = "aiex.dma_free_task"


@irdl_op_definition
class DmaStartBdChainOp(FormattedOperation):
    """Start an `aie.bd_chain` with these buffers on a channel of a tile; yields the task."""

    name = "aiex.dma_start_bd_chain"
    args = var_operand_def()
    tile = operand_def(INDEX)
    symbol = prop_def(SymbolRefAttr)
    direction = prop_def(Coded(DIRECTIONS))
    channel = prop_def(Integer)
    issue_token = opt_prop_def(Integer)
    repeat_count = opt_prop_def(Integer)
    result = result_def(INDEX)
    RESULT_TYPES: ClassVar[Types] = (INDEX,)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        _parse_chain_call(parser, parts)
        parser.parse_characters("on")
        with parser.in_parens():
            Operand("tile").parse(parser, parts)
            parser.parse_characters(",")
            Word("direction", DIRECTIONS).parse(parser, parts)
            parser.parse_characters(",")
            Number("channel", i32).parse(parser, parts)
        Attributes().parse(parser, parts)
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        _print_chain_call(printer, self.symbol, self.args)
        printer.print_string(" on (")
        printer.print_ssa_value(self.tile)
        direction = DIRECTIONS.word(self.direction)
        printer.print_string(f", {direction}, {number_of(self.channel)})")
        print_remaining(printer, self, ("symbol", "direction", "channel"))


@irdl_op_definition
class DmaStartBdChainForOp(FormattedOperation):
    """Start an `aie.bd_chain` with these buffers on the channel that `alloc` names."""

    name = "aiex.dma_start_bd_chain_for"
    args = var_operand_def()
    symbol = prop_def(SymbolRefAttr)
    alloc = prop_def(SymbolRefAttr)
    issue_token = opt_prop_def(Integer)
    repeat_count = opt_prop_def(Integer)
    result = result_def(INDEX)
    RESULT_TYPES: ClassVar[Types] = (INDEX,)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        _parse_chain_call(parser, parts)
        parser.parse_characters("for")
        Reference("alloc").parse(parser, parts)
        Attributes().parse(parser, parts)
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        _print_chain_call(printer, self.symbol, self.args)
        printer.print_string(" for  ")
        printer.print_attribute(self.alloc)
        print_remaining(printer, self, ("symbol", "alloc"))


@irdl_op_definition
class DmaBdPoolPopOp(FormattedOperation):
    """Take a free descriptor id of a tile, at run time."""

    name = "aiex.dma_bd_pool_pop"
    column = prop_def(Integer)
    row = prop_def(Integer)
    bd_id = result_def(i32)
    RESULT_TYPES: ClassVar[Types] = (i32,)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        _parse_place(parser, parts)
        Attributes().parse(parser, parts)
        parser.parse_characters(":")
        parser.parse_type()
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        printer.print_string(f"({number_of(self.column)}, {number_of(self.row)})")
        print_remaining(printer, self, ("column", "row"))
        printer.print_string(" : i32")


@irdl_op_definition
class DmaBdPoolPushOp(FormattedOperation):
    """Give back a descriptor id of a tile, at run time."""

    name = "aiex.dma_bd_pool_push"
    bd_id = operand_def(i32)
    column = prop_def(Integer)
    row = prop_def(Integer)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        _parse_place(parser, parts)
        parser.parse_characters("bd_id")
        TypedOperand("bd_id").parse(parser, parts)
        Attributes().parse(parser, parts)
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        printer.print_string(f"({number_of(self.column)}, {number_of(self.row)}) bd_id ")
        TypedOperand("bd_id").print(printer, self)
        print_remaining(printer, self, ("column", "row"))


def _parse_place(parser: Parser, parts: Parts) -> None:
    with parser.in_parens():
        Number("column", i32).parse(parser, parts)
        parser.parse_characters(",")
        Number("row", i32).parse(parser, parts)


def _parse_chain_call(parser: Parser, parts: Parts) -> None:
    Reference("symbol").parse(parser, parts)
    values = parser.parse_comma_separated_list(
        parser.Delimiter.PAREN, parser.parse_unresolved_operand
    )
    parser.parse_characters(":")
    start = parser.pos
    types = parser.parse_comma_separated_list(parser.Delimiter.PAREN, parser.parse_type)
    parts.operands["args"] = list(parser.resolve_operands(values, types, start))


def _print_chain_call(printer: Printer, symbol: Attribute, arguments: Sequence[SSAValue]) -> None:
    printer.print_string(" ")
    printer.print_attribute(symbol)
    printer.print_operands(arguments)
    printer.print_string(" : ")
    with printer.in_parens():
        printer.print_list([value.type for value in arguments], printer.print_attribute)
