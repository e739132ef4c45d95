"""A design lowered by us and by mlir-aie computes the same, at every level of theirs."""

from functools import cache

import numpy as np
import pytest
from plan.sample_kernels import kernel_directory
from plan.sample_plans import sample_plans

from ironbird.base.errors import DesignError
from ironbird.plan import PhysicalPlan
from ironbird.simulator import SimulationOptions, interpret
from tests.lowering_samples import APRIL, AUGUST, EVERY_SAMPLE, NO_PLAN, folders
from tests.passes.test_plans_of_samples import (
    CUT_WRONG,
    NO_TRACE_BUFFER,
    PACKED,
    UNALIGNED,
)

# What a run computes that waits for nobody depends on how long its steps take.
UNORDERED = "30_no_synchronization"

NOT_ALIKE = {
    (APRIL, "27_trace", "lowered.mlir"): NO_TRACE_BUFFER,
    (APRIL, "27_trace", "npu.mlir"): NO_TRACE_BUFFER,
    (APRIL, "34_buffer_addresses", "lowered.mlir"): UNALIGNED,
    (APRIL, "34_buffer_addresses", "lowered_sequential.mlir"): UNALIGNED,
    (APRIL, "34_buffer_addresses", "npu.mlir"): UNALIGNED,
    (AUGUST, "34_buffer_addresses", "lowered_sequential.mlir"): PACKED,
    (AUGUST, "44_large_transfers", "npu.mlir"): CUT_WRONG,
}
"""What does not run, or gives something else, and why."""

RUN = [sample for sample in EVERY_SAMPLE if sample[1] not in (*NO_PLAN, UNORDERED)]


def outputs(plans: tuple[PhysicalPlan, ...]) -> list[np.ndarray]:
    """Every tensor after a run on small random integers; what is only written starts as zeros."""
    random = np.random.default_rng(7)
    tensors = [
        random.integers(0, 100, argument.shape).astype(argument.element.dtype)
        if argument.read
        else np.zeros(argument.shape, argument.element.dtype)
        for argument in plans[0].sequence.arguments
    ]
    for plan in plans:
        result = interpret(plan, kernel_directory(plan), tensors, SimulationOptions())
        assert result.finished
    return tensors


@cache
def outputs_of(version: str, folder: str, file: str) -> list[np.ndarray]:
    """`outputs` of one sample."""
    return outputs(sample_plans(version, folder, file))


@cache
def runs_alike(version: str, folder: str, file: str) -> bool:
    """Whether theirs runs, and gives what ours of `in.mlir` gives."""
    try:
        theirs = outputs_of(version, folder, file)
    except DesignError:
        return False
    ours = outputs_of(version, folder, "in.mlir")
    return len(ours) == len(theirs) and all(map(np.array_equal, ours, theirs))


@pytest.mark.parametrize("sample", RUN, ids="-".join)
def test_theirs_gives_what_ours_gives(sample: tuple[str, str, str]) -> None:
    assert runs_alike(*sample) == (sample not in NOT_ALIKE)


def test_counts() -> None:
    """How many there are; `pytest -rP` shows it."""
    for version in (APRIL, AUGUST):
        every = [sample for sample in EVERY_SAMPLE if sample[0] == version]
        alike = [sample for sample in every if sample in RUN and runs_alike(*sample)]
        print(f"{version}: modules of mlir-aie that run and agree {len(alike)} of {len(every)}")
        for sample in every:
            if sample not in alike:
                reason = NOT_ALIKE.get(sample) or NO_PLAN.get(sample[1], "has no locks at all")
                print(f"  {'/'.join(sample)}: {reason}")
        assert len(folders(version)) > 30


def test_what_comes_out_is_what_the_design_says() -> None:
    """01 adds three, 23 frames six rows of twelve with zeros, 21 multiplies two matrices."""
    taken, added = outputs_of(AUGUST, "01_single_in_out", "in.mlir")
    np.testing.assert_array_equal(added, taken + 3)
    taken, framed = outputs_of(AUGUST, "23_memtile_padding", "in.mlir")
    np.testing.assert_array_equal(
        framed.reshape(8, 16), np.pad(taken.reshape(6, 12), ((1, 1), (2, 2)))
    )
    a, b, c = outputs_of(AUGUST, "21_gemm_two_columns", "in.mlir")
    np.testing.assert_array_equal(c, a.astype(np.float32) @ b.astype(np.float32))
