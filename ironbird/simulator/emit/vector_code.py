"""Vector operations of a core program as C++: lanes moved, folded, loaded and stored."""

import math
from collections.abc import Sequence

from ironbird.plan.core_program import MemoryView, Operation, VectorType
from ironbird.simulator.attributes import integers, word
from ironbird.simulator.emit.memory_code import Index, MemoryCode
from ironbird.simulator.emit.spelling import cpp_type
from ironbird.simulator.reductions import reduction_function


class VectorCode(MemoryCode):
    """Statements on vectors."""

    def move_lanes(self, operation: Operation) -> None:
        """The result's lanes by their numbers among the lanes of all operands."""
        (result,) = operation.results
        sources = [
            f"{self.name(operand)}.lane[{lane}]"
            if isinstance(self.value_types[operand], VectorType)
            else self.name(operand)
            for operand in operation.operands
            for lane in range(self.lane_count(operand))
        ]
        chosen = [sources[lane] for lane in integers(operation, "lanes")]
        if isinstance(self.value_types[result], VectorType):
            spelled = cpp_type(self.value_types[result])
            self.define(result, f"{spelled}{{{{{', '.join(chosen)}}}}}")
        else:
            self.define(result, chosen[0])

    def _vector_load(self, operation: Operation, site: int) -> None:
        view, *rest = operation.operands
        (result,) = operation.results
        rank = len(self.view_type(view).shape)
        padding = self.name(rest[rank]) if len(rest) > rank else ""
        self.reads(view)
        self.declare(result)
        lane, indices = self._lanes_in_memory(operation, result, rest[:rank], site)
        self.line(f"v{result}.lane[{lane}] = {self.loaded(view, indices, site, padding)};")

    def _vector_store(self, operation: Operation, site: int) -> None:
        value, view, *indices = operation.operands
        self.writes(view)
        lane, places = self._lanes_in_memory(operation, value, indices, site)
        self.line(self.stored(view, places, f"{self.name(value)}.lane[{lane}]", site))

    def _vector_reduction(self, operation: Operation, site: int) -> None:
        source, *start = operation.operands
        (result,) = operation.results
        element = self.value_types[result]
        assert not isinstance(element, MemoryView | VectorType)
        spelled = cpp_type(element)
        function = reduction_function(word(operation, "kind"), is_float=element.is_float)
        self.declare(result)
        self.line(f"v{result} = {self.name(source)}.lane[0];")
        self.line(f"for (int lane = 1; lane < {self.lane_count(source)}; ++lane)")
        self.line(
            f"v{result} = op::{function}<{spelled}>(v{result}, {self.name(source)}.lane[lane]);"
        )
        if start:
            self.line(f"v{result} = op::{function}<{spelled}>({self.name(start[0])}, v{result});")

    def _vector_bitcast(self, operation: Operation, site: int) -> None:
        (result,) = operation.results
        spelled = cpp_type(self.value_types[result])
        self.define(result, f"op::bitcast<{spelled}>({self.name(operation.operands[0])})")

    def _lanes_in_memory(
        self, operation: Operation, vector: int, values: Sequence[int], site: int
    ) -> tuple[str, list[Index]]:
        """Opens a loop for each dimension of a vector; its lane, and the indices of that lane."""
        vector_type = self.value_types[vector]
        assert isinstance(vector_type, VectorType)
        axes = integers(operation, "axes")
        guarded = dict(zip(axes, integers(operation, "guarded"), strict=True))
        indices = self.indices(values)
        terms: list[str] = []
        for dimension, (size, axis) in enumerate(zip(vector_type.shape, axes, strict=True)):
            counter = f"p{site}_{dimension}"
            self.line(f"for (int64_t {counter} = 0; {counter} < {size}; ++{counter})")
            terms.append(f"{counter} * {math.prod(vector_type.shape[dimension + 1 :])}")
            if axis < 0:
                continue
            first = indices[axis]
            low, high = first.bounds
            indices[axis] = Index(
                f"{first.text} + {counter}", (low, high + size - 1), not guarded[axis]
            )
        return " + ".join(terms) or "0", indices
