"""Structured control flow: MLIR's double and trailing spaces."""

from collections.abc import Callable
from typing import Any

from xdsl.dialects import scf
from xdsl.dialects.builtin import IndexType
from xdsl.ir import Operation
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


PRINTERS: dict[type[Operation], Callable[[Any, Any], None]] = {
    scf.ForOp: _print_for,
    scf.IfOp: _print_if,
    scf.IndexSwitchOp: _print_index_switch,
}
