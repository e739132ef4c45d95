"""Loads, stores, views and vectors of a core program as C++, and how its values are spelled."""

import itertools
import math
from collections.abc import Iterator, Sequence

from ironbird.base.errors import DesignError
from ironbird.plan.core_program import MemoryView, Operation, ValueType, VectorType
from ironbird.simulator.attributes import integer, integers, word
from ironbird.simulator.emit.spelling import cpp_type, element_cpp
from ironbird.simulator.reductions import reduction_function
from ironbird.simulator.timing import LOAD_CYCLES

_SAME_VIEW = ("memref.cast", "memref.collapse_shape", "memref.expand_shape")
MEMORY_OPERATIONS = frozenset(
    (
        *_SAME_VIEW,
        *(
            "memref.load",
            "memref.store",
            "memref.subview",
            "memref.reinterpret_cast",
            "memref.copy",
        ),
        *("vector.load", "vector.store", "vector.broadcast", "vector.shape_cast"),
        *("vector.reduction", "vector.extract", "vector.insert", "vector.extract_strided_slice"),
    )
)


class MemoryCode:
    """Statements that touch memory. `tracked` says, in C++, whether written bytes are followed."""

    def __init__(self, value_types: Sequence[ValueType]) -> None:
        self.value_types = value_types
        self.lines: list[str] = []
        self.cycles = 0
        self.tracked = "true"
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
        """Numbers in a vector."""
        vector = self.value_types[value]
        assert isinstance(vector, VectorType)
        return math.prod(vector.shape)

    def views_from_outside(self, operation: Operation) -> set[int]:
        """Views that the operation uses and does not make itself."""
        made: set[int] = set()
        used: set[int] = set()
        for each in _walk(operation):
            used.update(each.operands)
            made.update(each.results)
            for region in each.regions:
                made.update(*(block.arguments for block in region.blocks))
        return {value for value in used - made if isinstance(self.value_types[value], MemoryView)}

    def memory_operation(self, operation: Operation, site: int) -> None:
        """The statements of an operation in `MEMORY_OPERATIONS`."""
        if operation.name in _SAME_VIEW:
            self._same_view(operation)
            return
        writer = getattr(self, "_" + operation.name.replace(".", "_"))
        writer(operation, site)

    def _same_view(self, operation: Operation) -> None:
        source = self.name(operation.operands[0])
        view = self.value_types[operation.results[0]]
        assert isinstance(view, MemoryView)
        self.define(operation.results[0], source)

    def _memref_load(self, operation: Operation, site: int) -> None:
        view, *indices = operation.operands
        self.line(f"section.reads |= only({self.name(view)}.buffer);")
        self.define(operation.results[0], self._loaded(self._address(view, indices), site))

    def _memref_store(self, operation: Operation, site: int) -> None:
        value, view, *indices = operation.operands
        self.line(f"section.writes |= only({self.name(view)}.buffer);")
        self.line(self._stored(self._address(view, indices), self.name(value), site))

    def _memref_subview(self, operation: Operation, site: int) -> None:
        source, *offsets = operation.operands
        steps = integers(operation, "steps")
        terms = [str(integer(operation, "offset"))]
        terms += [f"{self.name(o)} * {step}" for o, step in zip(offsets, steps, strict=True)]
        element = element_cpp(self._view(operation.results[0]).element)
        base = self.name(source)
        self.define(
            operation.results[0],
            f"View<{element}>{{{base}.at + ({' + '.join(terms)}), {base}.buffer}}",
        )

    _memref_reinterpret_cast = _memref_subview

    def _memref_copy(self, operation: Operation, site: int) -> None:
        source, target = operation.operands
        shape = self._view(source).shape
        self.cycles += LOAD_CYCLES * math.prod(shape)
        self.spend_cycles()
        self.line(f"section.reads |= only({self.name(source)}.buffer);")
        self.line(f"section.writes |= only({self.name(target)}.buffer);")
        indices = [f"c{site}_{axis}" for axis in range(len(shape))]
        for index, size in zip(indices, shape, strict=True):
            self.line(f"for (int64_t {index} = 0; {index} < {size}; ++{index})")
        load = self._loaded(self._at(source, indices), site)
        self.line(self._stored(self._at(target, indices), load, site))

    def _vector_load(self, operation: Operation, site: int) -> None:
        view, *indices = operation.operands
        (result,) = operation.results
        self.line(f"section.reads |= only({self.name(view)}.buffer);")
        self.declare(result)
        self.line(f"for (int lane = 0; lane < {self.lane_count(result)}; ++lane)")
        load = self._loaded(f"{self._address(view, indices)} + lane", site)
        self.line(f"v{result}.lane[lane] = {load};")

    def _vector_store(self, operation: Operation, site: int) -> None:
        value, view, *indices = operation.operands
        self.line(f"section.writes |= only({self.name(view)}.buffer);")
        self.line(f"for (int lane = 0; lane < {self.lane_count(value)}; ++lane)")
        address = f"{self._address(view, indices)} + lane"
        self.line(self._stored(address, f"{self.name(value)}.lane[lane]", site))

    def _vector_broadcast(self, operation: Operation, site: int) -> None:
        (source,), (result,) = operation.operands, operation.results
        if isinstance(self.value_types[source], VectorType):
            if self.lane_count(source) != self.lane_count(result):
                raise DesignError(
                    "vector.broadcast of a vector cannot be simulated", at=operation.at
                )
            self.define(result, self.name(source))
            return
        self.declare(result)
        self.line(f"for (auto &lane : v{result}.lane) lane = {self.name(source)};")

    def _vector_shape_cast(self, operation: Operation, site: int) -> None:
        self.define(operation.results[0], self.name(operation.operands[0]))

    def _vector_reduction(self, operation: Operation, site: int) -> None:
        source, *start = operation.operands
        (result,) = operation.results
        spelled = cpp_type(self.value_types[result])
        element = self.value_types[result]
        assert not isinstance(element, MemoryView | VectorType)
        function = reduction_function(word(operation, "kind"), is_float=element.is_float)
        self.declare(result)
        self.line(f"v{result} = {self.name(source)}.lane[0];")
        self.line(f"for (int lane = 1; lane < {self.lane_count(source)}; ++lane)")
        self.line(
            f"v{result} = op::{function}<{spelled}>(v{result}, {self.name(source)}.lane[lane]);"
        )
        if start:
            self.line(f"v{result} = op::{function}<{spelled}>({self.name(start[0])}, v{result});")

    def _vector_extract(self, operation: Operation, site: int) -> None:
        lane = self._lane(operation, operation.operands[0])
        self.define(operation.results[0], f"{self.name(operation.operands[0])}.lane[{lane}]")

    def _vector_insert(self, operation: Operation, site: int) -> None:
        value, target = operation.operands
        (result,) = operation.results
        self.declare(result)
        self.line(f"v{result} = {self.name(target)};")
        self.line(f"v{result}.lane[{self._lane(operation, target)}] = {self.name(value)};")

    def _vector_extract_strided_slice(self, operation: Operation, site: int) -> None:
        (source,), (result,) = operation.operands, operation.results
        offsets, strides = integers(operation, "offsets"), integers(operation, "strides")
        if len(offsets) != 1:
            raise DesignError(
                f"{operation.name} of several dimensions cannot be simulated", at=operation.at
            )
        self.declare(result)
        self.line(f"for (int lane = 0; lane < {self.lane_count(result)}; ++lane)")
        index = f"{offsets[0]} + lane * {strides[0]}"
        self.line(f"v{result}.lane[lane] = {self.name(source)}.lane[{index}];")

    def _lane(self, operation: Operation, vector: int) -> int:
        """The one lane that `position` names, counted row by row."""
        position = integers(operation, "position")
        shape = self.value_types[vector]
        assert isinstance(shape, VectorType)
        if len(position) != len(shape.shape):
            raise DesignError(
                f"{operation.name} of a whole row cannot be simulated", at=operation.at
            )
        lane = 0
        for index, size in zip(position, shape.shape, strict=True):
            lane = lane * size + index
        return lane

    def _view(self, value: int) -> MemoryView:
        view = self.value_types[value]
        assert isinstance(view, MemoryView)
        return view

    def _address(self, view: int, indices: Sequence[int]) -> str:
        return self._at(view, [self.name(index) for index in indices])

    def _at(self, view: int, indices: Sequence[str]) -> str:
        strides = self._view(view).strides
        terms = [
            index if stride == 1 else f"{index} * {stride}"
            for index, stride in zip(indices, strides, strict=True)
        ]
        return " + ".join([f"{self.name(view)}.at", *terms])

    def _loaded(self, address: str, site: int) -> str:
        return f"core.load<{self.tracked}>({address}, {site})"

    def _stored(self, address: str, value: str, site: int) -> str:
        return f"core.store<{self.tracked}>({address}, {value}, {site});"


def _walk(operation: Operation) -> Iterator[Operation]:
    inner = (region.walk() for region in operation.regions)
    return itertools.chain([operation], *inner)
