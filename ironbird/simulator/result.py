"""What a simulated run came to."""

from dataclasses import dataclass

from ironbird.base.findings import Finding
from ironbird.simulator.trace_units import RecordedTrace


@dataclass(frozen=True, kw_only=True)
class TraceEvent:
    """Something that took time, or a moment that a program marked.

    track: whose: a worker or a channel.  kind: "kernel", "lock", "transfer" or "event".
    start, end: in cycles.
    """

    track: str
    kind: str
    name: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class KernelStatistics:
    """Calls of one kernel by all cores, and the cycles they were modelled to take."""

    symbol: str
    calls: int
    cycles: int


@dataclass(frozen=True, kw_only=True)
class SimulationResult:
    """How a run ended.

    finished: whether the sequence came to its end.
    cycles:   of the array, from configuration to the end of the sequence.
    seconds:  of the host.
    events:   that the simulation took; it grows with descriptors and calls, not with words.
    traces:   what the plan's trace buffers hold.
    notes:    what is missing in them.
    """

    finished: bool
    cycles: int
    findings: tuple[Finding, ...]
    seconds: float
    events: int
    kernels: tuple[KernelStatistics, ...] = ()
    trace: tuple[TraceEvent, ...] = ()
    traces: tuple[RecordedTrace, ...] = ()
    notes: tuple[str, ...] = ()
