"""Arithmetic on sizes that upstream also defines for numbers known only with a call.

Here a DispatchTime number is known when the program is built, so these compute with plain numbers.
"""

import math

from ironbird.iron.taplib.walk_checks import tap_error, whole_numbers


def is_sym(value: object) -> bool:
    """Whether `value` is known only with a call; here none ever is."""
    return False


def sint(value: int) -> int:
    """`value` as an integer; refuses anything else."""
    (number,) = whole_numbers("sint(value)", (value,), least=-(2**63))
    return number


def smin(*values: int) -> int:
    """The smallest."""
    return min(sint(value) for value in values)


def sceildiv(a: int, b: int) -> int:
    """`a / b`, rounded up."""
    return -(-sint(a) // sint(b))


def sprod(values: "list[int] | tuple[int, ...]") -> int:
    """The product."""
    return math.prod(sint(value) for value in values)


def sselect(condition: bool, if_true: int, if_false: int) -> int:
    """The one or the other number."""
    return sint(if_true) if condition else sint(if_false)


def require(condition: bool, message: str = "a requirement of the design does not hold") -> None:
    """Refuse the program, with `message`, unless `condition` holds."""
    if not condition:
        raise tap_error(message)
