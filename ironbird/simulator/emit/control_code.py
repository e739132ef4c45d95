"""Control flow of a core program as C++: regions, loops, branches.

Loops in which the core meets no simulated time exist twice, with and without following which bytes
were written; the fast one runs where everything it can reach is written.
"""

from abc import abstractmethod
from collections.abc import Callable, Sequence

from ironbird.plan.core_program import Block, Operation, Region, ValueType
from ironbird.simulator.attributes import integers
from ironbird.simulator.emit.spelling import cpp_type
from ironbird.simulator.emit.vector_code import VectorCode
from ironbird.simulator.program_facts import is_followed, is_long_loop
from ironbird.simulator.timing import LOOP_CYCLES, operation_cycles

EndOfBlock = Callable[[Operation], None]

_ENDS = frozenset(("scf.yield", "scf.condition", "end", "function.return"))


class ControlCode(VectorCode):
    """Statements that decide what runs next. labels, blocks: of the regions around."""

    def __init__(self, value_types: Sequence[ValueType], first_site: int) -> None:
        super().__init__(value_types)
        self.next_site = first_site
        self.constants: dict[int, int] = {}
        self.labels: list[list[str]] = []
        self.blocks: list[Sequence[Block]] = []

    @abstractmethod
    def operation(self, operation: Operation, site: int) -> None:
        """The statements of one operation that does not end a block."""

    def region(self, region: Region, end: EndOfBlock) -> None:
        """All blocks; `end` writes what the terminator means."""
        if len(region.blocks) == 1:
            self.block(region.entry, end)
            return
        self.labels.append([f"block_{self.next_site}_{n}" for n in range(len(region.blocks))])
        for block in region.blocks:
            for value in block.arguments:
                if block is not region.entry:
                    self.declare(value)
            for operation in block.operations:
                for value in operation.results:
                    self.declare(value)
        self.blocks.append(region.blocks)
        for number, block in enumerate(region.blocks):
            self.line(f"{self.labels[-1][number]}: {{")
            self.block(block, end)
            self.line("}")
        self.labels.pop()
        self.blocks.pop()

    def block(self, block: Block, end: EndOfBlock) -> None:
        """The operations of one block, its terminator last."""
        for operation in block.operations:
            site = self.next_site
            self.next_site += 1
            self.cycles += operation_cycles(operation.name)
            if operation.name in _ENDS:
                end(operation)
            else:
                self.operation(operation, site)
                self.ranges.learn(operation)
        self.spend_cycles()

    def _scf_for(self, operation: Operation, site: int) -> None:
        low, high, step, *initial = operation.operands
        index, *carried = operation.regions[0].entry.arguments
        self.declare_results(operation)
        for result, value in zip(operation.results, initial, strict=True):
            self.line(f"v{result} = {self.name(value)};")
        spelled = cpp_type(self.value_types[index])
        self.ranges.counter(index, low, high, step)
        goes_on = f"i{index} < {self.name(high)}"
        if self.ranges.of(step)[0] < 1:
            goes_on += f" && core.counts_up({self.name(step)}, {site})"

        def loop() -> None:
            self.line(
                f"for ({spelled} i{index} = {self.name(low)}; {goes_on}; "
                f"i{index} = op::addi<{spelled}>(i{index}, {self.name(step)})) {{"
            )
            self.cycles += LOOP_CYCLES
            self.define(index, f"i{index}")
            for argument, result in zip(carried, operation.results, strict=True):
                self.define(argument, f"v{result}")
            self._breathe(operation)
            self.block(
                operation.regions[0].entry,
                lambda end: self._assign(operation.results, end.operands),
            )
            self.line("}")

        self._nest(operation, site, loop)

    def _scf_while(self, operation: Operation, site: int) -> None:
        before, after = operation.regions
        state = [f"s{site}_{number}" for number in range(len(operation.operands))]
        self.declare_results(operation)
        for name, value in zip(state, operation.operands, strict=True):
            self.line(f"{cpp_type(self.value_types[value])} {name} = {self.name(value)};")

        def leave_or_go_on(end: Operation) -> None:
            condition, *values = end.operands
            self.spend_cycles()
            self.line(f"if (!{self.name(condition)}) {{")
            self._assign(operation.results, values)
            self.line("break; }")
            for argument, value in zip(after.entry.arguments, values, strict=True):
                self.define(argument, self.name(value))

        def loop() -> None:
            self.line("for (;;) {")
            self.cycles += LOOP_CYCLES
            for argument, name in zip(before.entry.arguments, state, strict=True):
                self.define(argument, name)
            self._breathe(operation)
            self.block(before.entry, leave_or_go_on)
            self.block(after.entry, lambda end: self._assign_names(state, end.operands))
            self.line("}")

        self._nest(operation, site, loop)

    def _scf_if(self, operation: Operation, site: int) -> None:
        self.declare_results(operation)
        self.spend_cycles()
        self.line(f"if ({self.name(operation.operands[0])}) {{")
        for number, region in enumerate(operation.regions):
            if number == 1:
                self.line("} else {")
            self.block(region.entry, lambda end: self._assign(operation.results, end.operands))
        self.line("}")

    def _scf_index_switch(self, operation: Operation, site: int) -> None:
        cases = integers(operation, "cases")
        self.declare_results(operation)
        self.spend_cycles()
        self.line(f"switch ({self.name(operation.operands[0])}) {{")
        for label, region in zip(
            ("default", *(f"case {each}" for each in cases)), operation.regions, strict=True
        ):
            self.line(f"{label}: {{")
            self.block(region.entry, lambda end: self._assign(operation.results, end.operands))
            self.line("break; }")
        self.line("}")

    def _cf_br(self, operation: Operation, site: int) -> None:
        self._branch(integers(operation, "successors")[0], operation.operands)

    def _cf_cond_br(self, operation: Operation, site: int) -> None:
        condition, *values = operation.operands
        taken, other = integers(operation, "successors")
        count, _ = integers(operation, "operand_counts")
        self.spend_cycles()
        self.line(f"if ({self.name(condition)}) {{")
        self._branch(taken, values[:count])
        self.line("}")
        self._branch(other, values[count:])

    def _cf_switch(self, operation: Operation, site: int) -> None:
        flag, *values = operation.operands
        cases = integers(operation, "cases")
        self.spend_cycles()
        self.line(f"switch ({self.name(flag)}) {{")
        start = 0
        labels = ("default", *(f"case {each}" for each in cases))
        counts = integers(operation, "operand_counts")
        for label, successor, count in zip(
            labels, integers(operation, "successors"), counts, strict=True
        ):
            self.line(f"{label}: {{")
            self._branch(successor, values[start : start + count])
            self.line("}")
            start += count
        self.line("}")

    def _branch(self, successor: int, values: Sequence[int]) -> None:
        """Where a branch may close a loop, time passes now and then."""
        self.spend_cycles()
        self._assign(self.blocks[-1][successor].arguments, values)
        self.line("core.breathe(section);")
        self.line(f"goto {self.labels[-1][successor]};")

    def _breathe(self, operation: Operation) -> None:
        if is_long_loop(operation, self.constants):
            self.spend_cycles()
            self.line("core.breathe(section);")

    def _nest(self, operation: Operation, site: int, loop: Callable[[], None]) -> None:
        """A loop in both versions, unless it needs the slow one or is inside a fast one."""
        self.spend_cycles()
        single = any(is_followed(region) for region in operation.regions)
        if single or self.tracked != "true":
            loop()
            return
        reached = sorted(self.views_from_outside(operation))
        if not reached:
            loop()
            return
        self.line(f"const auto nest_{site} = [&](auto tracked) __attribute__((always_inline)) {{")
        self.tracked = "decltype(tracked)::value"
        loop()
        self.tracked = "true"
        self.line("};")
        buffers = " | ".join(f"only({self.name(view)}.buffer)" for view in reached)
        self.line(f"if (core.all_written({buffers})) nest_{site}(std::false_type{{}});")
        self.line(f"else nest_{site}(std::true_type{{}});")

    def _assign(self, targets: Sequence[int], values: Sequence[int]) -> None:
        self._assign_names([f"v{target}" for target in targets], values)

    def _assign_names(self, targets: Sequence[str], values: Sequence[int]) -> None:
        """All at once: a value may be another target."""
        self.spend_cycles()
        if len(targets) == 1:
            self.line(f"{targets[0]} = {self.name(values[0])};")
        elif targets:
            self.line("{")
            for number, value in enumerate(values):
                self.line(f"const auto next{number} = {self.name(value)};")
            for number, target in enumerate(targets):
                self.line(f"{target} = next{number};")
            self.line("}")
