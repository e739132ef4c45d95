"""Kernels that need more stack than the worker that calls them has."""

from collections.abc import Iterator, Mapping

from ironbird.base.findings import Finding, FindingKind
from ironbird.plan.plan import Core, PhysicalPlan
from ironbird.simulator.attributes import integer
from ironbird.simulator.findings.names import Names
from ironbird.simulator.kernel_library import kernels_called


def stack_findings(names: Names, frames: Mapping[int, int]) -> Iterator[Finding]:
    """One finding for each worker and kernel that do not fit.

    frames: bytes by kernel of the plan, from the build in which vector registers take no stack.
    """
    plan = names.machine.plan
    for number, core in enumerate(plan.cores):
        for kernel_number in sorted(kernels_called(plan, core.program)):
            kernel = plan.kernels[kernel_number]
            needed = frames.get(kernel_number, 0) + _own_bytes(plan, core)
            if needed <= core.stack_bytes:
                continue
            yield Finding(
                kind=FindingKind.STACK_OVERFLOW,
                what=f"kernel {kernel.symbol!r} needs more stack than {names.agent(number)} has",
                at=core.at,
                because=f"it takes at least {needed} bytes; stack_size is {core.stack_bytes}",
                fix=f"stack_size={-(-needed // 32) * 32 + 256}, or smaller arrays in the kernel",
                objects=(kernel.symbol, core.name or str(core.tile)),
                also_at=() if kernel.at is None else (kernel.at,),
            )


def _own_bytes(plan: PhysicalPlan, core: Core) -> int:
    """What the core's own code keeps on the stack while it calls a kernel."""
    own = {
        integer(operation, "buffer")
        for operation in core.program.body.walk()
        if operation.name == "memref.alloca"
    }
    return sum(plan.buffers[number].byte_count for number in own)
