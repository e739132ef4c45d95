"""Where a core stands with its ends of fifos, and the numbers that control flow carries along."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from xdsl.ir import SSAValue

from ironbird.passes.lower_object_fifos.core_constants import CoreConstants
from ironbird.passes.lower_object_fifos.held_objects import NONE_HELD, EndKey

Number = int | SSAValue
"""A number known now, or one the core computes (i32)."""


@dataclass(frozen=True)
class EndState:
    """Where a core stands with one end of a fifo.

    next_buffer: number of the buffer of the oldest object held, or of the next one to come.
    held:        how many objects may be held.
    held_value:  how many are held at run time; None where `held` is one number.
    """

    next_buffer: Number = 0
    held: frozenset[int] = NONE_HELD
    held_value: SSAValue | None = None

    @property
    def held_number(self) -> Number:
        """How many objects are held."""
        if self.held_value is not None:
            return self.held_value
        (count,) = self.held
        return count

    def known(self) -> "EndState":
        """Without the run-time count where there is only one possibility."""
        return replace(self, held_value=None) if len(self.held) == 1 else self


States = dict[EndKey, EndState]


@dataclass(frozen=True)
class CarriedNumbers:
    """What differs from path to path, so that loops and branches have to hand it on as values.

    moved:   ends whose next buffer differs.
    counted: ends of which different numbers of objects may be held.
    """

    moved: Sequence[EndKey]
    counted: Sequence[EndKey]

    def __len__(self) -> int:
        return len(self.moved) + len(self.counted)

    def values_of(self, states: States, constants: CoreConstants) -> list[SSAValue]:
        """The numbers as i32 values, those of `moved` first."""
        numbers = [states[end].next_buffer for end in self.moved]
        numbers += [states[end].held_number for end in self.counted]
        return [constants.i32(number) if isinstance(number, int) else number for number in numbers]

    def bound_to(self, states: States, values: Sequence[SSAValue]) -> States:
        """`states` with the numbers that `values` stand for."""
        bound = dict(states)
        for end, value in zip(self.moved, values, strict=False):
            bound[end] = replace(bound[end], next_buffer=value)
        for end, value in zip(self.counted, values[len(self.moved) :], strict=True):
            bound[end] = replace(bound[end], held_value=value)
        return {end: state.known() for end, state in bound.items()}
