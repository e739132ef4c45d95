"""Records of a run as findings: sentences that name the author's objects and lines."""

from collections.abc import Mapping

from ironbird.simulator.machine import Machine
from ironbird.simulator.records import RunRecord
from ironbird.simulator.result import KernelStatistics, SimulationResult


def explain(
    machine: Machine, record: RunRecord, stack_frames: Mapping[str, int], seconds: float
) -> SimulationResult:
    kernels = tuple(
        KernelStatistics(symbol=kernel.symbol, calls=calls, cycles=cycles)
        for kernel, calls, cycles in zip(
            machine.plan.kernels, record.kernel_calls, record.kernel_cycles, strict=True
        )
    )
    return SimulationResult(
        finished=record.finished,
        cycles=record.cycles,
        findings=(),
        seconds=seconds,
        events=record.events,
        kernels=kernels,
    )
