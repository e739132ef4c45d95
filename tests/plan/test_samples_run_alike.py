"""A design lowered by us and by mlir-aie computes the same, as the interpreter runs their plans."""

from pathlib import Path

import numpy as np
import pytest
from plan.sample_plans import SAMPLE_NAMES, plan_of

from ironbird.ir import parse_module
from ironbird.passes.pipeline import lower
from ironbird.plan import PhysicalPlan, build_plan
from ironbird.simulator import SimulationOptions, interpret

DESIGNS = Path(__file__).parent.parent / "passes" / "samples"
# Its fifos have no locks: what it computes depends on timing.
UNORDERED = {"30_no_synchronization"}
WITHOUT_KERNELS = [
    name for name in SAMPLE_NAMES if name not in UNORDERED and not plan_of(name).kernels
]


def outputs(plan: PhysicalPlan) -> list[np.ndarray]:
    """Every tensor after a run on small random integers; what is only written starts as zeros."""
    random = np.random.default_rng(7)
    tensors = [
        random.integers(0, 100, argument.shape).astype(argument.element.dtype)
        if argument.read
        else np.zeros(argument.shape, argument.element.dtype)
        for argument in plan.sequence.arguments
    ]
    assert interpret(plan, None, tensors, SimulationOptions()).finished
    return tensors


@pytest.mark.parametrize("name", WITHOUT_KERNELS)
def test_our_lowering_and_the_sample_compute_the_same(name: str) -> None:
    ours = build_plan(lower(parse_module((DESIGNS / name / "in.mlir").read_text(), name)))
    for one, other in zip(outputs(ours), outputs(plan_of(name)), strict=True):
        np.testing.assert_array_equal(one, other)


def test_what_comes_out_is_what_the_design_says() -> None:
    """01 adds three; 23 frames six rows of twelve with zeros."""
    taken, added = outputs(plan_of("01_single_in_out"))
    np.testing.assert_array_equal(added, taken + 3)
    taken, framed = outputs(plan_of("23_memtile_padding"))
    np.testing.assert_array_equal(
        framed.reshape(8, 16), np.pad(taken.reshape(6, 12), ((1, 1), (2, 2)))
    )
