"""From a module as authors write it to the physical plan, through the pipeline of passes.

Here and not in `ironbird.plan`, because passes and plan know nothing of each other.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from xdsl.dialects.builtin import ModuleOp

from ironbird.ir import print_module
from ironbird.passes.pipeline import lower
from ironbird.plan import PhysicalPlan, build_plan
from ironbird.plan.text import plan_text

PLAN = "plan"


def lower_to_plan(module: ModuleOp) -> PhysicalPlan:
    """Place, lower, route and check `module`, then read the plan from it. `module` is not changed.

    Raises DesignError for whatever the device cannot do.
    """
    with _no_garbage_collection():
        return build_plan(lower(module, stop_after=None))


def text_after(module: ModuleOp, stop_after: str) -> str:
    """The module as the pass `stop_after` leaves it; or the plan, if that is `plan`.

    Raises UsageError for a name that is neither.
    """
    if stop_after == PLAN:
        return plan_text(lower_to_plan(module))
    return print_module(lower(module, stop_after=stop_after))


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Lowering makes many small objects that live on; looking for cycles took a fifth of it."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
