"""What a kernel of the library promises: its arguments, its meaning in numpy, its accuracy.

One declaration serves the tests, the designs that are built for one kernel, and authors who compare
a result (`kernel.judge(result, *inputs)`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy.typing as npt

from ironbird.base.tolerance import Tolerance

Array = npt.NDArray[Any]


class Role(StrEnum):
    """What a kernel does with an argument."""

    IN = "in"
    OUT = "out"
    INOUT = "inout"
    SCALAR = "scalar"


@dataclass(frozen=True)
class Param:
    """One argument.

    lowest, highest: the values that samples are drawn from; None for the type's own range.
    value:           of a scalar, the one that samples have.
    """

    name: str
    role: Role
    lowest: float | None = None
    highest: float | None = None
    value: int = 0

    def __post_init__(self) -> None:
        if (self.lowest is None) != (self.highest is None):
            raise ValueError(f"argument {self.name!r} has one end of a range")


def taken(name: str, lowest: float | None = None, highest: float | None = None) -> Param:
    """An array that is only read."""
    return Param(name, Role.IN, lowest, highest)


def written(name: str) -> Param:
    """An array that is only written."""
    return Param(name, Role.OUT)


def updated(name: str, lowest: float | None = None, highest: float | None = None) -> Param:
    """An array that is read and written."""
    return Param(name, Role.INOUT, lowest, highest)


def number(name: str, value: int) -> Param:
    """A scalar, and the value that samples have."""
    return Param(name, Role.SCALAR, value=value)


@dataclass(frozen=True, kw_only=True)
class KernelContract:
    """What one kernel promises.

    params:     its arguments in order; one array is written, or none where all goes to the cascade.
    reference:  given every argument but the one only written, in order: what the written one holds.
    tolerance:  between the kernel and its reference.
    operations: arithmetic operations of one call, a multiply-add being two.
    """

    params: tuple[Param, ...]
    reference: Callable[..., Array]
    tolerance: Tolerance
    operations: int = 0

    def __post_init__(self) -> None:
        results = [each for each in self.params if each.role in (Role.OUT, Role.INOUT)]
        if len(results) > 1:
            raise ValueError(f"a kernel of the library writes one array, not {len(results)}")

    @property
    def output(self) -> int | None:
        """The number of the array that is written, if one is."""
        roles = [each.role for each in self.params]
        return next((i for i, role in enumerate(roles) if role in (Role.OUT, Role.INOUT)), None)
