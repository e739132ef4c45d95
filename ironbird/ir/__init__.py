"""Floor 1: the `aie` and `aiex` dialects, and the text that `aie-opt` reads and prints."""

from ironbird.ir.context import context
from ironbird.ir.locations import (
    location_of,
    name_of_location,
    named_location,
    source_line_of,
)
from ironbird.ir.parser import parse_module
from ironbird.ir.printer import print_module, print_operation
from ironbird.ir.verifier import verify_module

__all__ = [
    "context",
    "location_of",
    "name_of_location",
    "named_location",
    "parse_module",
    "print_module",
    "print_operation",
    "source_line_of",
    "verify_module",
]
