"""The command stream's own operations: register writes, queue pushes, waits."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

from xdsl.dialects.builtin import IntegerAttr, MemRefType, SymbolRefAttr, UnitAttr
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.irdl import irdl_op_definition, operand_def, opt_operand_def, opt_prop_def, prop_def
from xdsl.parser import Parser
from xdsl.printer import Printer

from ironbird.base.device import Direction
from ironbird.ir import april
from ironbird.ir.assembly import (
    Format,
    FormattedOperation,
    Parts,
    Piece,
    parse_pieces,
    print_pieces,
)
from ironbird.ir.codes import DIRECTIONS, Coded
from ironbird.ir.integers import Integer, as_bool, as_i32, as_symbol, i32, ui8, ui32, ui64
from ironbird.ir.pieces import (
    Attributes,
    Maybe,
    Number,
    Reference,
    TypedOperand,
    TypedOperands,
    Word,
)


@irdl_op_definition
class NpuDmaWaitOp(FormattedOperation):
    """Wait for the token of the transfer that `symbol` names."""

    name = "aiex.npu.dma_wait"
    symbol = prop_def(SymbolRefAttr)
    FORMAT: ClassVar[Format] = (Attributes(),)

    def __init__(self, symbol: str) -> None:
        super().__init__(properties={"symbol": as_symbol(symbol)})


class OperandsThenTypes(FormattedOperation):
    """Operands in parentheses, the dictionary, then the operands' types."""

    NAMES: ClassVar[tuple[str, ...]]
    FORMAT: ClassVar[Format] = ()

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        values = parser.parse_optional_comma_separated_list(
            parser.Delimiter.PAREN, parser.parse_unresolved_operand
        )
        Attributes().parse(parser, parts)
        if values is None:
            if cls.name not in april.NUMBERS:
                parser.raise_error(f"{cls.name} takes {len(cls.NAMES)} operands")
            return cls.from_parts(parts)
        parser.parse_characters(":")
        start = parser.pos
        types = parser.parse_comma_separated_list(parser.Delimiter.NONE, parser.parse_type)
        if len(values) != len(cls.NAMES):
            parser.raise_error(f"{cls.name} takes {len(cls.NAMES)} operands, not {len(values)}")
        resolved = parser.resolve_operands(values, types, start)
        for name, value in zip(cls.NAMES, resolved, strict=True):
            parts.operands[name] = [value]
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        printer.print_operands(self.operands)
        Attributes().print(printer, self)
        printer.print_string(" : ")
        printer.print_list([value.type for value in self.operands], printer.print_attribute)


@irdl_op_definition
class NpuSyncOp(OperandsThenTypes):
    """Wait for a token of a channel in a rectangle of tiles."""

    name = "aiex.npu.sync"
    column = operand_def(i32)
    row = operand_def(i32)
    direction = operand_def(i32)
    channel = operand_def(i32)
    column_num = operand_def(i32)
    row_num = operand_def(i32)
    NAMES: ClassVar[tuple[str, ...]] = (
        "column",
        "row",
        "direction",
        "channel",
        "column_num",
        "row_num",
    )

    def __init__(
        self,
        column: SSAValue | Operation,
        row: SSAValue | Operation,
        direction: SSAValue | Operation,
        channel: SSAValue | Operation,
        column_num: SSAValue | Operation,
        row_num: SSAValue | Operation,
    ) -> None:
        super().__init__(operands=[column, row, direction, channel, column_num, row_num])


class RegisterWrite(OperandsThenTypes):
    """A write to an address: of the array, of a tile (column, row), or of a buffer."""

    buffer = opt_prop_def(SymbolRefAttr)
    column = opt_prop_def(Integer)
    row = opt_prop_def(Integer)


def _where(
    buffer: str | None, column: int | None, row: int | None
) -> Mapping[str, Attribute | None]:
    return {"buffer": as_symbol(buffer), "column": as_i32(column), "row": as_i32(row)}


