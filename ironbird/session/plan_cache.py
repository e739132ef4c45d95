"""Remembers the plan that a module was lowered to, so that the next process need not lower it.

Lowering sixteen cores takes a third of a second, half of what a small run may take. The key is the
module's text, its source lines (a plan keeps them for messages), and the sources of what lowers it.
"""

import hashlib
import importlib.metadata
import pickle
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp

from ironbird.ir import print_module
from ironbird.ir.locations import name_of_location, source_line_of
from ironbird.passes.split_configurations import split_configurations
from ironbird.plan import PhysicalPlan
from ironbird.session.cache import Cache, cache_key
from ironbird.session.lowering import lower_to_plan
from ironbird.session.recipe import source_version
from ironbird.session.stages import stages_of

PLAN_FILE = "plan.pickle"
LOWERED_BY = ("ironbird.base", "ironbird.ir", "ironbird.passes", "ironbird.plan")


def remembered_plan(module: ModuleOp, cache: Cache, *, title: str) -> PhysicalPlan:
    """The plan of `module`: from `cache`, or lowered and kept there. Raises as `lower_to_plan`."""
    recipe = plan_key(module)
    found = cache.find(recipe)
    if found is not None:
        # Its checksum was verified; whoever can forge that can forge the code we load as well.
        plan: PhysicalPlan = pickle.loads((found / PLAN_FILE).read_bytes())
        return plan
    plan = lower_to_plan(module)
    try:
        with cache.scratch() as scratch:
            private = Path(scratch) / "entry"
            private.mkdir()
            (private / PLAN_FILE).write_bytes(pickle.dumps(plan))
            cache.publish(recipe, private, title=f"plan of {title}", dependencies={})
    except OSError:
        # Building comes next, meets the same store, and tells that it cannot be written.
        pass
    return plan


def remembered_plans(
    module: ModuleOp, cache: Cache, title: str, sequence: str | None, entry: str | None
) -> tuple[PhysicalPlan, ...]:
    """As `lower_to_plans`, with the plan of each configuration from `cache`."""
    stages = split_configurations(module, sequence=sequence, entry=entry)
    if stages is not None:
        return stages_of([remembered_plan(stage, cache, title=title) for stage in stages])
    if sequence is not None or entry is not None:
        # The key knows the module only.
        return (lower_to_plan(module, sequence=sequence, entry=entry),)
    return (remembered_plan(module, cache, title=title),)


def plan_key(module: ModuleOp) -> str:
    """The cache's name for the plan of `module`."""
    places = hashlib.sha256()
    for operation in module.walk():
        line = source_line_of(operation)
        place = (name_of_location(operation), line and (line.file, line.line, line.column))
        places.update(repr(place).encode())
    return cache_key(
        {
            "kind": b"plan",
            "module": print_module(module).encode(),
            "places": places.digest(),
            "xdsl": importlib.metadata.version("xdsl").encode(),
            **{package: source_version(package).encode() for package in LOWERED_BY},
        }
    )
