"""Configurations that run in turn, as plans: what each is told about the tensors of the others.

Every plan has the tensors of the entry sequence as its first arguments.
"""

from collections.abc import Sequence
from dataclasses import replace

from ironbird.plan import HostArgument, PhysicalPlan
from ironbird.simulator import KernelStatistics, SimulationResult, TraceEvent

# An overlay switch of 2,810 us per pair was measured on silicon (whisper-xdna README.md), for
# another design; none is added.
NOTE = (
    "{count} configurations were loaded in turn; the time of loading is not modelled, and each "
    "load is assumed to reset the whole array"
)


def stages_of(plans: Sequence[PhysicalPlan]) -> tuple[PhysicalPlan, ...]:
    """The plans, where a tensor that several write counts as read by each.

    So what an earlier configuration wrote is not taken for an unwritten output of a later one; nor
    is a tensor that each writes a part of told to be incomplete.
    """
    writers = [
        sum(plan.sequence.arguments[number].written for plan in plans)
        for number in range(len(host_arguments(plans[0])))
    ]
    return tuple(
        replace(
            plan,
            sequence=replace(
                plan.sequence,
                arguments=tuple(
                    replace(argument, read=argument.read or writers[number] > 1)
                    if number < len(writers)
                    else argument
                    for number, argument in enumerate(plan.sequence.arguments)
                ),
            ),
        )
        for plan in plans
    )


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
        first = next((use for use in each if use.read or use.written), argument)
        written = any(use.written for use in each)
        joined.append(replace(argument, read=first.read, written=written))
    return tuple(joined)


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
