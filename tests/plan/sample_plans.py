"""Plans of the modules that mlir-aie made, for every test that needs a real one."""

from functools import cache

from ironbird.ir import parse_module
from ironbird.passes.pipeline import lower
from ironbird.plan import PhysicalPlan, build_plan
from ironbird.session.lowering import lower_to_plans
from tests.lowering_samples import AUGUST, folders, read_sample, sample_text

REFUSED_SAMPLES = frozenset(
    {
        "32_configure_run",
        "40_scratchpad_parameter",
        "42_dynamic_sequence",
    }
)
"""Lowered modules that no plan can hold; `test_build_plan` says why."""

SAMPLE_NAMES = tuple(name for name in folders(AUGUST) if name not in REFUSED_SAMPLES)


def lowered_text(name: str) -> str:
    """What mlir-aie made of a design, its flows not routed yet."""
    return sample_text(AUGUST, name, "lowered.mlir")


@cache
def plan_of(name: str) -> PhysicalPlan:
    """The plan of `lowered_text(name)`, routed by our passes."""
    return build_plan(lower(parse_module(lowered_text(name), f"{name}.mlir")))


@cache
def sample_plans(version: str, folder: str, file: str) -> tuple[PhysicalPlan, ...]:
    """The plans of any sample, one for each configuration that it loads in turn."""
    return lower_to_plans(read_sample(version, folder, file))
