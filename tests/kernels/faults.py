"""Faults that kernels had in earlier projects, injected round a kernel: its source is not changed.

A fault takes a call and answers what the written arguments hold after it went wrong. Whoever judges
compares that with the reference of the call as it should have been.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from aie_kernels.blocks import blocked, unblocked
from aie_kernels.contract import KernelContract
from tests.kernels.library import call, poison, scratch

Array = np.ndarray[Any, Any]
Given = Mapping[str, Any]
Written = Mapping[str, Array]


@dataclass(frozen=True)
class Call:
    """A kernel and two sets of arguments: those it is called with, and those of the call before."""

    contract: KernelContract
    given: Given
    before: Given


Fault = Callable[[Call], Written]

FAULTS = (
    "zero_output",
    "not_written",
    "result_of_the_call_before",
    "operands_swapped",
    "halves_swapped",
    "blocks_transposed",
    "truncated",
    "shift_up",
    "shift_down",
    "addends_missing",
    "stack_of_1_kib",
)
"""Halves are those of a row, as of two heads; addends are biases and masks, with a gain of one."""


def zero_output(faulty: Call) -> Written:
    """Whatever was computed does not arrive."""
    return {name: np.zeros_like(array) for name, array in without_fault(faulty).items()}


def not_written(faulty: Call) -> Written:
    """The buffers are as they were."""
    return {
        argument.name: np.asarray(faulty.given.get(argument.name, poison(argument)))
        for argument in faulty.contract.arguments
        if argument.is_written
    }


def result_of_the_call_before(faulty: Call) -> Written:
    """A stale buffer is taken for the result."""
    return call(faulty.contract, faulty.before)


def without_fault(right: Call) -> Written:
    """The kernel as it is."""
    return call(right.contract, right.given)


def given_instead(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Fault:
    """The kernel gets other arguments: `change` of all answers those that are others."""

    def fault(faulty: Call) -> Written:
        given = dict(faulty.given)
        return call(faulty.contract, {**given, **change(given)})

    return fault


def operands_swapped(first: str, second: str) -> Fault:
    """Each operand is in the place of the other."""
    return given_instead(lambda given: {first: given[second], second: given[first]})


def halves_swapped(name: str) -> Fault:
    """The second half of an operand comes first, as of two heads or two pieces."""
    return given_instead(lambda given: {name: np.roll(given[name], given[name].size // 2)})


def blocks_transposed(name: str, rows: int, columns: int, block: tuple[int, int]) -> Fault:
    """Blocks follow one another down the columns of the matrix, not along its rows."""

    def change(given: dict[str, Any]) -> dict[str, Any]:
        matrix = unblocked(given[name][: rows * columns], rows, columns, *block)
        wrong = blocked(matrix, *block).transpose(1, 0, 2, 3).reshape(-1)
        return {name: np.concatenate([wrong, given[name][rows * columns :]])}

    return given_instead(change)


def changed(**changes: Callable[[Any], Any]) -> Fault:
    """The kernel gets other numbers for the arguments named."""
    return given_instead(
        lambda given: {name: change(given[name]) for name, change in changes.items()}
    )


def without_addends(*names: str) -> Fault:
    """What is added is zero."""
    return given_instead(lambda given: {name: np.zeros_like(given[name]) for name in names})


def truncated(faulty: Call) -> Written:
    """Where the source rounds to nearest even, it truncates, as crRnd does unless it is set."""
    return call(truncating(faulty.contract), faulty.given)


def truncating(contract: KernelContract) -> KernelContract:
    """The same kernel, compiled with another name for the rounding it asks for."""
    source = scratch() / f"truncating_{contract.source}"
    if not source.exists():
        source.write_text(
            f'#include <aie_api/aie.hpp>\n#define conv_even floor\n#include "{contract.source}"\n'
        )
    return replace(contract, source=str(source))


def doubled(power: int) -> Callable[[Array], Array]:
    """Numbers times 2^power, which is what a shift that is off by one does to them."""
    return lambda numbers: (numbers * 2.0**power).astype(numbers.dtype)


def float_tail_doubled(power: int, first: int) -> Callable[[Array], Array]:
    """Of packed int8, the floats from byte `first` on times 2^power."""

    def change(packed: Array) -> Array:
        floats = np.ascontiguousarray(packed[first:]).view(np.float32)
        return np.concatenate([packed[:first], doubled(power)(floats).view(packed.dtype)])

    return change
