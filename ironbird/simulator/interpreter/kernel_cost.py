"""Cycles of a kernel call from the slots it used: the same law as runtime/kernel_cost.hpp."""

from collections.abc import Mapping

from ironbird.simulator import timing
from ironbird.simulator.interpreter.core_state import CoreState, slots_by_name
from ironbird.simulator.options import CompilerClass


def bundles(slots: Mapping[str, int]) -> int:
    """Bundles that cannot be fewer: each slot issues one operation a cycle, loads two."""
    loads = (slots["load"] + slots["load_a"] + 1) // 2 + slots["load_both"]
    shared_port = slots["alu_results"] + slots["move"]
    alone = ("load_a", "store", "vector", "move", "convert", "scalar")
    return max(loads, shared_port, *(slots[name] for name in alone))


def kernel_cycles(counted: CoreState, argument_bytes: int, compiler_class: CompilerClass) -> int:
    """Cycles of the call whose counts `counted` holds."""
    model = timing.COMPILER_CLASSES[compiler_class]
    total = slots_by_name(counted.slots)
    if total["vector"] + total["load"] + total["store"] == 0:
        return timing.KERNEL_CALL_CYCLES + argument_bytes // 4 * timing.SCALAR_ELEMENT_CYCLES
    cycles = timing.KERNEL_CALL_CYCLES
    in_loops = 0
    for loop in counted.loops[: counted.loop_count]:
        slots = slots_by_name(loop.slots)
        ideal = bundles(slots)
        # Of several marks on one loop only the innermost has work; nor has a loop that holds loops.
        if ideal == 0:
            continue
        is_float = slots["mac_float"] > slots["mac_integer"]
        percent = model.float_percent if is_float else model.integer_percent
        in_loops += ideal
        cycles += ideal * percent // 100 + int(loop.entries) * model.loop_enter_cycles
    outside = max(bundles(total) - in_loops, 0)
    return cycles + outside * model.straight_percent // 100
