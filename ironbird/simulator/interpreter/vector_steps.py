"""Vector operations of a core program; a vector is the list of its lanes, row by row."""

import math
from collections.abc import Iterator, Sequence

import numpy as np

from ironbird.plan.core_program import Operation, VectorType
from ironbird.simulator.attributes import integers, word
from ironbird.simulator.interpreter.arithmetic import compute, from_bits
from ironbird.simulator.interpreter.memory_steps import MemorySteps, Results, Value, number_bytes
from ironbird.simulator.interpreter.section import View
from ironbird.simulator.reductions import reduction_function


class VectorSteps(MemorySteps):
    """Operations on vectors."""

    def lane_count(self, value: int) -> int:
        """Numbers in a vector; 1 for a scalar."""
        found = self.types[value]
        return math.prod(found.shape) if isinstance(found, VectorType) else 1

    def move_lanes(self, operation: Operation, operands: Results) -> Value:
        """The result's lanes by their numbers among the lanes of all operands."""
        every: list[Value] = []
        for operand in operands:
            every += operand if isinstance(operand, list) else [operand]
        chosen = [every[lane] for lane in integers(operation, "lanes")]
        return chosen if isinstance(self.types[operation.results[0]], VectorType) else chosen[0]

    def _vector_load(self, operation: Operation, view: View, *rest: Value) -> Results:
        source = operation.operands[0]
        shape = self.view_type(source).shape
        indices, padding = rest[: len(shape)], rest[len(shape) :]
        lanes: list[Value] = []
        for place, is_there in self._places(operation, operation.results[0], indices, shape):
            if is_there:
                lanes.append(self.load(operation, view, source, place))
            else:
                self.section.reads.add(view.buffer)
                lanes.append(padding[0])
        return (lanes,)

    def _vector_store(
        self, operation: Operation, value: list[Value], view: View, *indices: int
    ) -> Results:
        vector, target = operation.operands[:2]
        shape = self.view_type(target).shape
        self.section.writes.add(view.buffer)
        places = self._places(operation, vector, indices, shape)
        for lane, (place, is_there) in zip(value, places, strict=True):
            if is_there:
                self.store(operation, lane, view, target, place)
        return ()

    def _vector_reduction(self, operation: Operation, value: list[Value], *start: Value) -> Results:
        element = self.element(operation.results[0])
        function = reduction_function(word(operation, "kind"), is_float=element.is_float)
        total = value[0]
        for lane in value[1:]:
            total = compute(function, element, element, [total, lane])
        for initial in start:
            total = compute(function, element, element, [initial, total])
        return (total,)

    def _vector_bitcast(self, operation: Operation, value: list[Value]) -> Results:
        source, result = (
            self.element(each) for each in (operation.operands[0], operation.results[0])
        )
        content = b"".join(number_bytes(source, lane) for lane in value)
        words = (content[at : at + result.bytes] for at in range(0, len(content), result.bytes))
        return ([from_bits(result, int.from_bytes(each, "little")) for each in words],)

    def _places(
        self, operation: Operation, vector: int, indices: Sequence[int], shape: tuple[int, ...]
    ) -> Iterator[tuple[list[int], bool]]:
        """The indices of each lane, and whether it is there: a guarded one may be outside."""
        vector_type = self.types[vector]
        assert isinstance(vector_type, VectorType)
        axes, guarded = integers(operation, "axes"), integers(operation, "guarded")
        for lane in range(math.prod(vector_type.shape)):
            place = list(indices)
            is_there = True
            position = np.unravel_index(lane, vector_type.shape) if vector_type.shape else ()
            for axis, steps in zip(axes, position, strict=True):
                if axis >= 0:
                    place[axis] += int(steps)
            for axis, may_be_outside in zip(axes, guarded, strict=True):
                if may_be_outside and not 0 <= place[axis] < shape[axis]:
                    is_there = False
            yield place, is_there
