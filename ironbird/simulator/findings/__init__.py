"""Records of a run as a result: findings that name the author's objects and lines."""

from collections.abc import Iterable, Mapping

from ironbird.base.findings import FindingKind
from ironbird.simulator.findings.leftovers import leftover_findings
from ironbird.simulator.findings.met import finding_of
from ironbird.simulator.findings.names import Names
from ironbird.simulator.findings.over_release import over_release_findings
from ironbird.simulator.findings.stack import stack_findings
from ironbird.simulator.findings.standstill import standstill_findings
from ironbird.simulator.machine import Machine
from ironbird.simulator.records import FindingRecord, RecordKind, RunRecord, TraceKind
from ironbird.simulator.result import KernelStatistics, SimulationResult, TraceEvent
from ironbird.simulator.trace_units import recorded_traces

# After these a standstill says nothing about the design.
_STOPPED = (FindingKind.CRASHED_KERNEL, FindingKind.INTERRUPTED, FindingKind.CYCLE_LIMIT)
_TOLD_BY_FIFO = (
    RecordKind.RACE,
    RecordKind.POISON_READ,
    RecordKind.WRITE_PAST_BUFFER,
    RecordKind.OUT_OF_BOUNDS,
    RecordKind.READ_PAST_BUFFER,
)
# What the timeline shows; the other kinds are for the trace units.
_TIMELINE = {
    TraceKind.KERNEL: "kernel",
    TraceKind.LOCK_WAIT: "lock",
    TraceKind.TRANSFER: "transfer",
    TraceKind.EVENT: "event",
}


def explain(
    machine: Machine, record: RunRecord, stack_frames: Mapping[int, int], seconds: float
) -> SimulationResult:
    """The result that `record` stands for.

    stack_frames: bytes by kernel of the plan.  seconds: of the host.
    """
    names = Names(machine)
    findings = [*stack_findings(names, stack_frames)]
    findings += [finding_of(names, each) for each in _one_of_a_kind(names, record.findings)]
    stopped = any(finding.kind in _STOPPED for finding in findings)
    if record.rested and not stopped:
        findings += over_release_findings(names, record)
        findings += standstill_findings(names, record)
        if record.finished and not findings:
            findings += leftover_findings(names, record)
    traces, notes = recorded_traces(machine, record)
    return SimulationResult(
        finished=record.finished,
        cycles=record.cycles,
        findings=tuple(findings),
        seconds=seconds,
        events=record.events,
        kernels=_kernel_statistics(machine, record),
        trace=tuple(_trace_event(names, each) for each in record.trace if each[1] in _TIMELINE),
        traces=traces,
        notes=notes,
    )


def _one_of_a_kind(names: Names, records: Iterable[FindingRecord]) -> list[FindingRecord]:
    """One record where the same parties meet again over another buffer of the same fifo.

    What is undefined is told once for each line, of which there may be many copies.
    """
    kept: dict[object, FindingRecord] = {}
    for record in records:
        key: object = record
        if record.kind in _TOLD_BY_FIFO and record.object >= 0:
            parties = frozenset((record.agent, record.other_agent))
            key = (record.kind, parties, names.objects(record.object), _kernel_of(record))
        if record.kind is RecordKind.UNDEFINED:
            line = names.line(record.agent, record.site)
            key = (record.kind, record.agent, record.detail, line)
        kept.setdefault(key, record)
    return list(kept.values())


def _kernel_of(record: FindingRecord) -> int:
    return -1 if record.kind is RecordKind.RACE else record.detail


def _kernel_statistics(machine: Machine, record: RunRecord) -> tuple[KernelStatistics, ...]:
    return tuple(
        KernelStatistics(symbol=kernel.symbol, calls=calls, cycles=cycles)
        for kernel, calls, cycles in zip(
            machine.plan.kernels, record.kernel_calls, record.kernel_cycles, strict=True
        )
    )


def _trace_event(names: Names, entry: tuple[int, int, int, int, int]) -> TraceEvent:
    agent, kind, number, start, end = entry
    plan = names.machine.plan
    match _TIMELINE[TraceKind(kind)]:
        case "kernel":
            name = plan.kernels[number].symbol
        case "lock":
            name = plan.locks[number].name
        case "transfer":
            fifo = names.stream_fifo(plan.descriptors[number]) if number >= 0 else None
            name = fifo or "stream"
        case _:
            name = f"event{number}"
    return TraceEvent(
        track=names.agent(agent),
        kind=_TIMELINE[TraceKind(kind)],
        name=name,
        start=start,
        end=end,
    )
