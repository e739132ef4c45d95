"""Floor 1: the `aie` and `aiex` dialects, and the text that `aie-opt` reads and prints.

Reading, printing and verifying are loaded by their first call: a program that is only imported
needs none of it, and together they take as long to import as all the rest.
"""

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation

from ironbird.ir.locations import (
    location_of,
    name_of_location,
    named_location,
    source_line_of,
)


def parse_module(text: str, filename: str = "<string>") -> ModuleOp:
    """The module that `text` describes. It is not verified yet; see `verify_module`."""
    from ironbird.ir import parser

    return parser.parse_module(text, filename)


def print_module(module: ModuleOp) -> str:
    """The text of a module; it ends with the empty line that `aie-opt` ends with."""
    from ironbird.ir import printer

    return printer.print_module(module)


def print_generic(module: ModuleOp) -> str:
    """The text of a module in MLIR's generic form, ended as `print_module` ends it."""
    from ironbird.ir import generic_printer

    return generic_printer.print_generic(module)


def print_operation(op: Operation) -> str:
    """The text of one operation and of what it holds, without a line end."""
    from ironbird.ir import printer

    return printer.print_operation(op)


def verify_module(module: ModuleOp) -> None:
    """Raise a `DesignError`, at the line of the operation, for the first one that is wrong."""
    from ironbird.ir import verifier

    verifier.verify_module(module)


__all__ = [
    "location_of",
    "name_of_location",
    "named_location",
    "parse_module",
    "print_generic",
    "print_module",
    "print_operation",
    "source_line_of",
    "verify_module",
]
