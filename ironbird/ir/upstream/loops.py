"""Structured control flow: MLIR's double and trailing spaces, and loops that carry nothing."""

from collections.abc import Callable, Sequence
from typing import Any

from xdsl.dialects import scf
from xdsl.dialects.builtin import IndexType
from xdsl.ir import Attribute, Block, Operation
from xdsl.parser import Parser, UnresolvedOperand
from xdsl.printer import Printer

from ironbird.ir.assembly import print_remaining


def _print_for(printer: Printer, op: scf.ForOp) -> None:
    induction, *carried = op.body.block.args
    printer.print_string(" ")
    printer.print_ssa_value(induction)
    for word, value in (("=", op.lb), ("to", op.ub), ("step", op.step)):
        printer.print_string(f" {word} ")
        printer.print_ssa_value(value)
    if carried:
        printer.print_string(" iter_args(")
        for position, (inner, initial) in enumerate(zip(carried, op.iter_args, strict=True)):
            if position:
                printer.print_string(", ")
            printer.print_ssa_value(inner)
            printer.print_string(" = ")
            printer.print_ssa_value(initial)
        printer.print_string(") -> (")
        printer.print_list([inner.type for inner in carried], printer.print_attribute)
        printer.print_string(")")
    printer.print_string(" ")
    if not isinstance(induction.type, IndexType):
        printer.print_string(" : ")
        printer.print_attribute(induction.type)
        printer.print_string(" ")
    printer.print_region(
        op.body,
        print_entry_block_args=False,
        print_empty_block=False,
        print_block_terminators=bool(carried),
    )
    print_remaining(printer, op, ())


def _print_if(printer: Printer, op: scf.IfOp) -> None:
    printer.print_string(" ")
    printer.print_ssa_value(op.cond)
    if op.output:
        printer.print_string(" -> (")
        printer.print_list([result.type for result in op.output], printer.print_attribute)
        printer.print_string(")")
    printer.print_string(" ")
    printer.print_region(op.true_region, print_block_terminators=bool(op.output))
    if op.false_region.first_block is not None:
        printer.print_string(" else ")
        printer.print_region(op.false_region, print_block_terminators=bool(op.output))
    print_remaining(printer, op, ())


def _print_index_switch(printer: Printer, op: scf.IndexSwitchOp) -> None:
    printer.print_string(" ")
    printer.print_ssa_value(op.arg)
    print_remaining(printer, op, ("cases",))
    if op.output:
        printer.print_string(" -> ")
        printer.print_list([result.type for result in op.output], printer.print_attribute)
    printer.print_string(" ")
    for value, region in zip(op.cases.iter_values(), op.case_regions, strict=True):
        printer.print_string("\n")
        printer.print_string(f"case {value} ")
        printer.print_region(region)
    printer.print_string("\n")
    printer.print_string("default ")
    printer.print_region(op.default_region)


def _parse_while(parser: Parser) -> Operation:
    """Like xDSL's, but a loop that carries nothing has no parentheses."""

    def parse_carried() -> tuple[Parser.UnresolvedArgument, UnresolvedOperand]:
        inner = parser.parse_argument(expect_type=False)
        parser.parse_characters("=")
        return inner, parser.parse_unresolved_operand()

    carried = (
        parser.parse_optional_comma_separated_list(parser.Delimiter.PAREN, parse_carried) or []
    )
    parser.parse_characters(":")
    start = parser.pos
    type_ = parser.parse_function_type()
    if len(carried) != len(type_.inputs.data):
        parser.raise_error(
            f"{len(carried)} carried values, but {len(type_.inputs.data)} types", start, parser.pos
        )
    typed = list(zip(carried, type_.inputs.data, strict=True))
    initial = [parser.resolve_operand(value, each) for (_, value), each in typed]
    before = parser.parse_region([inner.resolve(each) for (inner, _), each in typed])
    parser.parse_characters("do")
    after = parser.parse_region()
    if after.first_block is None:
        after.add_block(Block())
    loop = scf.WhileOp(initial, type_.outputs.data, before, after)
    attributes = parser.parse_optional_attr_dict_with_keyword()
    if attributes is not None:
        loop.attributes |= attributes.data
    return loop


def _print_while(printer: Printer, op: scf.WhileOp) -> None:
    carried = list(zip(op.before_region.block.args, op.arguments, strict=True))
    if carried:
        printer.print_string(" (")
        for position, (inner, initial) in enumerate(carried):
            if position:
                printer.print_string(", ")
            printer.print_ssa_value(inner)
            printer.print_string(" = ")
            printer.print_ssa_value(initial)
        printer.print_string(")")
    printer.print_string(" : ")
    printer.print_operation_type(op)
    printer.print_string(" ")
    printer.print_region(op.before_region, print_entry_block_args=False)
    printer.print_string(" do ")
    printer.print_region(op.after_region)
    print_remaining(printer, op, (), keyword="attributes")


def _print_execute_region(printer: Printer, op: scf.ExecuteRegionOp) -> None:
    if op.results:
        printer.print_string(" -> ")
        _print_types(printer, [result.type for result in op.results])
    printer.print_string(" ")
    printer.print_region(op.region)
    print_remaining(printer, op, ())


def _print_types(printer: Printer, types: Sequence[Attribute]) -> None:
    """One type as it is, several in parentheses."""
    if len(types) == 1:
        printer.print_attribute(types[0])
        return
    with printer.in_parens():
        printer.print_list(types, printer.print_attribute)


PARSERS: dict[str, Callable[[Parser], Operation]] = {"scf.while": _parse_while}

PRINTERS: dict[type[Operation], Callable[[Any, Any], None]] = {
    scf.ForOp: _print_for,
    scf.IfOp: _print_if,
    scf.IndexSwitchOp: _print_index_switch,
    scf.WhileOp: _print_while,
    scf.ExecuteRegionOp: _print_execute_region,
}
