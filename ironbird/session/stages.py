"""Configurations that run in turn, as plans: what each is told about the tensors of the others.

Every plan has the tensors of the entry sequence as its first arguments.
"""

from collections.abc import Sequence
from dataclasses import replace

from ironbird.base.device import Direction
from ironbird.plan import HostArgument, HostBuffer, PhysicalPlan, StartTask
from ironbird.simulator import KernelStatistics, SimulationResult, TraceEvent

# An overlay switch of 2,810 us per pair was measured on silicon (whisper-xdna README.md), for
# another design; none is added.
NOTE = (
    "{count} configurations were loaded in turn; the time of loading is not modelled, and each "
    "load is assumed to reset the whole array"
)


def stages_of(plans: Sequence[PhysicalPlan]) -> tuple[PhysicalPlan, ...]:
    """The plans, where a tensor counts as read if another configuration gave or gives it content.

    So what an earlier configuration wrote, or the host gave it, is not taken for an unwritten
    output of a later one; nor is a tensor that several write a part of told to be incomplete.
    """
    uses = [[_use(plan, n) for plan in plans] for n in range(len(host_arguments(plans[0])))]

    def marked(argument: HostArgument, number: int, stage: int) -> HostArgument:
        if number >= len(uses):
            return argument
        before, after = uses[number][:stage], uses[number][stage + 1 :]
        has_content = any(use != (False, False) for use in before)
        completed_later = any(written for _, written in after)
        return replace(argument, read=argument.read or has_content or completed_later)

    return tuple(
        replace(
            plan,
            sequence=replace(
                plan.sequence,
                arguments=tuple(
                    marked(argument, number, stage)
                    for number, argument in enumerate(plan.sequence.arguments)
                ),
            ),
        )
        for stage, plan in enumerate(plans)
    )


def _use(plan: PhysicalPlan, number: int) -> tuple[bool, bool]:
    argument = plan.sequence.arguments[number]
    return argument.read, argument.written


def host_arguments(plan: PhysicalPlan) -> tuple[HostArgument, ...]:
    """The arguments of the sequence without the buffers that only trace packets reach."""
    arguments = plan.sequence.arguments
    traced = {
        buffer.argument
        for buffer in (plan.traces.buffers if plan.traces is not None else ())
        if buffer.offset_bytes == 0
    }
    count = len(arguments)
    while count - 1 in traced and not (arguments[count - 1].read or arguments[count - 1].written):
        count -= 1
    return arguments[:count]


def joined_arguments(plans: Sequence[PhysicalPlan]) -> tuple[HostArgument, ...]:
    """What the host has to give: read if the first to touch it reads it, written if any does."""
    joined = []
    for number, argument in enumerate(host_arguments(plans[0])):
        each = [plan.sequence.arguments[number] for plan in plans]
        if len(plans) == 1:
            joined.append(argument)
            continue
        first = next((n for n, use in enumerate(each) if use.read or use.written), None)
        read = first is not None and _sends(plans[first], number)
        joined.append(replace(argument, read=read, written=any(use.written for use in each)))
    return tuple(joined)


def _sends(plan: PhysicalPlan, argument: int) -> bool:
    """Whether a task of the sequence reads an argument; `stages_of` marks more as read."""
    for step in plan.sequence.steps:
        if not isinstance(step, StartTask) or step.channel.direction is not Direction.MM2S:
            continue
        seen: list[int] = []
        descriptor: int | None = step.first
        while descriptor is not None and descriptor not in seen:
            if plan.descriptors[descriptor].memory == HostBuffer(argument):
                return True
            seen.append(descriptor)
            descriptor = plan.descriptors[descriptor].next
    return False


def joined_kernels(each: Sequence[Sequence[KernelStatistics]]) -> tuple[KernelStatistics, ...]:
    """Calls and cycles of every kernel over all configurations."""
    found: dict[str, KernelStatistics] = {}
    for kernels in each:
        for kernel in kernels:
            before = found.get(
                kernel.symbol, KernelStatistics(symbol=kernel.symbol, calls=0, cycles=0)
            )
            found[kernel.symbol] = replace(
                before, calls=before.calls + kernel.calls, cycles=before.cycles + kernel.cycles
            )
    return tuple(found.values())


def joined_timelines(results: Sequence[SimulationResult]) -> tuple[TraceEvent, ...]:
    """One timeline: each configuration begins where the one before ended."""
    timeline: list[TraceEvent] = []
    began = 0
    for result in results:
        timeline += [
            replace(event, start=event.start + began, end=event.end + began) if began else event
            for event in result.trace
        ]
        began += result.cycles
    return tuple(timeline)
