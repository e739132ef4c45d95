"""The switch between blocks: MLIR's line breaks."""

from collections.abc import Callable, Sequence
from typing import Any

from xdsl.dialects import cf
from xdsl.ir import Block, Operation, SSAValue
from xdsl.printer import Printer

from ironbird.ir.assembly import print_remaining


def _print_switch(printer: Printer, op: cf.SwitchOp) -> None:
    printer.print_string(" ")
    printer.print_ssa_value(op.flag)
    printer.print_string(" : ")
    printer.print_attribute(op.flag.type)
    printer.print_string(", [")
    values = [] if op.case_values is None else list(op.case_values.iter_values())
    with printer.indented():
        _print_case(printer, "default", op.default_block, op.default_operands)
        cases = zip(values, op.case_blocks, op.case_operand, strict=True)
        for value, block, operands in cases:
            printer.print_string(",")
            _print_case(printer, str(value), block, operands)
    printer.print_string("\n")
    printer.print_string("]")
    print_remaining(printer, op, ("case_values", "case_operand_segments"))


def _print_case(printer: Printer, label: str, block: Block, operands: Sequence[SSAValue]) -> None:
    printer.print_string("\n")
    printer.print_string(f"{label}: ")
    printer.print_block_name(block)
    if not operands:
        return
    with printer.in_parens():
        printer.print_list(operands, printer.print_ssa_value)
        printer.print_string(" : ")
        printer.print_list([value.type for value in operands], printer.print_attribute)


PRINTERS: dict[type[Operation], Callable[[Any, Any], None]] = {cf.SwitchOp: _print_switch}
