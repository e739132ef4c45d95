"""Sequences that call others: of this device or of another one."""

from typing import ClassVar, Self

from xdsl.dialects.builtin import SymbolRefAttr
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.irdl import (
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    region_def,
    traits_def,
    var_operand_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import NoTerminator

from ironbird.base.device import Direction
from ironbird.ir.assembly import INDEX, Format, FormattedOperation, Parts, print_remaining
from ironbird.ir.codes import DIRECTIONS, Coded
from ironbird.ir.integers import Integer, as_i32, as_symbol, i32
from ironbird.ir.pieces import Attributes, Body, Number, Operand, Reference, Word


@irdl_op_definition
class ConfigureOp(FormattedOperation):
    """Configure the array as another device says, then do what stands inside."""

    name = "aiex.configure"
    symbol = prop_def(SymbolRefAttr)
    expand_mode = opt_prop_def(Integer)
    body = region_def("single_block")
    traits = traits_def(NoTerminator())
    FORMAT: ClassVar[Format] = (
        " ",
        Reference("symbol"),
        " ",
        Body(),
        Attributes(),
    )

    def __init__(self, symbol: str, body: Region | None = None) -> None:
        super().__init__(
            properties={"symbol": as_symbol(symbol)},
            regions=[Region(Block()) if body is None else body],
        )


@irdl_op_definition
class RunOp(FormattedOperation):
    """Run a sequence of the configured device with these buffers."""

    name = "aiex.run"
    args = var_operand_def()
    runtime_sequence_symbol = prop_def(SymbolRefAttr)
    FORMAT: ClassVar[Format] = ()

    def __init__(self, sequence: str, args: list[SSAValue | Operation]) -> None:
        super().__init__(
            operands=[args], properties={"runtime_sequence_symbol": as_symbol(sequence)}
        )

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        Reference("runtime_sequence_symbol").parse(parser, parts)
        values = parser.parse_comma_separated_list(
            parser.Delimiter.PAREN, parser.parse_unresolved_operand
        )
        Attributes().parse(parser, parts)
        parser.parse_characters(":")
        start = parser.pos
        types = parser.parse_comma_separated_list(parser.Delimiter.PAREN, parser.parse_type)
        parts.operands["args"] = list(parser.resolve_operands(values, types, start))
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_attribute(self.runtime_sequence_symbol)
        printer.print_operands(self.args)
        print_remaining(printer, self, ("runtime_sequence_symbol",))
        printer.print_string(" : ")
        with printer.in_parens():
            printer.print_list([value.type for value in self.args], printer.print_attribute)


@irdl_op_definition
class SetLockOp(FormattedOperation):
    """Give a lock a value from the sequence."""

    name = "aiex.set_lock"
    lock = operand_def(INDEX)
    value = prop_def(Integer)
    FORMAT: ClassVar[Format] = (
        "(",
        Operand("lock"),
        ", ",
        Number("value", i32),
        ")",
        Attributes(),
    )

    def __init__(self, lock: SSAValue | Operation, value: int) -> None:
        super().__init__(operands=[lock], properties={"value": as_i32(value)})


@irdl_op_definition
class DmaChannelResetOp(FormattedOperation):
    """Reset a DMA channel of a tile."""

    name = "aiex.dma_channel_reset"
    tile = operand_def(INDEX)
    direction = prop_def(Coded(DIRECTIONS))
    channel = prop_def(Integer)
    FORMAT: ClassVar[Format] = (
        "(",
        Operand("tile"),
        ", ",
        Word("direction", DIRECTIONS),
        ", ",
        Number("channel", i32),
        ")",
        Attributes(),
    )

    def __init__(
        self, tile: SSAValue | Operation, direction: Direction | str, channel: int
    ) -> None:
        super().__init__(
            operands=[tile],
            properties={"direction": DIRECTIONS.attr(direction), "channel": as_i32(channel)},
        )


@irdl_op_definition
class DmaChannelResetForOp(FormattedOperation):
    """Bring a fifo, or what a rearm binding names, back to its start."""

    name = "aiex.dma_channel_reset_for"
    objfifo = prop_def(SymbolRefAttr)
    FORMAT: ClassVar[Format] = ("(", Reference("objfifo"), ")", Attributes())

    def __init__(self, objfifo: str) -> None:
        super().__init__(properties={"objfifo": as_symbol(objfifo)})


@irdl_op_definition
class CoreResetOp(FormattedOperation):
    """Reset a core."""

    name = "aiex.core_reset"
    tile = operand_def(INDEX)
    FORMAT: ClassVar[Format] = ("(", Operand("tile"), ")", Attributes())

    def __init__(self, tile: SSAValue | Operation) -> None:
        super().__init__(operands=[tile])
