"""The meaning of core programs, one operation at a time.

Values are Python numbers (`arithmetic`), lists of them for vectors, and `View`s. Sites number the
operations as emitted C++ numbers them, so that findings of both simulators name the same lines.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ironbird.base.element_types import ElementType
from ironbird.plan.core_program import (
    Block,
    MemoryView,
    Operation,
    Region,
    ValueType,
    VectorType,
)
from ironbird.simulator import timing
from ironbird.simulator.interpreter.arithmetic import compute, from_bits, to_bits, wrapped
from ironbird.simulator.program_facts import arithmetic_name, is_long_loop
from ironbird.simulator.reductions import reduction_function
from ironbird.simulator.sites import FUNCTION_SITES

if TYPE_CHECKING:
    from ironbird.simulator.interpreter.core_agent import CoreAgent

Waiting = Generator[None, None, None]


@dataclass
class Section:
    """What a core did since it last met simulated time. order: buffers as the program numbers them."""

    order: Mapping[int, int]
    cycles: int = 0
    reads: set[int] = field(default_factory=set)
    writes: set[int] = field(default_factory=set)

    def clear(self) -> None:
        """Time has caught up."""
        self.cycles = 0
        self.reads.clear()
        self.writes.clear()


@dataclass(frozen=True)
class View:
    """A memory view: its buffer, and where in it the view starts."""

    buffer: int
    offset_bytes: int


def run_program(core: CoreAgent) -> Waiting:
    """The program of `core`; it yields wherever the core waits."""
    frame = Frame(core, core.core.program.value_types, core.core.program.body, 0, None)
    yield from frame.region(core.core.program.body)
    yield from core.spend(frame.section)


@dataclass(frozen=True)
class Jump:
    """A branch to another block of the same region."""

    successor: int
    values: tuple[object, ...]


class Frame:
    """One activation of a program or function: its values, and the section it adds to."""

    def __init__(
        self,
        core: CoreAgent,
        value_types: Sequence[ValueType],
        body: Region,
        first_site: int,
        section: Section | None,
    ) -> None:
        self.core = core
        self.types = value_types
        self.values: dict[int, object] = {}
        self.constants: dict[int, int] = {}
        self.sites = core.sites_in(body, first_site)
        self.section = section if section is not None else Section(buffer_order(core))

    def region(self, region: Region) -> Generator[None, None, tuple[object, ...]]:
        """Run a region; the values its terminator hands out."""
        block = region.entry
        while True:
            ending = yield from self.block(block)
            if not isinstance(ending, Jump):
                return ending
            block = region.blocks[ending.successor]
            for argument, value in zip(block.arguments, ending.values, strict=True):
                self.values[argument] = value
            yield from self.breathe()

    def block(self, block: Block) -> Generator[None, None, Jump | tuple[object, ...]]:
        """Run a block to its terminator."""
        for operation in block.operations:
            self.section.cycles += timing.operation_cycles(operation.name)
            operands = tuple(self.values[each] for each in operation.operands)
            if operation.name in ("scf.yield", "scf.condition", "end", "function.return"):
                return operands
            if operation.name in ("cf.br", "cf.cond_br", "cf.switch"):
                return self._branch(operation, operands)
            function = arithmetic_name(operation)
            if function is not None:
                self.values[operation.results[0]] = self._arithmetic(operation, function, operands)
                continue
            step = getattr(self, "_" + operation.name.replace(".", "_"))
            results = yield from step(operation, *operands)
            for number, value in zip(operation.results, results, strict=True):
                self.values[number] = value
        return ()

    def breathe(self) -> Waiting:
        """Loops that may never end let time pass now and then."""
        if self.section.cycles >= timing.PATIENCE_CYCLES:
            yield from self.core.spend(self.section)

    def _arithmetic(
        self, operation: Operation, function: str, operands: Sequence[object]
    ) -> object:
        result_type = self.types[operation.results[0]]
        source_type = self.types[operation.operands[-1]]
        if isinstance(result_type, VectorType):
            assert isinstance(source_type, VectorType)
            return [
                compute(function, source_type.element, result_type.element, list(lanes))
                for lanes in zip(*operands, strict=True)  # type: ignore[arg-type]
            ]
        assert isinstance(source_type, ElementType)
        assert isinstance(result_type, ElementType)
        return compute(function, source_type, result_type, list(operands))  # type: ignore[arg-type]

    def _branch(self, operation: Operation, operands: tuple[object, ...]) -> Jump:
        successors: tuple[int, ...] = operation.attribute("successors")  # type: ignore[assignment]
        if operation.name == "cf.br":
            return Jump(successors[0], operands)
        counts: tuple[int, ...] = operation.attribute("operand_counts")  # type: ignore[assignment]
        flag, values = operands[0], operands[1:]
        if operation.name == "cf.cond_br":
            taken = 0 if flag else 1
        else:
            cases = operation.attribute("cases")
            assert isinstance(cases, tuple)
            taken = cases.index(flag) + 1 if flag in cases else 0  # type: ignore[arg-type]
        start = sum(counts[:taken])
        return Jump(successors[taken], values[start : start + counts[taken]])

    def _arith_constant(self, operation: Operation) -> Waiting:
        value = operation.attribute("value")
        (result,) = operation.results
        if isinstance(value, int):
            self.constants[result] = value
        value_type = self.types[result]
        if isinstance(value_type, VectorType):
            assert isinstance(value, tuple)
            return ([_constant(value_type.element, each) for each in value],)
        assert isinstance(value_type, ElementType)
        return (_constant(value_type, value),)
        yield

    _index_constant = _arith_constant

    def _arith_select(self, operation: Operation, condition, chosen, other) -> Waiting:
        return (chosen if condition else other,)
        yield

    def _buffer(self, operation: Operation) -> Waiting:
        return (View(int(operation.attribute("buffer")), 0),)
        yield

    def _same(self, operation: Operation, view: View) -> Waiting:
        return (view,)
        yield

    _memref_cast = _memref_collapse_shape = _memref_expand_shape = _vector_shape_cast = _same

    def _memref_subview(self, operation: Operation, view: View, *offsets: int) -> Waiting:
        steps = operation.attribute("steps")
        element_bytes = self._view_type(operation.operands[0]).element.bytes
        elements = operation.attribute("offset") + _dot(offsets, steps)
        return (View(view.buffer, view.offset_bytes + elements * element_bytes),)
        yield

    _memref_reinterpret_cast = _memref_subview

    def _memref_load(self, operation: Operation, view: View, *indices: int) -> Waiting:
        return (self._load(operation, view, self._view_type(operation.operands[0]), indices),)
        yield

    def _memref_store(self, operation: Operation, value, view: View, *indices: int) -> Waiting:
        self._store(operation, value, view, self._view_type(operation.operands[1]), indices)
        return ()
        yield

    def _memref_copy(self, operation: Operation, source: View, target: View) -> Waiting:
        source_type, target_type = map(self._view_type, operation.operands)
        self.section.cycles += timing.LOAD_CYCLES * math.prod(source_type.shape)
        for indices in np.ndindex(*source_type.shape):
            value = self._load(operation, source, source_type, indices)
            self._store(operation, value, target, target_type, indices)
        return ()
        yield

    def _vector_load(self, operation: Operation, view: View, *indices: int) -> Waiting:
        count = self._lane_count(operation.results[0])
        view_type = self._view_type(operation.operands[0])
        *outer, last = indices
        lanes = range(last, last + count)
        return ([self._load(operation, view, view_type, (*outer, lane)) for lane in lanes],)
        yield

    def _vector_store(self, operation: Operation, value, view: View, *indices: int) -> Waiting:
        *outer, last = indices
        for lane, number in enumerate(value):
            place = (*outer, last + lane)
            self._store(operation, number, view, self._view_type(operation.operands[1]), place)
        return ()
        yield

    def _vector_broadcast(self, operation: Operation, value) -> Waiting:
        count = self._lane_count(operation.results[0])
        return (value if isinstance(value, list) else [value] * count,)
        yield

    def _vector_reduction(self, operation: Operation, value, *start) -> Waiting:
        element = self.types[operation.results[0]]
        function = reduction_function(str(operation.attribute("kind")), is_float=element.is_float)
        total = value[0]
        for lane in value[1:]:
            total = compute(function, element, element, [total, lane])
        for initial in start:
            total = compute(function, element, element, [initial, total])
        return (total,)
        yield

    def _vector_extract(self, operation: Operation, value) -> Waiting:
        return (value[self._lane(operation, operation.operands[0])],)
        yield

    def _vector_insert(self, operation: Operation, value, target) -> Waiting:
        result = list(target)
        result[self._lane(operation, operation.operands[1])] = value
        return (result,)
        yield

    def _vector_extract_strided_slice(self, operation: Operation, value) -> Waiting:
        (offset,), (stride,) = operation.attribute("offsets"), operation.attribute("strides")
        count = self._lane_count(operation.results[0])
        return ([value[offset + lane * stride] for lane in range(count)],)
        yield

    def _lock_use(self, operation: Operation, count: int) -> Waiting:
        yield from self.core.spend(self.section, timing.LOCK_CYCLES)
        self.core.site = self._site(operation)
        yield from self.core.use_lock(
            operation.attribute("lock"),
            operation.attribute("action"),
            count,
            blocking=bool(operation.attribute("blocking")),
        )
        return ()

    def _kernel_call(self, operation: Operation, *operands) -> Waiting:
        yield from self.core.spend(self.section)
        self.core.site = self._site(operation)
        memory = self.core.world.memory
        arguments = [
            memory.address(each.buffer) + each.offset_bytes if isinstance(each, View) else each
            for each in operands
        ]
        result = yield from self.core.call_kernel(operation.attribute("kernel"), arguments)
        return (result,) if operation.results else ()

    def _function_call(self, operation: Operation, *operands) -> Waiting:
        number = operation.attribute("function")
        function = self.core.world.plan.functions[number]
        first_site = (number + 1) * FUNCTION_SITES
        frame = Frame(self.core, function.value_types, function.body, first_site, self.section)
        frame.values.update(zip(function.body.entry.arguments, operands, strict=True))
        results = yield from frame.region(function.body)
        return results

    def _cascade_put(self, operation: Operation, value) -> Waiting:
        yield from self.core.spend(self.section, timing.CASCADE_CYCLES)
        self.core.site = self._site(operation)
        element = self.types[operation.operands[0]].element
        yield from self.core.put_cascade(b"".join(_to_bytes(element, lane) for lane in value))
        return ()

    def _cascade_get(self, operation: Operation) -> Waiting:
        yield from self.core.spend(self.section, timing.CASCADE_CYCLES)
        self.core.site = self._site(operation)
        content = yield from self.core.get_cascade()
        element = self.types[operation.results[0]].element
        size = element.bytes
        lanes = [content[place : place + size] for place in range(0, len(content), size)]
        return ([from_bits(element, int.from_bytes(lane, "little")) for lane in lanes],)

    def _stream_put(self, operation: Operation, value) -> Waiting:
        yield from self.core.spend(self.section, timing.STREAM_ACCESS_CYCLES)
        self.core.site = self._site(operation)
        word = to_bits(self.types[operation.operands[0]], value)
        yield from self.core.put_stream(operation.attribute("port"), word)
        return ()

    def _stream_get(self, operation: Operation) -> Waiting:
        yield from self.core.spend(self.section, timing.STREAM_ACCESS_CYCLES)
        self.core.site = self._site(operation)
        word = yield from self.core.get_stream(operation.attribute("port"))
        return (from_bits(self.types[operation.results[0]], word),)

    def _event(self, operation: Operation) -> Waiting:
        yield from self.core.spend(self.section, 1)
        now = self.core.world.events.now
        self.core.world.note(self.core.id, 3, operation.attribute("number"), now, now)
        return ()

    def _scf_for(self, operation: Operation, low: int, high: int, step: int, *carried) -> Waiting:
        (body,) = operation.regions
        index, *arguments = body.entry.arguments
        long = is_long_loop(operation, self.constants)
        position = low
        while position < high:
            self.section.cycles += timing.LOOP_CYCLES
            self.values[index] = position
            self.values.update(zip(arguments, carried, strict=True))
            if long:
                yield from self.breathe()
            carried = yield from self.region(body)
            position = wrapped(self.types[index], position + step)
        return carried

    def _scf_while(self, operation: Operation, *carried) -> Waiting:
        before, after = operation.regions
        long = is_long_loop(operation, self.constants)
        while True:
            self.section.cycles += timing.LOOP_CYCLES
            self.values.update(zip(before.entry.arguments, carried, strict=True))
            if long:
                yield from self.breathe()
            condition, *values = yield from self.region(before)
            if not condition:
                return tuple(values)
            self.values.update(zip(after.entry.arguments, values, strict=True))
            carried = yield from self.region(after)

    def _scf_if(self, operation: Operation, condition) -> Waiting:
        chosen = operation.regions[: 1 if condition else 2][0 if condition else -1]
        if not condition and len(operation.regions) < 2:
            return ()
        return (yield from self.region(chosen))

    def _scf_index_switch(self, operation: Operation, flag: int) -> Waiting:
        cases = operation.attribute("cases")
        chosen = cases.index(flag) + 1 if flag in cases else 0
        return (yield from self.region(operation.regions[chosen]))

    def _load(self, operation: Operation, view: View, view_type: MemoryView, indices) -> object:
        element = view_type.element
        place = self._place(view, view_type, indices)
        self.section.reads.add(view.buffer)
        self.core.check_load(view.buffer, place, element.bytes, self._site(operation))
        content = self.core.world.memory.around(view.buffer, place, element.bytes)
        return from_bits(element, int.from_bytes(content.tobytes(), "little"))

    def _store(self, operation: Operation, value, view: View, view_type, indices) -> None:
        element = view_type.element
        place = self._place(view, view_type, indices)
        self.section.writes.add(view.buffer)
        if self.core.check_store(view.buffer, place, element.bytes, self._site(operation)):
            content = np.frombuffer(_to_bytes(element, value), dtype=np.uint8)
            self.core.world.memory.around(view.buffer, place, element.bytes)[:] = content

    def _place(self, view: View, view_type: MemoryView, indices: Sequence[int]) -> int:
        elements = _dot(indices, view_type.strides)
        return view.offset_bytes + elements * view_type.element.bytes

    def _lane(self, operation: Operation, vector: int) -> int:
        lane = 0
        for index, size in zip(operation.attribute("position"), self.types[vector].shape, strict=True):
            lane = lane * size + index
        return lane

    def _view_type(self, value: int) -> MemoryView:
        view = self.types[value]
        assert isinstance(view, MemoryView)
        return view

    def _lane_count(self, value: int) -> int:
        vector = self.types[value]
        assert isinstance(vector, VectorType)
        return math.prod(vector.shape)

    def _site(self, operation: Operation) -> int:
        return self.sites[id(operation)]


def buffer_order(core: CoreAgent) -> dict[int, int]:
    """The plan's buffers in the order in which a core first names them; functions come first."""
    plan = core.world.plan
    order: dict[int, int] = {}
    for region in (*(function.body for function in plan.functions), core.core.program.body):
        for operation in region.walk():
            if operation.name == "buffer":
                order.setdefault(int(operation.attribute("buffer")), len(order))
    return order


def _dot(numbers: Sequence[int], factors: Sequence[int]) -> int:
    return sum(number * factor for number, factor in zip(numbers, factors, strict=True))


def _constant(element: ElementType, value: object) -> object:
    if element.is_float:
        return compute("extf", element, element, [np.float64(value)])
    return wrapped(element, int(value))


def _to_bytes(element: ElementType, value: object) -> bytes:
    return to_bits(element, value).to_bytes(element.bytes, "little")
