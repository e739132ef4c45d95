"""`arith` where xDSL's differs: operations it lacks, vectors compared and chosen lane by lane."""

from collections.abc import Callable, Sequence
from typing import Any

from xdsl.dialects import arith
from xdsl.dialects.builtin import (
    IndexType,
    IntegerAttr,
    IntegerType,
    Signedness,
    VectorType,
    i1,
    i64,
)
from xdsl.ir import Attribute, Operation, SSAValue, TypedAttribute
from xdsl.irdl import IRDLOperation, base, irdl_op_definition, operand_def, result_def, traits_def
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import Pure

from ironbird.ir.assembly import print_remaining


@irdl_op_definition
class IndexCastUIOp(IRDLOperation):
    """Between an index and an integer, widening with zeros."""

    name = "arith.index_castui"
    input = operand_def(base(IntegerType) | base(IndexType))
    result = result_def(base(IntegerType) | base(IndexType))
    traits = traits_def(Pure())
    assembly_format = "$input attr-dict `:` type($input) `to` type($result)"

    def __init__(self, input: SSAValue | Operation, result_type: Attribute) -> None:
        super().__init__(operands=[input], result_types=[result_type])


@irdl_op_definition
class RemFOp(arith.FloatingPointLikeBinaryOperation):
    """The remainder of a division, with the sign of the dividend."""

    name = "arith.remf"
    traits = traits_def(Pure())


def _parse_select(parser: Parser) -> Operation:
    condition = parser.parse_unresolved_operand()
    parser.parse_characters(",")
    chosen = parser.parse_unresolved_operand()
    parser.parse_characters(",")
    otherwise = parser.parse_unresolved_operand()
    attributes = parser.parse_optional_attr_dict()
    parser.parse_characters(":")
    condition_type: Attribute = i1
    type_ = parser.parse_type()
    if parser.parse_optional_characters(",") is not None:
        condition_type, type_ = type_, parser.parse_type()
    return arith.SelectOp.build(
        operands=[
            parser.resolve_operand(condition, condition_type),
            parser.resolve_operand(chosen, type_),
            parser.resolve_operand(otherwise, type_),
        ],
        result_types=[type_],
        attributes=attributes,
    )


def _print_select(printer: Printer, op: arith.SelectOp) -> None:
    printer.print_string(" ")
    printer.print_list(op.operands, printer.print_ssa_value)
    print_remaining(printer, op, ())
    printer.print_string(" : ")
    if op.cond.type != i1:
        printer.print_attribute(op.cond.type)
        printer.print_string(", ")
    printer.print_attribute(op.result.type)


def _parse_comparison(
    parser: Parser, cls: type[IRDLOperation], predicates: Sequence[str]
) -> Operation:
    start = parser.pos
    word = parser.parse_identifier(" as the comparison")
    if word not in predicates:
        known = ", ".join(predicates)
        parser.raise_error(f"unknown comparison {word!r}; known: {known}", start, parser.pos)
    properties: dict[str, Attribute] = {"predicate": IntegerAttr(predicates.index(word), i64)}
    parser.parse_characters(",")
    left = parser.parse_unresolved_operand()
    parser.parse_characters(",")
    right = parser.parse_unresolved_operand()
    if parser.parse_optional_characters("fastmath") is not None:
        flags = arith.FastMathFlagsAttr.parse_parameter(parser)
        properties["fastmath"] = arith.FastMathFlagsAttr(flags)
    attributes = parser.parse_optional_attr_dict()
    parser.parse_characters(":")
    type_ = parser.parse_type()
    return cls.build(
        operands=[parser.resolve_operand(left, type_), parser.resolve_operand(right, type_)],
        result_types=[VectorType(i1, type_.shape) if isinstance(type_, VectorType) else i1],
        properties=properties,
        attributes=attributes,
    )


def _parse_constant(parser: Parser) -> Operation:
    attributes = parser.parse_optional_attr_dict()
    start = parser.pos
    value = parser.parse_attribute()
    type_ = value.get_type() if isinstance(value, TypedAttribute) else None
    if type_ is None:
        parser.raise_error(f"a constant needs a typed value, not {value}", start, parser.pos)
    element = type_.element_type if isinstance(type_, VectorType) else type_
    if isinstance(element, IntegerType) and element.signedness.data is not Signedness.SIGNLESS:
        parser.raise_error(
            f"a constant of type {type_}: arith computes on signless integers only",
            start,
            parser.pos,
        )
    return arith.ConstantOp.create(
        properties={"value": value}, attributes=attributes, result_types=[type_]
    )


PARSERS: dict[str, Callable[[Parser], Operation]] = {
    "arith.constant": _parse_constant,
    "arith.select": _parse_select,
    "arith.cmpi": lambda parser: _parse_comparison(
        parser, arith.CmpiOp, arith.CMPI_COMPARISON_OPERATIONS
    ),
    "arith.cmpf": lambda parser: _parse_comparison(
        parser, arith.CmpfOp, arith.CMPF_COMPARISON_OPERATIONS
    ),
}
PRINTERS: dict[type[Operation], Callable[[Any, Any], None]] = {arith.SelectOp: _print_select}