@irdl_op_definition
class NpuWrite32Op(RegisterWrite):
    """Write a word."""

    name = "aiex.npu.write32"
    address = operand_def(i32)
    value = operand_def(i32)
    NAMES: ClassVar[tuple[str, ...]] = ("address", "value")

    def __init__(
        self,
        address: SSAValue | Operation,
        value: SSAValue | Operation,
        *,
        buffer: str | None = None,
        column: int | None = None,
        row: int | None = None,
    ) -> None:
        super().__init__(operands=[address, value], properties=_where(buffer, column, row))


@irdl_op_definition
class NpuMaskwrite32Op(RegisterWrite):
    """Write the bits of a word that `mask` has."""

    name = "aiex.npu.maskwrite32"
    address = operand_def(i32)
    value = operand_def(i32)
    mask = operand_def(i32)
    NAMES: ClassVar[tuple[str, ...]] = ("address", "value", "mask")

    def __init__(
        self,
        address: SSAValue | Operation,
        value: SSAValue | Operation,
        mask: SSAValue | Operation,
        *,
        buffer: str | None = None,
        column: int | None = None,
        row: int | None = None,
    ) -> None:
        super().__init__(operands=[address, value, mask], properties=_where(buffer, column, row))


@irdl_op_definition
class NpuBlockwriteOp(RegisterWrite):
    """Write the words of a global from an address on."""

    name = "aiex.npu.blockwrite"
    block = operand_def(MemRefType)
    address = prop_def(Integer)
    NAMES: ClassVar[tuple[str, ...]] = ("block",)

    def __init__(
        self,
        block: SSAValue | Operation,
        address: int,
        *,
        buffer: str | None = None,
        column: int | None = None,
        row: int | None = None,
    ) -> None:
        super().__init__(
            operands=[block],
            properties={"address": IntegerAttr(address, ui32), **_where(buffer, column, row)},
        )


@dataclass(frozen=True)
class CountOrTypedOperand(Piece):
    """The last operand, the parenthesis, its type; or the number that April wrote instead."""

    name: str

    def parse(self, parser: Parser, parts: Parts) -> None:
        number = parser.parse_optional_integer()
        if number is None:
            TypedOperands((self.name,), between=") : ").parse(parser, parts)
            return
        parts.operands[self.name] = [april.constant(number)]
        parser.parse_characters(")")

    def print(self, printer: Printer, op: Operation) -> None:
        TypedOperands((self.name,), between=") : ").print(printer, op)


@irdl_op_definition
class NpuRtpWriteOp(FormattedOperation):
    """Write a 32-bit element of a buffer that a core reads while it runs."""

    name = "aiex.npu.rtp_write"
    value = operand_def(i32)
    buffer = prop_def(SymbolRefAttr)
    index = prop_def(Integer)
    FORMAT: ClassVar[Format] = (
        "(",
        Reference("buffer"),
        ", ",
        Number("index", ui32),
        ", ",
        CountOrTypedOperand("value"),
        Attributes(),
    )

    def __init__(self, buffer: str, index: int, value: SSAValue | Operation) -> None:
        super().__init__(
            operands=[value],
            properties={"buffer": as_symbol(buffer), "index": IntegerAttr(index, ui32)},
        )


@irdl_op_definition
class NpuAddressPatchOp(FormattedOperation):
    """Put the address of the host's buffer `arg_idx`, plus `arg_plus` bytes, into a register."""

    name = "aiex.npu.address_patch"
    addr_value = opt_operand_def(i32)
    arg_plus = operand_def(i32)
    addr = prop_def(Integer)
    arg_idx = prop_def(Integer)
    FORMAT: ClassVar[Format] = (
        Maybe("arg_plus", ("(", TypedOperand("arg_plus"), ")")),
        Maybe("addr_value", (" addr ", TypedOperand("addr_value"))),
        Attributes(),
    )

    def __init__(self, addr: int, arg_idx: int, arg_plus: SSAValue | Operation) -> None:
        super().__init__(
            operands=[None, arg_plus],
            properties={"addr": IntegerAttr(addr, ui32), "arg_idx": as_i32(arg_idx)},
        )


