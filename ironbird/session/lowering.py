"""From a module as authors write it to the physical plan, through the pipeline of passes.

Here and not in `ironbird.plan`, because passes and plan know nothing of each other.
"""

from xdsl.dialects.builtin import ModuleOp

from ironbird.base.without_collection import without_collection
from ironbird.ir import print_module
from ironbird.passes.pipeline import lower
from ironbird.passes.split_configurations import split_configurations
from ironbird.plan import PhysicalPlan, build_plan
from ironbird.plan.text import plan_text
from ironbird.plan.write_registers import with_register_sequence
from ironbird.session.stages import stages_of

NPU = "npu"
PLAN = "plan"


def lower_to_plan(
    module: ModuleOp, *, sequence: str | None = None, entry: str | None = None
) -> PhysicalPlan:
    """Place, lower, route and check `module`, then read the plan from it. `module` is not changed.

    sequence, entry: names of the runtime sequence and of the device, where there are several.
    Raises DesignError for whatever the device cannot do.
    """
    with without_collection():  # looking for cycles took a fifth of it
        return build_plan(lower(module, stop_after=None), sequence, entry=entry)


def lower_to_plans(
    module: ModuleOp, *, sequence: str | None = None, entry: str | None = None
) -> tuple[PhysicalPlan, ...]:
    """One plan, or one for each configuration that the entry sequence loads, in turn."""
    stages = split_configurations(module, sequence=sequence, entry=entry)
    if stages is None:
        return (lower_to_plan(module, sequence=sequence, entry=entry),)
    return stages_of([lower_to_plan(stage) for stage in stages])


def text_after(
    module: ModuleOp, stop_after: str, *, sequence: str | None = None, entry: str | None = None
) -> str:
    """The module as the pass `stop_after` leaves it; with its sequence as register writes, if that
    is `npu`; or the plan, if that is `plan`.

    Raises UsageError for a name that is neither.
    """
    if stop_after == PLAN:
        return "".join(map(plan_text, lower_to_plans(module, sequence=sequence, entry=entry)))
    if stop_after == NPU:
        lowered = lower(module, stop_after=None)
        plan = build_plan(lowered, sequence, entry=entry)
        return print_module(with_register_sequence(lowered, plan))
    return print_module(lower(module, stop_after=stop_after))
