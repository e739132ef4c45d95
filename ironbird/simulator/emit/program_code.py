"""One core program, or one function, as C++ statements.

Refuses operations that no statement is known for.
"""

from collections.abc import Sequence
from typing import Protocol

from ironbird.base.element_types import ElementType
from ironbird.base.errors import DesignError
from ironbird.plan.core_program import (
    CoreProgram,
    Function,
    MemoryView,
    Operation,
    ValueType,
    VectorType,
)
from ironbird.simulator.attributes import integer, word
from ironbird.simulator.emit.control_code import ControlCode
from ironbird.simulator.emit.spelling import constant, cpp_type, element_cpp
from ironbird.simulator.integer_widths import bits_of
from ironbird.simulator.program_facts import arithmetic_name
from ironbird.simulator.undefined import SHIFTS, SIGNED_DIVISIONS, UNSIGNED_DIVISIONS


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
    result = (
        "void" if not types else types[0] if len(types) == 1 else f"std::tuple<{', '.join(types)}>"
    )
    parameters = ", ".join(["CoreApi &core", "Section &section", *arguments])
    return f"{result} function_{number}({parameters})"


class ProgramCode(ControlCode):
    """Collects the statements of one program in `lines`."""

    def __init__(
        self, value_types: Sequence[ValueType], numbering: Numbering, first_site: int
    ) -> None:
        super().__init__(value_types, first_site)
        self.numbering = numbering

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

    def operation(self, operation: Operation, site: int) -> None:
        """The statements of one operation that does not end a block."""
        function = arithmetic_name(operation)
        if function is not None:
            self._arithmetic(operation, function, site)
        elif any(name == "lanes" for name, _ in operation.attributes):
            self.move_lanes(operation)
        else:
            writer = getattr(self, "_" + operation.name.replace(".", "_"), None)
            if writer is None:
                raise DesignError(f"{operation.name} cannot be simulated", at=operation.at)
            writer(operation, site)

    def _arithmetic(self, operation: Operation, function: str, site: int) -> None:
        (result,) = operation.results
        result_type = self.value_types[result]
        operands = [self.name(operand) for operand in operation.operands]
        self._check_defined(operation, function, site)
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

    _index_constant = _index_bool_constant = _arith_constant

    def _check_defined(self, operation: Operation, function: str, site: int) -> None:
        """Look for what MLIR leaves undefined, unless the operands cannot bring it about."""
        if function in SIGNED_DIVISIONS | UNSIGNED_DIVISIONS:
            least, most = self.ranges.of(operation.operands[1])
            if least <= 0 <= most or (least <= -1 <= most and function in SIGNED_DIVISIONS):
                a, b = map(self.name, operation.operands)
                signed = "true" if function in SIGNED_DIVISIONS else "false"
                self.line(f"core.check_division<{signed}>({a}, {b}, {site});")
        elif function in SHIFTS:
            element = self.value_types[operation.operands[1]]
            least, most = self.ranges.of(operation.operands[1])
            if not isinstance(element, ElementType) or least < 0 or most >= bits_of(element):
                self.line(f"core.check_shift({self.name(operation.operands[1])}, {site});")

    def _arith_select(self, operation: Operation, site: int) -> None:
        condition, chosen, other = map(self.name, operation.operands)
        (result,) = operation.results
        if isinstance(self.value_types[operation.operands[0]], VectorType):
            result_type = self.value_types[result]
            assert isinstance(result_type, VectorType)
            self.define(
                result,
                f"each_lane<{element_cpp(result_type.element)}, {self.lane_count(result)}>("
                f"[](bool c, auto a, auto b) {{ return c ? a : b; }}, "
                f"{condition}, {chosen}, {other})",
            )
        else:
            self.define(result, f"{condition} ? {chosen} : {other}")

    def _buffer(self, operation: Operation, site: int) -> None:
        (result,) = operation.results
        view = self.value_types[result]
        assert isinstance(view, MemoryView)
        local = self.numbering.buffer(integer(operation, "buffer"))
        self.define(result, f"core.buffer<{element_cpp(view.element)}>({local})")

    def _memref_alloca(self, operation: Operation, site: int) -> None:
        """Whatever it held before is lost."""
        local = self.numbering.buffer(integer(operation, "buffer"))
        self.line(f"core.forget({local});")
        self._buffer(operation, site)

    def _lock_use(self, operation: Operation, site: int) -> None:
        lock = self.numbering.lock(integer(operation, "lock"))
        count = self.name(operation.operands[0])
        blocking = "true" if operation.attribute("blocking") else "false"
        action = word(operation, "action")
        self.timed(
            f"core.use_lock(section.take(), {lock}, LockAction::{action}, "
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
        self.timed(
            f"core.put_cascade(section.take(), &{self.name(operation.operands[0])}, {site});"
        )

    def _cascade_get(self, operation: Operation, site: int) -> None:
        self.declare_results(operation)
        self.timed(f"core.get_cascade(section.take(), &v{operation.results[0]}, {site});")

    def _stream_put(self, operation: Operation, site: int) -> None:
        port, (value,) = operation.attribute("port"), operation.operands
        self.spend_cycles()
        for each in self._words_of(value):
            self.line(
                f"core.put_stream(section.take(), {port}, op::bitcast<uint32_t>({each}), {site});"
            )

    def _stream_get(self, operation: Operation, site: int) -> None:
        (result,) = operation.results
        self.declare_results(operation)
        port = operation.attribute("port")
        self.spend_cycles()
        for each in self._words_of(result):
            self.line(
                f"{each} = op::bitcast<std::decay_t<decltype({each})>>"
                f"(core.get_stream(section.take(), {port}, {site}));"
            )

    def _words_of(self, value: int) -> list[str]:
        """What crosses a stream one after the other: the value, or the words of a wide one."""
        if not isinstance(self.value_types[value], VectorType):
            return [self.name(value)]
        return [f"{self.name(value)}.lane[{lane}]" for lane in range(self.lane_count(value))]

    def _event(self, operation: Operation, site: int) -> None:
        self.timed(f"core.mark_event(section.take(), {operation.attribute('number')}, {site});")


def _called(function: str, result: str, operands: Sequence[str]) -> str:
    explicit = "" if function.startswith("cmp") else f"<{result}>"
    return f"op::{function}{explicit}({', '.join(operands)})"
