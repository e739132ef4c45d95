"""What both simulators must agree on about core programs: names, timed operations, long loops."""

from collections.abc import Mapping

from ironbird.plan.core_program import Operation, Region
from ironbird.simulator.attributes import integer

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

# What names a buffer of the plan, by its attribute `buffer`.
BUFFER_OPERATIONS = frozenset(["buffer", "memref.alloca"])

_INDEX_DIALECT = {
    **{name: f"{name}i" for name in ("add", "sub", "mul", "and", "or", "xor")},
    **{f"{name}s": f"{name}si" for name in ("div", "ceildiv", "floordiv", "rem", "max", "min")},
    **{f"{name}u": f"{name}ui" for name in ("div", "ceildiv", "rem", "max", "min")},
    "shl": "shli",
    "shrs": "shrsi",
    "shru": "shrui",
    "casts": "index_cast",
    "castu": "index_castui",
}


def arithmetic_name(operation: Operation) -> str | None:
    """The function of the runtime's headers that computes `operation`, or None if none does."""
    name = operation.name
    dialect, _, function = name.partition(".")
    if function in ("cmpi", "cmpf"):
        return f"{function}_{operation.attribute('predicate')}"
    if dialect == "index":
        if function == "cmp":
            return f"cmpi_{operation.attribute('predicate')}"
        return _INDEX_DIALECT.get(function)
    if dialect in ("arith", "math") and function not in ("constant", "select"):
        return function
    return "fma" if name == "vector.fma" else None


def calls_c_library(region: Region) -> bool:
    """Whether anything in `region` may need runtime/c_library.hpp."""
    return any(
        operation.name.startswith("math.") or operation.name in ("arith.remf", "vector.fma")
        for operation in region.walk()
    )


def meets_time(region: Region) -> bool:
    """Whether anything in `region` can let simulated time pass."""
    return any(operation.name in TIMED_OPERATIONS for operation in region.walk())


def is_followed(region: Region) -> bool:
    """Whether a loop over `region` must follow which bytes are written, whatever is outside it."""
    return any(
        operation.name in TIMED_OPERATIONS or operation.name == "memref.alloca"
        for operation in region.walk()
    )


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


def locks_acquired(region: Region) -> frozenset[int]:
    """The locks of the plan that `region` takes from."""
    return frozenset(
        integer(operation, "lock")
        for operation in region.walk()
        if operation.name == "lock.use" and operation.attribute("action") != "release"
    )
