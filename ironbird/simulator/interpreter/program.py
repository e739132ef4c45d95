"""The meaning of core programs: control flow, and the operations that meet simulated time.

A program is a generator that yields wherever the core waits for its event. Sites number the
operations as emitted C++ numbers them, so that findings of both simulators name the same lines.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironbird.plan.core_program import Block, Operation, Region, ValueType, VectorType
from ironbird.simulator import timing
from ironbird.simulator.attributes import integer, integers, word
from ironbird.simulator.interpreter.arithmetic import from_bits, to_bits, wrapped
from ironbird.simulator.interpreter.plain_steps import PlainSteps, Results, Value, number_bytes
from ironbird.simulator.interpreter.section import Section, View
from ironbird.simulator.program_facts import (
    BUFFER_OPERATIONS,
    TIMED_OPERATIONS,
    is_long_loop,
)
from ironbird.simulator.records import TraceKind
from ironbird.simulator.sites import FUNCTION_SITES
from ironbird.simulator.undefined import Undefined

if TYPE_CHECKING:
    from ironbird.simulator.interpreter.core_agent import CoreAgent

Waiting = Generator[None, None, None]
TimedStep = Generator[None, None, Results]

_STRUCTURED = frozenset(("scf.for", "scf.while", "scf.if", "scf.index_switch"))
_ENDS = frozenset(("scf.yield", "scf.condition", "end", "function.return"))
_BRANCHES = frozenset(("cf.br", "cf.cond_br", "cf.switch"))


def run_program(core: CoreAgent) -> Waiting:
    """The program of `core`; it yields wherever the core waits."""
    program = core.core.program
    section = Section(buffer_order(core))
    frame = Frame(core, program.value_types, program.body, 0, section)
    yield from frame.region(program.body)
    yield from core.spend(section)


@dataclass(frozen=True)
class Jump:
    """A branch to another block of the same region."""

    successor: int
    values: Results


class Frame:
    """One activation of a program or function: its values, and the section it adds to."""

    def __init__(
        self,
        core: CoreAgent,
        value_types: Sequence[ValueType],
        body: Region,
        first_site: int,
        section: Section,
    ) -> None:
        self.core = core
        self.values: dict[int, Value] = {}
        self.section = section
        self._plain = PlainSteps(core, value_types, core.sites_in(body, first_site), section)
        self._types = value_types

    def region(self, region: Region) -> TimedStep:
        """Run a region; the values its terminator hands out."""
        block = region.entry
        while True:
            ending = yield from self._block(block)
            if not isinstance(ending, Jump):
                return ending
            block = region.blocks[ending.successor]
            self.values.update(zip(block.arguments, ending.values, strict=True))
            yield from self._breathe()

    def _block(self, block: Block) -> Generator[None, None, Jump | Results]:
        """Run a block to its terminator."""
        for operation in block.operations:
            name = operation.name
            self.section.cycles += timing.operation_cycles(name)
            operands = tuple(self.values[each] for each in operation.operands)
            if name in _ENDS:
                return operands
            if name in _BRANCHES:
                return self._branch(operation, operands)
            if name in _STRUCTURED or name in TIMED_OPERATIONS:
                step: Callable[..., TimedStep] = getattr(self, "_" + name.replace(".", "_"))
                results = yield from step(operation, *operands)
            else:
                results = self._plain.step(operation, operands)
            self.values.update(zip(operation.results, results, strict=True))
        return ()

    def _branch(self, operation: Operation, operands: Results) -> Jump:
        successors = integers(operation, "successors")
        if operation.name == "cf.br":
            return Jump(successors[0], operands)
        flag, values = operands[0], operands[1:]
        if operation.name == "cf.cond_br":
            taken = 0 if flag else 1
        else:
            taken = _chosen_case(operation, flag)
        counts = integers(operation, "operand_counts")
        start = sum(counts[:taken])
        return Jump(successors[taken], values[start : start + counts[taken]])

    def _breathe(self) -> Waiting:
        """Loops that may never end let time pass now and then."""
        if self.section.cycles >= timing.PATIENCE_CYCLES:
            yield from self.core.spend(self.section)

    def _spend(self, operation: Operation, cycles: int) -> Waiting:
        """Time catches up; what follows is done by `operation`."""
        yield from self.core.spend(self.section, cycles)
        self.core.site = self._plain.site(operation)

    def _scf_for(
        self, operation: Operation, low: int, high: int, step: int, *carried: Value
    ) -> TimedStep:
        (body,) = operation.regions
        index, *arguments = body.entry.arguments
        long = is_long_loop(operation, self._plain.constants)
        position = low
        if step < 1 and low < high:
            self.core.checks.undefined(Undefined.STEP, step, self._plain.site(operation))
            return carried
        while position < high:
            self.section.cycles += timing.LOOP_CYCLES
            self.values[index] = position
            self.values.update(zip(arguments, carried, strict=True))
            if long:
                yield from self._breathe()
            carried = yield from self.region(body)
            position = wrapped(self._plain.element(index), position + step)
        return carried

    def _scf_while(self, operation: Operation, *carried: Value) -> TimedStep:
        before, after = operation.regions
        long = is_long_loop(operation, self._plain.constants)
        while True:
            self.section.cycles += timing.LOOP_CYCLES
            self.values.update(zip(before.entry.arguments, carried, strict=True))
            if long:
                yield from self._breathe()
            condition, *values = yield from self.region(before)
            if not condition:
                return tuple(values)
            self.values.update(zip(after.entry.arguments, values, strict=True))
            carried = yield from self.region(after)

    def _scf_if(self, operation: Operation, condition: bool) -> TimedStep:
        if condition:
            return (yield from self.region(operation.regions[0]))
        if len(operation.regions) == 1:
            return ()
        return (yield from self.region(operation.regions[1]))

    def _scf_index_switch(self, operation: Operation, flag: int) -> TimedStep:
        return (yield from self.region(operation.regions[_chosen_case(operation, flag)]))

    def _lock_use(self, operation: Operation, count: int) -> TimedStep:
        yield from self._spend(operation, timing.LOCK_CYCLES)
        yield from self.core.use_lock(
            integer(operation, "lock"),
            word(operation, "action"),
            count,
            blocking=bool(operation.attribute("blocking")),
        )
        return ()

    def _kernel_call(self, operation: Operation, *operands: Value) -> TimedStep:
        yield from self._spend(operation, 0)
        memory = self.core.world.memory
        arguments = [
            memory.address(each.buffer) + each.offset_bytes if isinstance(each, View) else each
            for each in operands
        ]
        result = yield from self.core.call_kernel(integer(operation, "kernel"), arguments)
        return (result,) if operation.results else ()

    def _function_call(self, operation: Operation, *operands: Value) -> TimedStep:
        number = integer(operation, "function")
        function = self.core.world.plan.functions[number]
        first_site = (number + 1) * FUNCTION_SITES
        frame = Frame(self.core, function.value_types, function.body, first_site, self.section)
        frame.values.update(zip(function.body.entry.arguments, operands, strict=True))
        return (yield from frame.region(function.body))

    def _cascade_put(self, operation: Operation, value: list[Value]) -> TimedStep:
        yield from self._spend(operation, timing.CASCADE_CYCLES)
        element = self._plain.element(operation.operands[0])
        yield from self.core.put_cascade(b"".join(number_bytes(element, lane) for lane in value))
        return ()

    def _cascade_get(self, operation: Operation) -> TimedStep:
        yield from self._spend(operation, timing.CASCADE_CYCLES)
        content = yield from self.core.get_cascade()
        element = self._plain.element(operation.results[0])
        places = range(0, len(content), element.bytes)
        lanes = [content[place : place + element.bytes] for place in places]
        return ([from_bits(element, int.from_bytes(lane, "little")) for lane in lanes],)

    def _stream_put(self, operation: Operation, value: Value) -> TimedStep:
        element = self._plain.element(operation.operands[0])
        for each in value if isinstance(value, list) else [value]:
            yield from self._spend(operation, timing.STREAM_ACCESS_CYCLES)
            yield from self.core.put_stream(integer(operation, "port"), to_bits(element, each))
        return ()

    def _stream_get(self, operation: Operation) -> TimedStep:
        (result,) = operation.results
        words: list[Value] = []
        for _ in range(self._plain.lane_count(result)):
            yield from self._spend(operation, timing.STREAM_ACCESS_CYCLES)
            content = yield from self.core.get_stream(integer(operation, "port"))
            words.append(from_bits(self._plain.element(result), content))
        return (words if isinstance(self._types[result], VectorType) else words[0],)

    def _event(self, operation: Operation) -> TimedStep:
        yield from self.core.spend(self.section, 1)
        now = self.core.world.events.now
        number = integer(operation, "number")
        self.core.world.note(self.core.id, TraceKind.EVENT, number, now, now)
        return ()


def buffer_order(core: CoreAgent) -> dict[int, int]:
    """The plan's buffers in the order in which a core first names them; functions come first."""
    plan = core.world.plan
    order: dict[int, int] = {}
    for region in (*(function.body for function in plan.functions), core.core.program.body):
        for operation in region.walk():
            if operation.name in BUFFER_OPERATIONS:
                order.setdefault(integer(operation, "buffer"), len(order))
    return order


def _chosen_case(operation: Operation, flag: int) -> int:
    """0 for the default, which comes first, else 1 + the case's position."""
    cases = integers(operation, "cases")
    return cases.index(flag) + 1 if flag in cases else 0
