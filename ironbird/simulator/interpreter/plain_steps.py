"""Operations of core programs in which no simulated time is met: numbers, views, loads and stores.

Values are Python numbers (`arithmetic`), lists of them for vectors, and `View`s.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ironbird.base.element_types import ElementType
from ironbird.plan.core_program import MemoryView, Operation, ValueType, VectorType
from ironbird.simulator import timing
from ironbird.simulator.attributes import integer, integers, word
from ironbird.simulator.interpreter.arithmetic import compute, from_bits, to_bits, wrapped
from ironbird.simulator.interpreter.section import Section, View
from ironbird.simulator.program_facts import arithmetic_name
from ironbird.simulator.reductions import reduction_function

if TYPE_CHECKING:
    from ironbird.simulator.interpreter.core_agent import CoreAgent

# A number, a list of numbers, or a View.
Value = Any
Results = tuple[Value, ...]


class PlainSteps:
    """Computes results of one program's operations and adds what they touch to its section."""

    def __init__(
        self,
        core: CoreAgent,
        types: Sequence[ValueType],
        sites: dict[int, int],
        section: Section,
    ) -> None:
        self.core = core
        self.types = types
        self.sites = sites
        self.section = section
        self.constants: dict[int, int] = {}

    def step(self, operation: Operation, operands: Results) -> Results:
        """The results of `operation`."""
        function = arithmetic_name(operation)
        if function is not None:
            return (self._arithmetic(operation, function, operands),)
        name = operation.name.replace(".", "_")
        step: Callable[..., Results] = getattr(self, f"_{name}")
        return step(operation, *operands)

    def site(self, operation: Operation) -> int:
        """The number by which findings name an operation."""
        return self.sites[id(operation)]

    def element(self, value: int) -> ElementType:
        """The element type of a number, or of a vector's lanes."""
        value_type = self.types[value]
        if isinstance(value_type, VectorType | MemoryView):
            return value_type.element
        return value_type

    def _arithmetic(self, operation: Operation, function: str, operands: Results) -> Value:
        result = operation.results[0]
        source_element = self.element(operation.operands[-1])
        if not isinstance(self.types[result], VectorType):
            return compute(function, source_element, self.element(result), list(operands))
        return [
            compute(function, source_element, self.element(result), list(lanes))
            for lanes in zip(*operands, strict=True)
        ]

    def _arith_constant(self, operation: Operation) -> Results:
        value = operation.attribute("value")
        (result,) = operation.results
        if isinstance(value, int):
            self.constants[result] = value
        element = self.element(result)
        if isinstance(value, tuple):
            return ([_constant(element, each) for each in value],)
        return (_constant(element, value),)

    _index_constant = _arith_constant

    def _arith_select(
        self, operation: Operation, condition: bool, chosen: Value, other: Value
    ) -> Results:
        return (chosen if condition else other,)

    def _buffer(self, operation: Operation) -> Results:
        return (View(integer(operation, "buffer"), 0),)

    def _same(self, operation: Operation, value: Value) -> Results:
        return (value,)

    _memref_cast = _memref_collapse_shape = _memref_expand_shape = _vector_shape_cast = _same

    def _memref_subview(self, operation: Operation, view: View, *offsets: int) -> Results:
        moved = integer(operation, "offset") + _dot(offsets, integers(operation, "steps"))
        element_bytes = self.element(operation.operands[0]).bytes
        return (View(view.buffer, view.offset_bytes + moved * element_bytes),)

    _memref_reinterpret_cast = _memref_subview

    def _memref_load(self, operation: Operation, view: View, *indices: int) -> Results:
        return (self._load(operation, view, operation.operands[0], indices),)

    def _memref_store(
        self, operation: Operation, value: Value, view: View, *indices: int
    ) -> Results:
        self._store(operation, value, view, operation.operands[1], indices)
        return ()

    def _memref_copy(self, operation: Operation, source: View, target: View) -> Results:
        source_number, target_number = operation.operands
        shape = self._view_type(source_number).shape
        self.section.cycles += timing.LOAD_CYCLES * math.prod(shape)
        for indices in np.ndindex(*shape):
            value = self._load(operation, source, source_number, indices)
            self._store(operation, value, target, target_number, indices)
        return ()

    def _vector_load(self, operation: Operation, view: View, *indices: int) -> Results:
        *outer, first = indices
        lanes = range(first, first + self._lane_count(operation.results[0]))
        source = operation.operands[0]
        return ([self._load(operation, view, source, (*outer, lane)) for lane in lanes],)

    def _vector_store(
        self, operation: Operation, value: list[Value], view: View, *indices: int
    ) -> Results:
        *outer, first = indices
        for lane, number in enumerate(value, first):
            self._store(operation, number, view, operation.operands[1], (*outer, lane))
        return ()

    def _vector_broadcast(self, operation: Operation, value: Value) -> Results:
        count = self._lane_count(operation.results[0])
        return (value if isinstance(value, list) else [value] * count,)

    def _vector_reduction(self, operation: Operation, value: list[Value], *start: Value) -> Results:
        element = self.element(operation.results[0])
        function = reduction_function(word(operation, "kind"), is_float=element.is_float)
        total = value[0]
        for lane in value[1:]:
            total = compute(function, element, element, [total, lane])
        for initial in start:
            total = compute(function, element, element, [initial, total])
        return (total,)

    def _vector_extract(self, operation: Operation, value: list[Value]) -> Results:
        return (value[self._lane(operation, operation.operands[0])],)

    def _vector_insert(self, operation: Operation, value: Value, target: list[Value]) -> Results:
        result = list(target)
        result[self._lane(operation, operation.operands[1])] = value
        return (result,)

    def _vector_extract_strided_slice(self, operation: Operation, value: list[Value]) -> Results:
        (offset,), (stride,) = integers(operation, "offsets"), integers(operation, "strides")
        count = self._lane_count(operation.results[0])
        return ([value[offset + lane * stride] for lane in range(count)],)

    def _load(self, operation: Operation, view: View, number: int, indices: Sequence[int]) -> Value:
        element = self.element(number)
        place = self._place(view, number, indices)
        self.section.reads.add(view.buffer)
        self.core.check_load(view.buffer, place, element.bytes, self.site(operation))
        content = self.core.world.memory.around(view.buffer, place, element.bytes)
        return from_bits(element, int.from_bytes(content.tobytes(), "little"))

    def _store(
        self,
        operation: Operation,
        value: Value,
        view: View,
        number: int,
        indices: Sequence[int],
    ) -> None:
        element = self.element(number)
        place = self._place(view, number, indices)
        self.section.writes.add(view.buffer)
        if self.core.check_store(view.buffer, place, element.bytes, self.site(operation)):
            content = np.frombuffer(number_bytes(element, value), dtype=np.uint8)
            self.core.world.memory.around(view.buffer, place, element.bytes)[:] = content

    def _place(self, view: View, number: int, indices: Sequence[int]) -> int:
        """Bytes from the start of the view's buffer."""
        view_type = self._view_type(number)
        return view.offset_bytes + _dot(indices, view_type.strides) * view_type.element.bytes

    def _view_type(self, value: int) -> MemoryView:
        view_type = self.types[value]
        assert isinstance(view_type, MemoryView)
        return view_type

    def _lane_count(self, value: int) -> int:
        vector = self.types[value]
        assert isinstance(vector, VectorType)
        return math.prod(vector.shape)

    def _lane(self, operation: Operation, value: int) -> int:
        """The one lane that `position` names, counted row by row."""
        vector = self.types[value]
        assert isinstance(vector, VectorType)
        lane = 0
        for index, size in zip(integers(operation, "position"), vector.shape, strict=True):
            lane = lane * size + index
        return lane


def number_bytes(element: ElementType, value: Value) -> bytes:
    """A number as it lies in memory."""
    return to_bits(element, value).to_bytes(element.bytes, "little")


def _dot(numbers: Sequence[int], factors: Sequence[int]) -> int:
    return sum(number * factor for number, factor in zip(numbers, factors, strict=True))


def _constant(element: ElementType, value: Value) -> Value:
    if element.is_float:
        return compute("extf", element, element, [np.float64(value)])
    return wrapped(element, int(value))
