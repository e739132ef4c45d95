"""Traces made ready: where the host keeps them, and the registers that start them."""

from typing import ClassVar, Self

from xdsl.dialects.builtin import IntegerAttr, StringAttr, SymbolRefAttr
from xdsl.ir import Attribute, Operation, Region, SSAValue
from xdsl.irdl import (
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    region_def,
    traits_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import SymbolOpInterface

from ironbird.ir import april
from ironbird.ir.aie.device import EndOp
from ironbird.ir.assembly import INDEX, Format, FormattedOperation, Parts, print_remaining
from ironbird.ir.codes import (
    TRACE_PACKET_TYPES,
    Coded,
)
from ironbird.ir.integers import FALSE, Integer, as_bool, as_i32, as_symbol, as_text, i32
from ironbird.ir.pieces import (
    Attributes,
    Body,
    Maybe,
    Number,
    Operand,
    Reference,
    SymbolName,
    Text,
    Value,
    Word,
)

ZERO_I32 = as_i32(0)


def _parse_register_value(parser: Parser) -> Attribute:
    text = parser.parse_optional_str_literal()
    return StringAttr(text) if text is not None else IntegerAttr(parser.parse_integer(), i32)


def _print_register_value(printer: Printer, value: Attribute) -> None:
    if isinstance(value, StringAttr):
        printer.print_string_literal(value.data)
    else:
        assert isinstance(value, IntegerAttr)
        printer.print_string(str(value.value.data))


@irdl_op_definition
class TraceHostConfigOp(FormattedOperation):
    """Where the host keeps the trace. `buffer_size` is in bytes."""

    name = "aie.trace.host_config"
    buffer_size = prop_def(Integer)
    egress_shim_col = prop_def(Integer, default_value=ZERO_I32)
    reuse_output_buffer = prop_def(Integer, default_value=FALSE)
    routing = prop_def(Integer, default_value=ZERO_I32)

    def __init__(
        self,
        buffer_size: int,
        *,
        egress_shim_col: int | None = None,
        reuse_output_buffer: bool = False,
    ) -> None:
        super().__init__(
            properties={
                "buffer_size": as_i32(buffer_size),
                "egress_shim_col": as_i32(egress_shim_col or None),
                "reuse_output_buffer": as_bool(reuse_output_buffer or None),
            }
        )

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        # April spelled these two without a dictionary.
        for name in ("buffer_size", "arg_idx"):
            if parser.parse_optional_characters(name) is not None:
                parser.parse_characters("=")
                parts.attributes[name] = IntegerAttr(parser.parse_integer(), i32)
        Attributes().parse(parser, parts)
        april.host_config(parts.attributes)
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        print_remaining(printer, self, ())


@irdl_op_definition
class TraceStartConfigOp(FormattedOperation):
    """Write a trace's configuration to its unit."""

    name = "aie.trace.start_config"
    trace_config = prop_def(SymbolRefAttr)
    FORMAT: ClassVar[Format] = (" ", Reference("trace_config"), Attributes())

    def __init__(self, name: str) -> None:
        super().__init__(properties={"trace_config": as_symbol(name)})


@irdl_op_definition
class TraceConfigOp(FormattedOperation):
    """A trace as register writes."""

    name = "aie.trace.config"
    tile = operand_def(INDEX)
    sym_name = prop_def(StringAttr)
    packet_type = opt_prop_def(Coded(TRACE_PACKET_TYPES))
    body = region_def("single_block")
    traits = traits_def(SymbolOpInterface())
    FORMAT: ClassVar[Format] = (
        " ",
        SymbolName(),
        "(",
        Operand("tile"),
        ")",
        Maybe("packet_type", (" packet_type = ", Word("packet_type", TRACE_PACKET_TYPES))),
        " ",
        Body(EndOp),
        Attributes(),
    )

    def __init__(
        self, tile: SSAValue | Operation, sym_name: str, body: Region, *, packet_type: str | None
    ) -> None:
        super().__init__(
            operands=[tile],
            properties={
                "sym_name": as_text(sym_name),
                "packet_type": None
                if packet_type is None
                else TRACE_PACKET_TYPES.attr(packet_type),
            },
            regions=[body],
        )


@irdl_op_definition
class TraceRegOp(FormattedOperation):
    """A register of the trace unit, or a field of one, and its value."""

    name = "aie.trace.reg"
    reg_name = prop_def(StringAttr)
    field = opt_prop_def(StringAttr)
    value = prop_def(Attribute)
    mask = opt_prop_def(Integer)
    comment = opt_prop_def(StringAttr)
    FORMAT: ClassVar[Format] = (
        " register = ",
        Text("reg_name"),
        Maybe("field", (" field = ", Text("field"))),
        " value = ",
        Value("value", _parse_register_value, _print_register_value),
        Maybe("mask", (" mask = ", Number("mask", i32))),
        Maybe("comment", (" comment = ", Text("comment"))),
        Attributes(),
    )

    def __init__(
        self, reg_name: str, value: int, *, mask: int | None = None, comment: str | None = None
    ) -> None:
        super().__init__(
            properties={
                "reg_name": as_text(reg_name),
                "value": as_i32(value),
                "mask": as_i32(mask),
                "comment": as_text(comment),
            }
        )
