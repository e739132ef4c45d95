"""Numbers for the operations of core programs, by which both simulators name the author's lines."""

from ironbird.plan.core_program import Operation, Region
from ironbird.plan.plan import PhysicalPlan
from ironbird.simulator.program_facts import TIMED_OPERATIONS

# Operations of a core's program count from 0, of function number n from (n + 1) times this.
FUNCTION_SITES = 1 << 20


def sites_of(body: Region, first: int) -> dict[int, int]:
    """The site of every operation, by `id`."""
    return {id(operation): first + number for number, operation in enumerate(body.walk())}


_STORES = frozenset(("memref.store", "memref.copy", "vector.store"))
_LOADS = frozenset(("memref.load", "memref.copy", "vector.load"))


def access_after(plan: PhysicalPlan, core: int, site: int, *, write: bool) -> Operation:
    """The load or store that a core did behind `site`, noted when the core next met time.

    The operation at `site` itself if there is none, as for a kernel call.
    """
    number = site % FUNCTION_SITES
    operations = list(program_at(plan, core, site).walk())
    if operations[number].name == "kernel.call":
        return operations[number]
    for operation in operations[number + 1 :]:
        if operation.name in (_STORES if write else _LOADS):
            return operation
        if operation.name in TIMED_OPERATIONS:
            break
    return operations[number]


def program_at(plan: PhysicalPlan, core: int, site: int) -> Region:
    """What `site` counts in: the program of a core, or a function it calls."""
    function = site // FUNCTION_SITES
    return plan.functions[function - 1].body if function else plan.cores[core].program.body


def operation_at(plan: PhysicalPlan, core: int, site: int) -> Operation:
    """The operation of a core, or of a function it calls, that `site` names."""
    for position, operation in enumerate(program_at(plan, core, site).walk()):
        if position == site % FUNCTION_SITES:
            return operation
    raise IndexError(f"site {site} is not in the program of core {core}")
