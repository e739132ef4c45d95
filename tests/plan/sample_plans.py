"""Plans of the lowered modules in `samples/`, for every test that needs a real one."""

from functools import cache
from pathlib import Path

from ironbird.ir import parse_module
from ironbird.passes.pipeline import lower
from ironbird.plan import PhysicalPlan, build_plan

SAMPLES = Path(__file__).parent / "samples"
SAMPLE_NAMES = tuple(sorted(path.stem for path in SAMPLES.glob("*.mlir")))


@cache
def plan_of(name: str) -> PhysicalPlan:
    """The plan of `samples/<name>.mlir`: what mlir-aie made of a design, routed by our passes."""
    path = SAMPLES / f"{name}.mlir"
    return build_plan(lower(parse_module(path.read_text(), path.name)))
