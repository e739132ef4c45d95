"""One core program, or one function, as C++ statements.

Loops in which the core meets no simulated time exist twice, with and without following which bytes
were written; the fast one runs where everything it can reach is written.
Refuses vector operations of more than one dimension.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from ironbird.base.errors import DesignError
from ironbird.plan.core_program import (
    Block,
    CoreProgram,
    Function,
    MemoryView,
    Operation,
    Region,
    ValueType,
    VectorType,
)
from ironbird.simulator.emit.memory_code import MEMORY_OPERATIONS, MemoryCode
from ironbird.simulator.emit.spelling import constant, cpp_type, element_cpp
from ironbird.simulator.program_facts import arithmetic_name, is_long_loop, meets_time
from ironbird.simulator.timing import LOOP_CYCLES, operation_cycles

_ACTIONS = {"acquire_ge": "acquire_ge", "acquire_eq": "acquire_eq", "release": "release"}

EndOfBlock = Callable[[Operation], None]


class Numbering(Protocol):
    """How a program numbers the plan's buffers and locks."""

    def buffer(self, number: int) -> int:
        """The program's number for a buffer."""

    def lock(self, number: int) -> int:
        """The program's number for a lock."""


def function_head(number: int, function: Function) -> str:
    """The C++ declaration of a function of the plan."""
    arguments = [
        f"{cpp_type(function.value_types[value])} v{value}"
        for value in function.body.entry.arguments
    ]
    types = [cpp_type(each) for each in function.result_types]
    result = "void" if not types else types[0] if len(types) == 1 else f"std::tuple<{', '.join(types)}>"
    return f"{result} function_{number}({', '.join(['CoreApi &core', 'Section &section', *arguments])})"


