"""What MLIR leaves undefined in integer arithmetic, and which operations can meet it."""

from enum import IntEnum

from ironbird.base.element_types import ElementType
from ironbird.simulator.integer_widths import bits_of

SIGNED_DIVISIONS = frozenset(["divsi", "remsi", "floordivsi", "ceildivsi"])
UNSIGNED_DIVISIONS = frozenset(["divui", "remui", "ceildivui"])
SHIFTS = frozenset(["shli", "shrsi", "shrui"])


class Undefined(IntEnum):
    """As `Undefined` in runtime/report.hpp."""

    DIVISION_BY_ZERO = 0
    DIVISION_OVERFLOW = 1
    SHIFT = 2
    STEP = 3


def undefined_in(function: str, element: ElementType, a: int, b: int) -> Undefined | None:
    """What is undefined about `function` of two integers of a type, or None.

    a, b: signed; those of an i1 are 0 and 1 and mean 0 and -1.
    """
    bits = bits_of(element)
    if bits == 1:
        a, b = -a, -b
    if function in SIGNED_DIVISIONS or function in UNSIGNED_DIVISIONS:
        if b == 0:
            return Undefined.DIVISION_BY_ZERO
        overflows = b == -1 and a == -(2 ** (bits - 1)) and function in SIGNED_DIVISIONS
        return Undefined.DIVISION_OVERFLOW if overflows else None
    if function in SHIFTS and not 0 <= b < bits:
        return Undefined.SHIFT
    return None
