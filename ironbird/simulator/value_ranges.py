"""What integers a value of a core program can be: the least and the largest, where that is known.

Emitted code leaves out the checks that this settles (an index inside its axis, a divisor that is
never 0), so that a loop over a buffer costs no more than without them. The interpreter always
checks; that both find the same is what the tests of agreement show.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ironbird.base.element_types import ElementType
from ironbird.plan.core_program import Operation, ValueType
from ironbird.simulator.integer_widths import bits_of
from ironbird.simulator.program_facts import arithmetic_name

Bounds = tuple[int, int]


@dataclass
class ValueRanges:
    """The ranges of one program's values, learnt in the order in which they are defined."""

    value_types: Sequence[ValueType]

    def __post_init__(self) -> None:
        self._known: dict[int, Bounds] = {}

    def of(self, value: int) -> Bounds:
        """The least and the largest number that a value can be; of its type if nothing is known."""
        return self._known.get(value) or _all_of(self.value_types[value])

    def set(self, value: int, bounds: Bounds) -> None:
        """Note that a value lies in `bounds`, unless its type may have wrapped it."""
        least, most = _all_of(self.value_types[value])
        if least <= bounds[0] <= bounds[1] <= most:
            self._known[value] = bounds

    def counter(self, index: int, low: int, high: int, step: int) -> None:
        """Note what the counter of a loop can be inside it."""
        first, last = self.of(low)[0], self.of(high)[1] - 1
        if self.of(step)[0] >= 1 and first <= last:
            self.set(index, (first, last))

    def learn(self, operation: Operation) -> None:
        """Note what the result of an operation can be."""
        if len(operation.results) != 1:
            return
        value = operation.attributes and dict(operation.attributes).get("value")
        if isinstance(value, int):
            self.set(operation.results[0], (int(value), int(value)))
            return
        rule = _RULES.get(arithmetic_name(operation) or operation.name)
        if rule is None:
            return
        operands = [self.of(each) for each in operation.operands]
        found = rule(*operands)
        if found is not None:
            self.set(operation.results[0], found)


def _all_of(value_type: ValueType) -> Bounds:
    """The numbers that a type holds; anything for what is no integer."""
    if not isinstance(value_type, ElementType) or value_type.is_float:
        return (-(2**64), 2**64)
    if value_type.name == "i1":
        return (0, 1)
    bits = bits_of(value_type)
    return (0, 2**bits - 1) if value_type.is_unsigned else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


def _corners(function: Callable[[int, int], int]) -> Callable[[Bounds, Bounds], Bounds]:
    """Of a function that is monotonic in each operand: the extremes lie in the corners."""

    def bounds(a: Bounds, b: Bounds) -> Bounds:
        results = [function(x, y) for x in a for y in b]
        return min(results), max(results)

    return bounds


def _quotient(a: Bounds, b: Bounds) -> Bounds | None:
    if b[0] < 1:
        return None
    return _corners(lambda x, y: abs(x) // y if x >= 0 else -(abs(x) // y))(a, b)


def _remainder(a: Bounds, b: Bounds) -> Bounds | None:
    if b[0] < 1:
        return None
    most = b[1] - 1
    return (0 if a[0] >= 0 else -most, most if a[1] > 0 else 0)


def _unsigned_remainder(a: Bounds, b: Bounds) -> Bounds | None:
    return (0, b[1] - 1) if b[0] >= 1 else None


def _masked(a: Bounds, b: Bounds) -> Bounds | None:
    masks = [bounds[1] for bounds in (a, b) if bounds[0] >= 0]
    return (0, min(masks)) if masks else None


def _shifted_right(a: Bounds, b: Bounds) -> Bounds | None:
    return _corners(lambda x, y: x >> y)(a, b) if b[0] >= 0 and b[1] < 64 else None


def _either(*choices: Bounds) -> Bounds:
    return min(low for low, _ in choices), max(high for _, high in choices)


_RULES: dict[str, Callable[..., Bounds | None]] = {
    "addi": _corners(lambda x, y: x + y),
    "subi": _corners(lambda x, y: x - y),
    "muli": _corners(lambda x, y: x * y),
    "divsi": _quotient,
    "remsi": _remainder,
    "remui": _unsigned_remainder,
    "andi": _masked,
    "shrsi": _shifted_right,
    "minsi": _corners(min),
    "maxsi": _corners(max),
    "arith.select": lambda condition, a, b: _either(a, b),
    "index_cast": lambda a: a,
    "extsi": lambda a: a if a != (0, 1) else (-1, 1),
    "extui": lambda a: a if a[0] >= 0 else None,
    "index_castui": lambda a: a if a[0] >= 0 else None,
    "trunci": lambda a: a,
}
