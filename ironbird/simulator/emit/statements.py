"""The statements of one program as they are collected, and how its values are spelled."""

import math
from collections.abc import Sequence

from ironbird.plan.core_program import MemoryView, Operation, ValueType, VectorType
from ironbird.simulator.emit.spelling import cpp_type
from ironbird.simulator.value_ranges import ValueRanges


class Statements:
    """`lines` of C++; `cycles` that are not yet counted in them; what is known of integers."""

    def __init__(self, value_types: Sequence[ValueType]) -> None:
        self.value_types = value_types
        self.ranges = ValueRanges(value_types)
        self.lines: list[str] = []
        self.cycles = 0
        self.declared: set[int] = set()

    def line(self, text: str) -> None:
        """Append a statement."""
        self.lines.append(text)

    def spend_cycles(self) -> None:
        """Count the cycles of the operations since the last time."""
        if self.cycles:
            self.line(f"section.cycles += {self.cycles};")
            self.cycles = 0

    def timed(self, statement: str) -> None:
        """A statement at which the core meets simulated time."""
        self.spend_cycles()
        self.line(statement)

    def name(self, value: int) -> str:
        """The C++ variable of a value."""
        return f"v{value}"

    def declare(self, value: int) -> None:
        """Make a value a variable that is assigned later."""
        if value not in self.declared:
            self.declared.add(value)
            self.line(f"{cpp_type(self.value_types[value])} v{value}{{}};")

    def declare_results(self, operation: Operation) -> None:
        """Results that branches of the operation assign."""
        for value in operation.results:
            self.declare(value)

    def define(self, value: int, expression: str) -> None:
        """Give a value what it is for good."""
        if value in self.declared:
            self.line(f"v{value} = {expression};")
        else:
            spelled = cpp_type(self.value_types[value])
            self.line(f"[[maybe_unused]] const {spelled} v{value} = {expression};")

    def lane_count(self, value: int) -> int:
        """Numbers in a vector; 1 for a scalar."""
        found = self.value_types[value]
        return math.prod(found.shape) if isinstance(found, VectorType) else 1

    def view_type(self, value: int) -> MemoryView:
        """The type of a value that is a view."""
        view = self.value_types[value]
        assert isinstance(view, MemoryView)
        return view
