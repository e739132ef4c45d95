"""What a line of the table of faults is: a kernel's inputs, and each fault or why there is none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from aie_kernels.contract import KernelContract, Role
from ironbird.base.tolerance import Tolerance
from tests.kernels.faults import Fault, not_written, result_of_the_call_before, zero_output
from tests.kernels.library import poison

Drawn = Callable[[KernelContract, np.random.Generator], dict[str, Any]]
Rng = np.random.Generator


def drawn(contract: KernelContract, rng: Rng) -> dict[str, Any]:
    """Every argument: integers over the whole type, normally distributed floats."""
    given: dict[str, Any] = {}
    for argument in contract.arguments:
        if argument.role is Role.SCALAR:
            given[argument.name] = argument.values[0] if argument.values else 3
        elif argument.role is Role.OUT:
            given[argument.name] = poison(argument)
        elif argument.dtype.kind == "i":
            limits = np.iinfo(argument.dtype)
            given[argument.name] = rng.integers(
                limits.min, limits.max, argument.shape, argument.dtype, endpoint=True
            )
        else:
            given[argument.name] = rng.standard_normal(argument.shape).astype(argument.dtype)
    return given


def drawn_but(special: Callable[[Rng], dict[str, Any]]) -> Drawn:
    """As `drawn`, but for the arguments that `special` answers."""
    return lambda contract, rng: drawn(contract, rng) | special(rng)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One kernel.

    faults: by name, the fault or why the kernel cannot have it.
    inputs: what it is called with.
    inputs_to_truncate: where the fault shows in few calls only: those with which it does.
    closer: outputs that these inputs bring closer to the reference than the contract promises.
    """

    faults: Mapping[str, Fault | str]
    inputs: Drawn = drawn
    inputs_to_truncate: Drawn | None = None
    closer: Mapping[str, Tolerance] = field(default_factory=dict)

    def inputs_for(self, fault: str) -> Drawn:
        """What the kernel is called with to show `fault`."""
        if fault == "truncated" and self.inputs_to_truncate is not None:
            return self.inputs_to_truncate
        return self.inputs


STACK_FITS = "its frames fit in 1 KiB"
STACK_OVERFLOWS = "a finding of the simulator, not a result"
"""The two reasons that tests/kernels/test_faults.py looks into."""

EVERY_KERNEL: dict[str, Fault | str] = {
    "zero_output": zero_output,
    "not_written": not_written,
    "result_of_the_call_before": result_of_the_call_before,
    "operands_swapped": "it has one operand",
    "halves_swapped": "it has no operand",
    "blocks_transposed": "its operands are rows, not blocks",
    "truncated": "it rounds nothing",
    "shift_up": "it shifts nothing",
    "shift_down": "it shifts nothing",
    "addends_missing": "it adds nothing",
    "stack_of_1_kib": STACK_FITS,
}


def row(
    inputs: Drawn = drawn,
    *,
    inputs_to_truncate: Drawn | None = None,
    closer: Mapping[str, Tolerance] | None = None,
    **faults: Fault | str,
) -> Row:
    """A row in which faults that are not named are those of every kernel."""
    return Row(
        faults={**EVERY_KERNEL, **faults},
        inputs=inputs,
        inputs_to_truncate=inputs_to_truncate,
        closer=closer or {},
    )


COMMUTES = "its operands commute"
OTHER_SIZES = "its operands have different sizes"
