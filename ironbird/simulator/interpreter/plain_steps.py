"""Operations of core programs in which no simulated time is met: numbers, views, loads and stores.

Values are Python numbers (`arithmetic`), lists of them for vectors, and `View`s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ironbird.base.element_types import ElementType
from ironbird.plan.core_program import Operation, ValueType, VectorType
from ironbird.simulator.interpreter.arithmetic import compute, wrapped
from ironbird.simulator.interpreter.memory_steps import Results, Value, number_bytes
from ironbird.simulator.interpreter.section import Section
from ironbird.simulator.interpreter.vector_steps import VectorSteps
from ironbird.simulator.program_facts import arithmetic_name
from ironbird.simulator.undefined import (
    SHIFTS,
    SIGNED_DIVISIONS,
    UNSIGNED_DIVISIONS,
    Undefined,
    undefined_in,
)

if TYPE_CHECKING:
    from ironbird.simulator.interpreter.core_agent import CoreAgent

_MAY_BE_UNDEFINED = SIGNED_DIVISIONS | UNSIGNED_DIVISIONS | SHIFTS


class PlainSteps(VectorSteps):
    """Computes results of one program's operations and adds what they touch to its section."""

    def __init__(
        self,
        core: CoreAgent,
        types: Sequence[ValueType],
        sites: dict[int, int],
        section: Section,
    ) -> None:
        super().__init__(core, types, sites, section)
        self.constants: dict[int, int] = {}

    def step(self, operation: Operation, operands: Results) -> Results:
        """The results of `operation`."""
        function = arithmetic_name(operation)
        if function is not None:
            return (self._arithmetic(operation, function, operands),)
        if any(name == "lanes" for name, _ in operation.attributes):
            return (self.move_lanes(operation, operands),)
        name = operation.name.replace(".", "_")
        step: Callable[..., Results] = getattr(self, f"_{name}")
        return step(operation, *operands)

    def _arithmetic(self, operation: Operation, function: str, operands: Results) -> Value:
        result = operation.results[0]
        source, target = self.element(operation.operands[-1]), self.element(result)
        is_vector = isinstance(self.types[result], VectorType)
        lanes = zip(*operands, strict=True) if is_vector else iter([operands])
        computed = []
        for numbers in lanes:
            if function in _MAY_BE_UNDEFINED:
                self._check_defined(operation, function, source, *numbers)
            computed.append(compute(function, source, target, list(numbers)))
        return computed if is_vector else computed[0]

    def _check_defined(
        self, operation: Operation, function: str, element: ElementType, a: Value, b: Value
    ) -> None:
        found = undefined_in(function, element, int(a), int(b))
        if found is None:
            return
        telling = {Undefined.DIVISION_OVERFLOW: a, Undefined.SHIFT: b}.get(found, 0)
        number = -int(telling) if element.name == "i1" else int(telling)
        self.core.checks.undefined(found, number, self.site(operation))

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
    _index_bool_constant = _arith_constant

    def _arith_select(
        self, operation: Operation, condition: Value, chosen: Value, other: Value
    ) -> Results:
        if isinstance(condition, list):
            lanes = zip(condition, chosen, other, strict=True)
            return ([a if each else b for each, a, b in lanes],)
        return (chosen if condition else other,)


def _constant(element: ElementType, value: Value) -> Value:
    if element.is_float:
        return compute("extf", element, element, [np.float64(value)])
    return wrapped(element, int(value))


__all__ = ["PlainSteps", "Results", "Value", "number_bytes"]