@irdl_op_definition
class NpuPushQueueOp(FormattedOperation):
    """Push a descriptor to the queue of a channel."""

    name = "aiex.npu.push_queue"
    repeat_count = operand_def(i32)
    bd_id = operand_def(i32)
    column = prop_def(Integer)
    row = prop_def(Integer)
    direction = prop_def(Coded(DIRECTIONS))
    channel = prop_def(Integer)
    issue_token = prop_def(Integer)

    FORMAT: ClassVar[Format] = (
        "(",
        Number("column", i32),
        ", ",
        Number("row", i32),
        ", ",
        Word("direction", DIRECTIONS),
        " : ",
        Number("channel", i32),
        ")",
    )

    def __init__(
        self,
        column: int,
        row: int,
        direction: Direction | str,
        channel: int,
        bd_id: SSAValue | Operation,
        repeat_count: SSAValue | Operation,
        issue_token: bool,
    ) -> None:
        super().__init__(
            operands=[repeat_count, bd_id],
            properties={
                "column": as_i32(column),
                "row": as_i32(row),
                "direction": DIRECTIONS.attr(direction),
                "channel": as_i32(channel),
                "issue_token": as_bool(issue_token),
            },
        )

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        parse_pieces(parser, cls.FORMAT, parts)
        if parser.parse_optional_characters("bd_id") is None:
            Attributes().parse(parser, parts)
            return cls.from_parts(parts)
        bd_id = parser.parse_unresolved_operand()
        parser.parse_characters("repeat")
        repeat_count = parser.parse_unresolved_operand()
        Attributes().parse(parser, parts)
        parser.parse_characters(":")
        parts.operands["bd_id"] = [parser.resolve_operand(bd_id, parser.parse_type())]
        parser.parse_characters(",")
        parts.operands["repeat_count"] = [parser.resolve_operand(repeat_count, parser.parse_type())]
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        print_pieces(printer, self.FORMAT, self)
        printer.print_string(" bd_id ")
        printer.print_ssa_value(self.bd_id)
        printer.print_string(" repeat ")
        printer.print_ssa_value(self.repeat_count)
        Attributes().print(printer, self)
        printer.print_string(" : ")
        printer.print_list([self.bd_id.type, self.repeat_count.type], printer.print_attribute)


@irdl_op_definition
class NpuPreemptOp(FormattedOperation):
    """A point where another user of the array may take over."""

    name = "aiex.npu.preempt"
    level = prop_def(Integer)
    FORMAT: ClassVar[Format] = (Attributes(),)

    def __init__(self, level: int) -> None:
        super().__init__(properties={"level": IntegerAttr(level, ui8)})


@irdl_op_definition
class NpuLoadPdiOp(FormattedOperation):
    """Load another device's configuration."""

    name = "aiex.npu.load_pdi"
    device_ref = opt_prop_def(SymbolRefAttr)
    id = opt_prop_def(Integer)
    size = opt_prop_def(Integer)
    address = opt_prop_def(Integer)
    FORMAT: ClassVar[Format] = (Attributes(),)

    def __init__(
        self,
        device_ref: str | None = None,
        *,
        id: int | None = None,
        size: int | None = None,
        address: int | None = None,
    ) -> None:
        super().__init__(
            properties={
                "device_ref": as_symbol(device_ref),
                "id": as_i32(id),
                "size": as_i32(size),
                "address": None if address is None else IntegerAttr(address, ui64),
            }
        )


@irdl_op_definition
class NpuAssertBdFieldOp(OperandsThenTypes):
    """A run-time number must fit its descriptor field."""

    name = "aiex.npu.assert_bd_field"
    value = operand_def(i32)
    max = prop_def(Integer)
    NAMES: ClassVar[tuple[str, ...]] = ("value",)


@irdl_op_definition
class NpuAssertBdDivisibleOp(OperandsThenTypes):
    """A run-time number must be a multiple of `divisor`, or 1 where `allow_unit` is set."""

    name = "aiex.npu.assert_bd_divisible"
    value = operand_def(i32)
    divisor = prop_def(Integer)
    allow_unit = opt_prop_def(UnitAttr)
    NAMES: ClassVar[tuple[str, ...]] = ("value",)
