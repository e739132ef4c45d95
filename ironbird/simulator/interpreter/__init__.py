"""The slow interpreter of plans: the definition that the native simulator is compared with.

It follows the same events in the same order, so outputs, cycles and findings are equal, bit for
bit. Kernels are the same compiled code, called through ctypes; one that crashes takes the process
with it, as there is nothing around it.
"""

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ironbird.plan.plan import PhysicalPlan
from ironbird.simulator.findings import explain
from ironbird.simulator.interpreter.simulation import Simulation
from ironbird.simulator.kernel_library import load_frames, load_kernels
from ironbird.simulator.machine import machine_of
from ironbird.simulator.native import check_arguments
from ironbird.simulator.options import SimulationOptions
from ironbird.simulator.result import SimulationResult

__all__ = ["interpret"]


def interpret(
    plan: PhysicalPlan,
    kernel_library: Path | None,
    arguments: Sequence[npt.NDArray[np.generic]],
    options: SimulationOptions,
) -> SimulationResult:
    """Run `plan` once on `arguments`, written in place as by `Executable.run`.

    kernel_library: the directory that `build` wrote, or None for a plan that calls no kernel.
    Raises UsageError if an array does not fit its argument, DesignError if a kernel is missing.
    """
    check_arguments(plan, arguments)
    begun = time.perf_counter()
    machine = machine_of(plan)
    frames = load_frames(kernel_library, plan) if kernel_library is not None else {}
    with np.errstate(all="ignore"):
        record = Simulation(machine, arguments, load_kernels(kernel_library, plan), options).run()
    return explain(machine, record, frames, time.perf_counter() - begun)
