"""The core operations that mlir-aie prints in its own samples all have a meaning here."""

from pathlib import Path

import pytest

from ironbird.base.findings import FindingKind
from ironbird.ir import parse_module
from ironbird.session.lowering import lower_to_plan
from ironbird.simulator import SimulationOptions, interpret

SAMPLES = Path(__file__).parents[1] / "ir" / "samples"

# Nothing feeds the buffers of a sample, and some divide by what they read: that much is told.
TOLD = {FindingKind.POISON_READ, FindingKind.UNDEFINED_RESULT, FindingKind.OUT_OF_BOUNDS}
RUN = [
    "21_cascade",
    "42_core_integer_ops",
    "43_core_float_ops",
    "46_core_structured_control",
    "47_core_blocks_and_affine",
    "48_core_vector",
]


def plan_of(name: str):
    file = SAMPLES / f"{name}.mlir"
    return lower_to_plan(parse_module(file.read_text(), file.name))


@pytest.mark.parametrize("name", RUN)
def test_samples_run(name):
    plan = plan_of(name)
    result = interpret(plan, None, [], SimulationOptions())
    assert {each.kind for each in result.findings} <= TOLD
    assert result.finished
    assert result.events >= len(plan.cores)


def test_streams_without_a_flow():
    result = interpret(plan_of("52_core_streams_events"), None, [], SimulationOptions())
    (finding,) = result.findings
    assert finding.what == "core (0, 2) reads stream port 0 that it does not have"


@pytest.mark.parametrize("name", ["44_core_unsigned_and_casts", "45_core_memref_views"])
def test_samples_with_kernels_have_a_plan(name):
    (core,) = plan_of(name).cores
    assert any(operation.name == "kernel.call" for operation in core.program.body.walk())
