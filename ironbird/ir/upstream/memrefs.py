"""Memory references: the texts that xDSL lacks.

A global may lack a visibility and a value in MLIR; xDSL's class then lacks the property, which its
own verifier refuses and ours accepts.
"""

from collections.abc import Callable
from typing import Any

from xdsl.dialects import memref
from xdsl.dialects.builtin import (
    DenseIntOrFPElementsAttr,
    MemRefType,
    StringAttr,
    UnitAttr,
)
from xdsl.ir import Attribute, Operation
from xdsl.parser import Parser
from xdsl.printer import Printer

from ironbird.ir.aie.buffers import parse_dense
from ironbird.ir.assembly import print_remaining


def _parse_global(parser: Parser) -> Operation:
    properties: dict[str, Attribute] = {}
    visibility = parser.parse_optional_str_literal()
    if visibility is not None:
        properties["sym_visibility"] = StringAttr(visibility)
    if parser.parse_optional_characters("constant") is not None:
        properties["constant"] = UnitAttr()
    properties["sym_name"] = parser.parse_symbol_name()
    parser.parse_characters(":")
    start = parser.pos
    type_ = parser.parse_type()
    if not isinstance(type_, MemRefType):
        parser.raise_error(f"expected a memref, but found {type_}", start, parser.pos)
    properties["type"] = type_
    if parser.parse_optional_characters("=") is not None:
        if parser.parse_optional_characters("uninitialized") is not None:
            properties["initial_value"] = UnitAttr()
        else:
            properties["initial_value"] = parse_dense(parser, type_)
    attributes = parser.parse_optional_attr_dict()
    if "alignment" in attributes:
        properties["alignment"] = attributes.pop("alignment")
    return memref.GlobalOp.build(properties=properties, attributes=attributes)


def _print_global(printer: Printer, op: memref.GlobalOp) -> None:
    visibility = op.properties.get("sym_visibility")
    if isinstance(visibility, StringAttr):
        printer.print_string(f' "{visibility.data}"')
    if op.constant is not None:
        printer.print_string(" constant")
    printer.print_string(" ")
    printer.print_symbol_name(op.sym_name.data)
    printer.print_string(" : ")
    printer.print_attribute(op.type)
    value = op.properties.get("initial_value")
    if isinstance(value, UnitAttr):
        printer.print_string(" = uninitialized")
    elif isinstance(value, DenseIntOrFPElementsAttr):
        printer.print_string(" = ")
        value.print_without_type(printer)
    print_remaining(
        printer, op, ("sym_visibility", "constant", "sym_name", "type", "initial_value")
    )


def _parse_cast(parser: Parser) -> Operation:
    return memref.CastOp.build(**_parse_conversion(parser, "to"))


def _print_cast(printer: Printer, op: memref.CastOp) -> None:
    printer.print_string(" ")
    printer.print_ssa_value(op.source)
    print_remaining(printer, op, ())
    printer.print_string(" : ")
    printer.print_attribute(op.source.type)
    printer.print_string(" to ")
    printer.print_attribute(op.dest.type)


def _parse_conversion(parser: Parser, word: str) -> dict[str, Any]:
    source = parser.parse_unresolved_operand()
    attributes = parser.parse_optional_attr_dict()
    parser.parse_characters(":")
    operand = parser.resolve_operand(source, parser.parse_type())
    parser.parse_characters(word)
    return {
        "operands": [operand],
        "result_types": [parser.parse_type()],
        "attributes": attributes,
    }


def _parse_copy(parser: Parser) -> Operation:
    source = parser.parse_unresolved_operand()
    parser.parse_characters(",")
    target = parser.parse_unresolved_operand()
    attributes = parser.parse_optional_attr_dict()
    parser.parse_characters(":")
    operands = [parser.resolve_operand(source, parser.parse_type())]
    parser.parse_characters("to")
    operands.append(parser.resolve_operand(target, parser.parse_type()))
    return memref.CopyOp.build(operands=operands, attributes=attributes)


def _print_copy(printer: Printer, op: memref.CopyOp) -> None:
    printer.print_string(" ")
    printer.print_list(op.operands, printer.print_ssa_value)
    print_remaining(printer, op, ())
    printer.print_string(" : ")
    printer.print_attribute(op.source.type)
    printer.print_string(" to ")
    printer.print_attribute(op.destination.type)


PARSERS: dict[str, Callable[[Parser], Operation]] = {
    "memref.global": _parse_global,
    "memref.cast": _parse_cast,
    "memref.copy": _parse_copy,
}

PRINTERS: dict[type[Operation], Callable[[Any, Any], None]] = {
    memref.GlobalOp: _print_global,
    memref.CastOp: _print_cast,
    memref.CopyOp: _print_copy,
}
