"""Trace units: which events a tile records, and how they reach the host."""

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
from ironbird.ir.aie.attributes import TraceEventAttr
from ironbird.ir.aie.device import EndOp
from ironbird.ir.assembly import INDEX, Format, FormattedOperation, Parts, print_remaining
from ironbird.ir.codes import (
    BUNDLES,
    COMBO_LOGICS,
    DIRECTIONS,
    EDGE_TRIGGERS,
    TRACE_MODES,
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


def _parse_event(parser: Parser) -> Attribute:
    return TraceEventAttr.new(TraceEventAttr.parse_parameters(parser))


def _print_event(printer: Printer, event: Attribute) -> None:
    assert isinstance(event, TraceEventAttr)
    event.print_parameters(printer)


def _parse_mode(parser: Parser) -> Attribute:
    start = parser.pos
    text = parser.parse_str_literal()
    found = TRACE_MODES.find(text)
    if found is None:
        known = ", ".join(TRACE_MODES.words.values())
        parser.raise_error(f"unknown trace mode {text!r}; known: {known}", start, parser.pos)
    return found


def _print_mode(printer: Printer, mode: Attribute) -> None:
    printer.print_string_literal(str(TRACE_MODES.word(mode)))


def _parse_register_value(parser: Parser) -> Attribute:
    text = parser.parse_optional_str_literal()
    return StringAttr(text) if text is not None else IntegerAttr(parser.parse_integer(), i32)


def _print_register_value(printer: Printer, value: Attribute) -> None:
    if isinstance(value, StringAttr):
        printer.print_string_literal(value.data)
    else:
        assert isinstance(value, IntegerAttr)
        printer.print_string(str(value.value.data))


def _event(name: str = "event") -> Value:
    return Value(name, _parse_event, _print_event)


@irdl_op_definition
class TraceOp(FormattedOperation):
    """What the trace unit of a tile records."""

    name = "aie.trace"
    tile = operand_def(INDEX)
    sym_name = prop_def(StringAttr)
    body = region_def("single_block")
    traits = traits_def(SymbolOpInterface())
    FORMAT: ClassVar[Format] = (
        " ",
        SymbolName(),
        "(",
        Operand("tile"),
        ") ",
        Body(EndOp),
        Attributes(),
    )

    def __init__(self, tile: SSAValue | Operation, sym_name: str, body: Region) -> None:
        super().__init__(
            operands=[tile], properties={"sym_name": as_text(sym_name)}, regions=[body]
        )


@irdl_op_definition
class TraceModeOp(FormattedOperation):
    """What is kept with each event."""

    name = "aie.trace.mode"
    mode = prop_def(Coded(TRACE_MODES))
    FORMAT: ClassVar[Format] = (
        " ",
        Value("mode", _parse_mode, _print_mode),
        Attributes(),
    )

    def __init__(self, mode: str) -> None:
        super().__init__(properties={"mode": TRACE_MODES.attr(mode)})


@irdl_op_definition
class TracePacketOp(FormattedOperation):
    """The packet header of the unit; without an id one is given later."""

    name = "aie.trace.packet"
    id = opt_prop_def(Integer)
    type = prop_def(Coded(TRACE_PACKET_TYPES))
    FORMAT: ClassVar[Format] = (
        Maybe("id", (" id = ", Number("id", i32))),
        " type = ",
        Word("type", TRACE_PACKET_TYPES),
        Attributes(),
    )

    def __init__(self, id: int | None, type: str) -> None:
        super().__init__(properties={"id": as_i32(id), "type": TRACE_PACKET_TYPES.attr(type)})


@irdl_op_definition
class TraceEventOp(FormattedOperation):
    """An event to record; a unit has eight."""

    name = "aie.trace.event"
    event = prop_def(TraceEventAttr)
    label = opt_prop_def(StringAttr)
    FORMAT: ClassVar[Format] = (
        " ",
        _event(),
        Maybe("label", (" label = ", Text("label"))),
        Attributes(),
    )

    def __init__(self, event: str, label: str | None = None) -> None:
        super().__init__(properties={"event": TraceEventAttr.of(event), "label": as_text(label)})


@irdl_op_definition
class TracePortOp(FormattedOperation):
    """The stream port that a port event of the slot watches."""

    name = "aie.trace.port"
    slot = prop_def(Integer)
    port = prop_def(Coded(BUNDLES))
    channel = prop_def(Integer)
    direction = prop_def(Coded(DIRECTIONS))
    FORMAT: ClassVar[Format] = (
        "<",
        Number("slot", i32),
        "> port = ",
        Word("port", BUNDLES),
        " channel = ",
        Number("channel", i32),
        " direction = ",
        Word("direction", DIRECTIONS),
        Attributes(),
    )

    def __init__(self, slot: int, port: str, channel: int, direction: str) -> None:
        super().__init__(
            properties={
                "slot": as_i32(slot),
                "port": BUNDLES.attr(port),
                "channel": as_i32(channel),
                "direction": DIRECTIONS.attr(direction),
            }
        )


@irdl_op_definition
class TraceComboEventOp(FormattedOperation):
    """An event made of two others."""

    name = "aie.trace.combo_event"
    slot = prop_def(Integer)
    event_a = prop_def(TraceEventAttr, prop_name="eventA")
    logic = prop_def(Coded(COMBO_LOGICS))
    event_b = prop_def(TraceEventAttr, prop_name="eventB")
    FORMAT: ClassVar[Format] = (
        "<",
        Number("slot", i32),
        "> ",
        _event("eventA"),
        " ",
        Word("logic", COMBO_LOGICS),
        " ",
        _event("eventB"),
        Attributes(),
    )

    def __init__(self, slot: int, event_a: str, logic: str, event_b: str) -> None:
        super().__init__(
            properties={
                "slot": as_i32(slot),
                "eventA": TraceEventAttr.of(event_a),
                "logic": COMBO_LOGICS.attr(logic),
                "eventB": TraceEventAttr.of(event_b),
            }
        )


@irdl_op_definition
class TraceEdgeEventOp(FormattedOperation):
    """An event that reports the change of another."""

    name = "aie.trace.edge_event"
    slot = prop_def(Integer)
    event = prop_def(TraceEventAttr)
    trigger = prop_def(Coded(EDGE_TRIGGERS))
    FORMAT: ClassVar[Format] = (
        "<",
        Number("slot", i32),
        "> event = ",
        _event(),
        " trigger = ",
        Word("trigger", EDGE_TRIGGERS),
        Attributes(),
    )

    def __init__(self, slot: int, event: str, trigger: str) -> None:
        super().__init__(
            properties={
                "slot": as_i32(slot),
                "event": TraceEventAttr.of(event),
                "trigger": EDGE_TRIGGERS.attr(trigger),
            }
        )


class TraceBoundary(FormattedOperation):
    """When the unit starts or stops: on a broadcast, or on an event of its own."""

    broadcast = opt_prop_def(Integer)
    event = opt_prop_def(TraceEventAttr)
    FORMAT: ClassVar[Format] = (
        Maybe("broadcast", (" broadcast = ", Number("broadcast", i32))),
        Maybe("event", (" event = ", _event())),
        Attributes(),
    )

    def __init__(self, *, broadcast: int | None = None, event: str | None = None) -> None:
        super().__init__(
            properties={
                "broadcast": as_i32(broadcast),
                "event": None if event is None else TraceEventAttr.of(event),
            }
        )


@irdl_op_definition
class TraceStartOp(TraceBoundary):
    """When the unit starts."""

    name = "aie.trace.start"


@irdl_op_definition
class TraceStopOp(TraceBoundary):
    """When the unit stops."""

    name = "aie.trace.stop"


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
