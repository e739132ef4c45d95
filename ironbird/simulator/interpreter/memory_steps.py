"""Loads, stores and views of a core program.

An index outside its axis is told; a load then gives 0 and a store does nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ironbird.base.element_types import ElementType
from ironbird.plan.core_program import MemoryView, Operation, ValueType
from ironbird.simulator import timing
from ironbird.simulator.attributes import integer, integers
from ironbird.simulator.interpreter.arithmetic import from_bits, to_bits
from ironbird.simulator.interpreter.section import Section, View

if TYPE_CHECKING:
    from ironbird.simulator.interpreter.core_agent import CoreAgent

# A number, a list of numbers, or a View.
Value = Any
Results = tuple[Value, ...]


class MemorySteps:
    """Operations on views; what they touch is added to the program's section."""

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

    def site(self, operation: Operation) -> int:
        """The number by which findings name an operation."""
        return self.sites[id(operation)]

    def element(self, value: int) -> ElementType:
        """The type of a number, of the lanes of a vector, of the elements of a view."""
        value_type = self.types[value]
        return value_type if isinstance(value_type, ElementType) else value_type.element

    def view_type(self, value: int) -> MemoryView:
        """The type of a value that is a view."""
        found = self.types[value]
        assert isinstance(found, MemoryView)
        return found

    def load(self, operation: Operation, view: View, number: int, indices: Sequence[int]) -> Value:
        """One element of a view, which is value `number`."""
        element = self.element(number)
        self.section.reads.add(view.buffer)
        if not self._is_inside(operation, view, number, indices, store=False):
            return from_bits(element, 0)
        place = self._place(view, number, indices)
        self.core.checks.load(view.buffer, place, element.bytes, self.site(operation))
        content = self.core.world.memory.around(view.buffer, place, element.bytes)
        return from_bits(element, int.from_bytes(content.tobytes(), "little"))

    def store(
        self,
        operation: Operation,
        value: Value,
        view: View,
        number: int,
        indices: Sequence[int],
    ) -> None:
        """Put one element into a view, which is value `number`."""
        element = self.element(number)
        self.section.writes.add(view.buffer)
        if not self._is_inside(operation, view, number, indices, store=True):
            return
        place = self._place(view, number, indices)
        if self.core.checks.store(view.buffer, place, element.bytes, self.site(operation)):
            content = np.frombuffer(number_bytes(element, value), dtype=np.uint8)
            self.core.world.memory.around(view.buffer, place, element.bytes)[:] = content

    def _buffer(self, operation: Operation) -> Results:
        return (View(integer(operation, "buffer"), 0),)

    def _memref_alloca(self, operation: Operation) -> Results:
        """Whatever it held before is lost."""
        buffer = integer(operation, "buffer")
        self.core.world.memory.forget(buffer, poison=self.core.world.options.unwritten_memory)
        return (View(buffer, 0),)

    def _memref_cast(self, operation: Operation, value: Value) -> Results:
        return (value,)

    _memref_collapse_shape = _memref_expand_shape = _memref_cast

    def _memref_subview(self, operation: Operation, view: View, *offsets: int) -> Results:
        moved = integer(operation, "offset")
        steps, limits = integers(operation, "steps"), integers(operation, "limits")
        for axis, (offset, step, limit) in enumerate(zip(offsets, steps, limits, strict=True)):
            if 0 <= offset < limit:
                moved += offset * step
            else:
                site = self.site(operation)
                self.core.checks.index_outside(view.buffer, axis, offset, limit, site, store=False)
        element_bytes = self.element(operation.operands[0]).bytes
        return (View(view.buffer, view.offset_bytes + moved * element_bytes),)

    _memref_reinterpret_cast = _memref_subview

    def _memref_load(self, operation: Operation, view: View, *indices: int) -> Results:
        return (self.load(operation, view, operation.operands[0], indices),)

    def _memref_store(
        self, operation: Operation, value: Value, view: View, *indices: int
    ) -> Results:
        self.store(operation, value, view, operation.operands[1], indices)
        return ()

    def _memref_copy(self, operation: Operation, source: View, target: View) -> Results:
        source_number, target_number = operation.operands
        shape = self.view_type(source_number).shape
        self.section.cycles += timing.LOAD_CYCLES * math.prod(shape)
        for indices in np.ndindex(*shape):
            value = self.load(operation, source, source_number, indices)
            self.store(operation, value, target, target_number, indices)
        return ()

    def _is_inside(
        self, operation: Operation, view: View, number: int, indices: Sequence[int], *, store: bool
    ) -> bool:
        """Whether every index is on its axis; the first that is not is told."""
        for axis, (index, size) in enumerate(
            zip(indices, self.view_type(number).shape, strict=True)
        ):
            if not 0 <= index < size:
                site = self.site(operation)
                self.core.checks.index_outside(view.buffer, axis, index, size, site, store=store)
                return False
        return True

    def _place(self, view: View, number: int, indices: Sequence[int]) -> int:
        """Bytes from the start of the view's buffer."""
        view_type = self.view_type(number)
        moved = sum(i * stride for i, stride in zip(indices, view_type.strides, strict=True))
        return view.offset_bytes + moved * view_type.element.bytes


def number_bytes(element: ElementType, value: Value) -> bytes:
    """A number as it lies in memory."""
    return to_bits(element, value).to_bytes(element.bytes, "little")