class ProgramCode(MemoryCode):
    """Collects the statements of one program in `lines`."""

    def __init__(
        self, value_types: Sequence[ValueType], numbering: Numbering, first_site: int
    ) -> None:
        super().__init__(value_types)
        self.numbering = numbering
        self.next_site = first_site
        self.constants: dict[int, int] = {}

    def program_body(self, program: CoreProgram) -> None:
        """The body of a core's function."""
        self.line("Section section;")
        self.region(program.body, self._end_of_program)
        self.line("core.end(section.take());")

    def function_body(self, function: Function) -> None:
        """The body of a function of the plan."""
        self.region(function.body, self._end_of_function)

    def _end_of_program(self, operation: Operation) -> None:
        self.spend_cycles()
        if len(self.labels) > 0:
            self.line("core.end(section.take()); return;")

    def _end_of_function(self, operation: Operation) -> None:
        self.spend_cycles()
        values = [self.name(operand) for operand in operation.operands]
        if len(values) > 1:
            self.line(f"return {{{', '.join(values)}}};")
        else:
            self.line(f"return {values[0]};" if values else "return;")

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
            if operation.name in ("scf.yield", "scf.condition", "end", "function.return"):
                end(operation)
            else:
                self.operation(operation, site)
        self.spend_cycles()

    def operation(self, operation: Operation, site: int) -> None:
        """The statements of one operation that does not end a block."""
        function = arithmetic_name(operation)
        if function is not None:
            self._arithmetic(operation, function)
        elif operation.name in MEMORY_OPERATIONS:
            self.memory_operation(operation, site)
        else:
            writer = getattr(self, "_" + operation.name.replace(".", "_"), None)
            if writer is None:
                raise DesignError(f"{operation.name} cannot be simulated", at=operation.at)
            writer(operation, site)

    def _arithmetic(self, operation: Operation, function: str) -> None:
        (result,) = operation.results
        result_type = self.value_types[result]
        operands = [self.name(operand) for operand in operation.operands]
        if not isinstance(result_type, VectorType):
            self.define(result, _called(function, cpp_type(result_type), operands))
            return
        lanes = [f"x{number}" for number in range(len(operands))]
        element = element_cpp(result_type.element)
        count = self.lane_count(result)
        parameters = ", ".join(f"auto {lane}" for lane in lanes)
        body = _called(function, element, lanes)
        self.define(
            result,
            f"each_lane<{element}, {count}>([]({parameters}) {{ return {body}; }}, "
            f"{', '.join(operands)})",
        )

    def _arith_constant(self, operation: Operation, site: int) -> None:
        (result,) = operation.results
        value = operation.attribute("value")
        if isinstance(value, int):
            self.constants[result] = value
        self.define(result, constant(value, self.value_types[result]))

    _index_constant = _arith_constant

    def _arith_select(self, operation: Operation, site: int) -> None:
        condition, chosen, other = map(self.name, operation.operands)
        self.define(operation.results[0], f"{condition} ? {chosen} : {other}")

    def _buffer(self, operation: Operation, site: int) -> None:
        (result,) = operation.results
        view = self.value_types[result]
        assert isinstance(view, MemoryView)
        number = operation.attribute("buffer")
        assert isinstance(number, int)
        local = self.numbering.buffer(number)
        self.define(result, f"core.buffer<{element_cpp(view.element)}>({local})")

    def _lock_use(self, operation: Operation, site: int) -> None:
        number = operation.attribute("lock")
        assert isinstance(number, int)
        count = self.name(operation.operands[0])
        blocking = "true" if operation.attribute("blocking") else "false"
        action = _ACTIONS[str(operation.attribute("action"))]
        self.timed(
            f"core.use_lock(section.take(), {self.numbering.lock(number)}, LockAction::{action}, "
            f"{count}, {blocking}, {site});"
        )

    def _kernel_call(self, operation: Operation, site: int) -> None:
        slots = [
            f"Slot{{const_cast<void *>(static_cast<const void *>({self.name(operand)}.at))}}"
            if isinstance(self.value_types[operand], MemoryView)
            else f"to_slot({self.name(operand)})"
            for operand in operation.operands
        ]
        kernel = operation.attribute("kernel")
        listed = ", ".join(slots) if slots else "Slot{}"
        self.declare_results(operation)
        self.spend_cycles()
        self.line("{")
        self.line(f"const Slot arguments[] = {{{listed}}};")
        self.line("Slot result{};")
        self.line(f"core.call(section.take(), {kernel}, arguments, &result, {site});")
        for value in operation.results:
            self.line(f"v{value} = from_slot<{cpp_type(self.value_types[value])}>(result);")
        self.line("}")

    def _function_call(self, operation: Operation, site: int) -> None:
        number = operation.attribute("function")
        arguments = ", ".join(["core", "inner", *map(self.name, operation.operands)])
        self.declare_results(operation)
        self.spend_cycles()
        self.line("{")
        self.line("Section inner = section.take();")
        call = f"function_{number}({arguments})"
        match operation.results:
            case ():
                self.line(f"{call};")
            case (value,):
                self.line(f"v{value} = {call};")
            case values:
                self.line(f"std::tie({', '.join(f'v{value}' for value in values)}) = {call};")
        self.line("section = inner;")
        self.line("}")

    def _cascade_put(self, operation: Operation, site: int) -> None:
        self.timed(f"core.put_cascade(section.take(), &{self.name(operation.operands[0])}, {site});")

    def _cascade_get(self, operation: Operation, site: int) -> None:
        self.declare_results(operation)
        self.timed(f"core.get_cascade(section.take(), &v{operation.results[0]}, {site});")

    def _stream_put(self, operation: Operation, site: int) -> None:
        port, word = operation.attribute("port"), self.name(operation.operands[0])
        self.timed(f"core.put_stream(section.take(), {port}, op::bitcast<uint32_t>({word}), {site});")

    def _stream_get(self, operation: Operation, site: int) -> None:
        (result,) = operation.results
        self.declare_results(operation)
        spelled = cpp_type(self.value_types[result])
        port = operation.attribute("port")
        self.timed(f"v{result} = op::bitcast<{spelled}>(core.get_stream(section.take(), {port}, {site}));")

    def _event(self, operation: Operation, site: int) -> None:
        self.timed(f"core.mark_event(section.take(), {operation.attribute('number')}, {site});")

    def _scf_for(self, operation: Operation, site: int) -> None:
        low, high, step, *initial = operation.operands
        index, *carried = operation.regions[0].entry.arguments
        self.declare_results(operation)
        for result, value in zip(operation.results, initial, strict=True):
            self.line(f"v{result} = {self.name(value)};")
        spelled = cpp_type(self.value_types[index])

        def loop() -> None:
            self.line(
                f"for ({spelled} i{index} = {self.name(low)}; i{index} < {self.name(high)}; "
                f"i{index} += {self.name(step)}) {{"
            )
            self.cycles += LOOP_CYCLES
            self.define(index, f"i{index}")
            for argument, result in zip(carried, operation.results, strict=True):
                self.define(argument, f"v{result}")
            self._breathe(operation)
            self.block(operation.regions[0].entry, lambda end: self._assign(operation.results, end.operands))
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
        cases = operation.attribute("cases")
        assert isinstance(cases, tuple)
        self.declare_results(operation)
        self.spend_cycles()
        self.line(f"switch ({self.name(operation.operands[0])}) {{")
        for label, region in zip(("default", *(f"case {each}" for each in cases)), operation.regions, strict=True):
            self.line(f"{label}: {{")
            self.block(region.entry, lambda end: self._assign(operation.results, end.operands))
            self.line("break; }")
        self.line("}")

    def _cf_br(self, operation: Operation, site: int) -> None:
        self._branch(self._successors(operation)[0], operation.operands)

    def _cf_cond_br(self, operation: Operation, site: int) -> None:
        condition, *values = operation.operands
        taken, other = self._successors(operation)
        count, _ = self._operand_counts(operation)
        self.spend_cycles()
        self.line(f"if ({self.name(condition)}) {{")
        self._branch(taken, values[:count])
        self.line("}")
        self._branch(other, values[count:])

    def _cf_switch(self, operation: Operation, site: int) -> None:
        flag, *values = operation.operands
        cases = operation.attribute("cases")
        assert isinstance(cases, tuple)
        self.spend_cycles()
        self.line(f"switch ({self.name(flag)}) {{")
        start = 0
        labels = ("default", *(f"case {each}" for each in cases))
        counts = self._operand_counts(operation)
        for label, successor, count in zip(labels, self._successors(operation), counts, strict=True):
            self.line(f"{label}: {{")
            self._branch(successor, values[start : start + count])
            self.line("}")
            start += count
        self.line("}")

    def _successors(self, operation: Operation) -> tuple[int, ...]:
        successors = operation.attribute("successors")
        assert isinstance(successors, tuple)
        return tuple(int(each) for each in successors)  # type: ignore[arg-type]

    def _operand_counts(self, operation: Operation) -> tuple[int, ...]:
        counts = operation.attribute("operand_counts")
        assert isinstance(counts, tuple)
        return tuple(int(each) for each in counts)  # type: ignore[arg-type]

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
        """A loop in both versions if nothing in it meets time, and it is not in one that has both."""
        self.spend_cycles()
        single = any(meets_time(region) for region in operation.regions)
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


def _called(function: str, result: str, operands: Sequence[str]) -> str:
    explicit = "" if function.startswith("cmp") else f"<{result}>"
    return f"op::{function}{explicit}({', '.join(operands)})"
