"""What both simulators must agree on about core programs: names, timed operations, long loops."""

from collections.abc import Mapping

from ironbird.plan.core_program import Operation, Region

# Where a core meets simulated time. A function may do any of it.
TIMED_OPERATIONS = frozenset(
    [
        "lock.use",
        "kernel.call",
        "function.call",
        "cascade.put",
        "cascade.get",
        "stream.put",
        "stream.get",
        "event",
    ]
)

# A loop of more steps than this, or of an unknown number, meets time even if nothing in it does.
LONG_LOOP_STEPS = 1 << 20

_INDEX_DIALECT = {
    "index.add": "addi",
    "index.sub": "subi",
    "index.mul": "muli",
    "index.divs": "divsi",
    "index.divu": "divui",
    "index.rems": "remsi",
    "index.remu": "remui",
    "index.maxs": "maxsi",
    "index.mins": "minsi",
    "index.casts": "index_cast",
    "index.castu": "index_castui",
}


def arithmetic_name(operation: Operation) -> str | None:
    """The function in runtime/arithmetic.hpp that computes `operation`, or None if none does."""
    name = operation.name
    if name in _INDEX_DIALECT:
        return _INDEX_DIALECT[name]
    dialect, _, function = name.partition(".")
    if function in ("cmpi", "cmpf"):
        return f"{function}_{operation.attribute('predicate')}"
    if dialect in ("arith", "math") and function not in ("constant", "select"):
        return function
    return "fma" if name == "vector.fma" else None


def meets_time(region: Region) -> bool:
    """Whether anything in `region` can let simulated time pass."""
    return any(operation.name in TIMED_OPERATIONS for operation in region.walk())


def is_long_loop(operation: Operation, constants: Mapping[int, int]) -> bool:
    """Whether a loop that never meets time must be made to, because it may run very long."""
    if any(meets_time(region) for region in operation.regions):
        return False
    if operation.name != "scf.for":
        return True
    bounds = [constants.get(operand) for operand in operation.operands[:3]]
    low, high, step = bounds
    if low is None or high is None or step is None or step < 1:
        return True
    return (high - low) // step > LONG_LOOP_STEPS
