"""Trace units: which events a tile records, and how they reach the host."""

from typing import ClassVar

from xdsl.dialects.builtin import StringAttr
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

from ironbird.ir.aie.attributes import TraceEventAttr
from ironbird.ir.aie.device import EndOp
from ironbird.ir.assembly import INDEX, Format, FormattedOperation
from ironbird.ir.codes import (
    BUNDLES,
    COMBO_LOGICS,
    DIRECTIONS,
    EDGE_TRIGGERS,
    TRACE_MODES,
    TRACE_PACKET_TYPES,
    Coded,
)
from ironbird.ir.integers import Integer, as_i32, as_text, i32
from ironbird.ir.pieces import (
    Attributes,
    Body,
    Maybe,
    Number,
    Operand,
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
