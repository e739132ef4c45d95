"""Functions: MLIR leaves out `-> ()`."""

from collections.abc import Callable
from typing import Any

from xdsl.dialects.builtin import ArrayAttr, DictionaryAttr
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Operation
from xdsl.printer import Printer

from ironbird.ir.assembly import print_dictionary, print_remaining

_SPELLED = ("sym_name", "function_type", "sym_visibility", "arg_attrs", "res_attrs")


def _print_function(printer: Printer, op: FuncOp) -> None:
    if op.sym_visibility is not None:
        printer.print_string(f" {op.sym_visibility.data}")
    printer.print_string(" ")
    printer.print_symbol_name(op.sym_name.data)
    entry = op.body.first_block
    with printer.in_parens():
        for position, input_type in enumerate(op.function_type.inputs):
            if position:
                printer.print_string(", ")
            if entry is None:
                printer.print_attribute(input_type)
            else:
                printer.print_block_argument(entry.args[position])
            _print_attributes_of(printer, op.arg_attrs, position)
    outputs = op.function_type.outputs.data
    if outputs:
        printer.print_string(" -> ")
        _print_results(printer, outputs, op.res_attrs)
    print_remaining(printer, op, _SPELLED, keyword="attributes")
    if entry is not None:
        printer.print_string(" ")
        printer.print_region(op.body, print_entry_block_args=False, print_empty_block=False)


def _print_results(
    printer: Printer,
    outputs: tuple[Attribute, ...],
    attributes: ArrayAttr[DictionaryAttr] | None,
) -> None:
    if len(outputs) == 1 and attributes is None:
        printer.print_attribute(outputs[0])
        return
    with printer.in_parens():
        for position, output in enumerate(outputs):
            if position:
                printer.print_string(", ")
            printer.print_attribute(output)
            _print_attributes_of(printer, attributes, position)


def _print_attributes_of(
    printer: Printer, attributes: ArrayAttr[DictionaryAttr] | None, position: int
) -> None:
    if attributes is None or not attributes.data[position].data:
        return
    printer.print_string(" ")
    print_dictionary(printer, dict(attributes.data[position].data))


PRINTERS: dict[type[Operation], Callable[[Any, Any], None]] = {FuncOp: _print_function}
