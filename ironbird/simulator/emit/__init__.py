"""A plan as one C++20 translation unit: its cores as functions, everything else as tables.

Separate from the runtime headers, which say what the tables mean.
"""

from ironbird.plan.plan import PhysicalPlan
from ironbird.simulator.emit.core_code import emit_cores
from ironbird.simulator.emit.tables import emit_tables
from ironbird.simulator.machine import machine_of
from ironbird.simulator.program_facts import calls_c_library


def emit_cpp(plan: PhysicalPlan) -> str:
    """The C++ source of `plan`, to be compiled with `ironbird/simulator` as include directory."""
    machine = machine_of(plan)
    cores = emit_cores(machine)
    bodies = [core.program.body for core in plan.cores]
    bodies += [function.body for function in plan.functions]
    c_library = any(map(calls_c_library, bodies))
    return "\n".join(
        [
            "// Emitted by ironbird.simulator.emit from a physical plan.",
            '#include "runtime/arithmetic.hpp"',
            *(['#include "runtime/c_library.hpp"'] if c_library else []),
            '#include "runtime/core_api.hpp"',
            "",
            cores.code,
            emit_tables(machine, cores),
        ]
    )


__all__ = ["emit_cpp"]
