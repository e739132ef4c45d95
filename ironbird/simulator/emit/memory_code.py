"""Loads, stores and views of a core program as C++.

An index is checked against its axis wherever it is not known to be inside; outside, a load gives 0
and a store does nothing.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ironbird.plan.core_program import MemoryView, Operation, ValueType
from ironbird.simulator.attributes import integer, integers
from ironbird.simulator.emit.spelling import cpp_type, element_cpp
from ironbird.simulator.emit.statements import Statements
from ironbird.simulator.timing import LOAD_CYCLES
from ironbird.simulator.value_ranges import Bounds


@dataclass(frozen=True)
class Index:
    """One index as C++, and what is known of it. checked: False where outside is no defect."""

    text: str
    bounds: Bounds
    checked: bool = True

    def is_inside(self, size: int) -> bool:
        """Whether it is known to be on an axis of `size` elements."""
        return self.bounds[0] >= 0 and self.bounds[1] < size


class MemoryCode(Statements):
    """Statements that touch memory. `tracked` says, in C++, whether written bytes are followed."""

    def __init__(self, value_types: Sequence[ValueType]) -> None:
        super().__init__(value_types)
        self.tracked = "true"

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

    def indices(self, values: Sequence[int]) -> list[Index]:
        """Values as indices."""
        return [Index(self.name(value), self.ranges.of(value)) for value in values]

    def reads(self, view: int) -> None:
        """Note that the program reads a view's buffer."""
        self.line(f"section.reads |= only({self.name(view)}.buffer);")

    def writes(self, view: int) -> None:
        """Note that the program writes a view's buffer."""
        self.line(f"section.writes |= only({self.name(view)}.buffer);")

    def loaded(self, view: int, indices: Sequence[Index], site: int, outside: str = "") -> str:
        """One element as an expression; `outside` is what it is where there is none."""
        load = f"core.load<{self.tracked}>({self._address(view, indices)}, {site})"
        inside = self._inside(view, indices, site)
        spelled = cpp_type(self.view_type(view).element)
        return f"{inside} ? {load} : {outside or f'{spelled}{{}}'}" if inside else load

    def stored(self, view: int, indices: Sequence[Index], value: str, site: int) -> str:
        """A statement that stores one element."""
        store = f"core.store<{self.tracked}>({self._address(view, indices)}, {value}, {site});"
        inside = self._inside(view, indices, site, store=True)
        return f"if ({inside}) {store}" if inside else store

    def _memref_cast(self, operation: Operation, site: int) -> None:
        self.define(operation.results[0], self.name(operation.operands[0]))

    _memref_collapse_shape = _memref_expand_shape = _memref_cast

    def _memref_load(self, operation: Operation, site: int) -> None:
        view, *indices = operation.operands
        self.reads(view)
        self.define(operation.results[0], self.loaded(view, self.indices(indices), site))

    def _memref_store(self, operation: Operation, site: int) -> None:
        value, view, *indices = operation.operands
        self.writes(view)
        self.line(self.stored(view, self.indices(indices), self.name(value), site))

    def _memref_subview(self, operation: Operation, site: int) -> None:
        source, *offsets = operation.operands
        base = self.name(source)
        terms = [str(integer(operation, "offset"))]
        axes = zip(
            self.indices(offsets),
            integers(operation, "steps"),
            integers(operation, "limits"),
            strict=True,
        )
        for axis, (offset, step, limit) in enumerate(axes):
            start = offset.text
            if not offset.is_inside(limit):
                start = f"core.start({start}, {limit}, {axis}, {base}.buffer, {site})"
            terms.append(f"{start} * {step}")
        element = element_cpp(self.view_type(operation.results[0]).element)
        self.define(
            operation.results[0],
            f"View<{element}>{{{base}.at + ({' + '.join(terms)}), {base}.buffer}}",
        )

    _memref_reinterpret_cast = _memref_subview

    def _memref_copy(self, operation: Operation, site: int) -> None:
        source, target = operation.operands
        shape = self.view_type(source).shape
        self.cycles += LOAD_CYCLES * math.prod(shape)
        self.spend_cycles()
        self.reads(source)
        self.writes(target)
        indices = [
            Index(f"c{site}_{axis}", (0, max(size - 1, 0))) for axis, size in enumerate(shape)
        ]
        for index, size in zip(indices, shape, strict=True):
            self.line(f"for (int64_t {index.text} = 0; {index.text} < {size}; ++{index.text})")
        self.line(self.stored(target, indices, self.loaded(source, indices, site), site))

    def _inside(
        self, view: int, indices: Sequence[Index], site: int, *, store: bool = False
    ) -> str:
        """The condition that every index is on its axis; empty if it is known to hold."""
        terms = []
        buffer = f"{self.name(view)}.buffer"
        for axis, (index, size) in enumerate(zip(indices, self.view_type(view).shape, strict=True)):
            if index.is_inside(size):
                continue
            if index.checked:
                flag = "true" if store else "false"
                terms.append(f"core.inside<{flag}>({index.text}, {size}, {axis}, {buffer}, {site})")
            else:
                terms.append(f"is_inside({index.text}, {size})")
        return " && ".join(terms)

    def _address(self, view: int, indices: Sequence[Index]) -> str:
        terms = [
            f"({index.text})" if stride == 1 else f"({index.text}) * {stride}"
            for index, stride in zip(indices, self.view_type(view).strides, strict=True)
        ]
        return " + ".join([f"{self.name(view)}.at", *terms])


def _walk(operation: Operation) -> Iterator[Operation]:
    inner = (region.walk() for region in operation.regions)
    return itertools.chain([operation], *inner)
