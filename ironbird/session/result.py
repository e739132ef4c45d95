"""What a run gives back: outputs, where it ran, its time, and what went wrong."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ironbird.base.errors import IronbirdError
from ironbird.base.findings import Finding
from ironbird.simulator import KernelStatistics, RecordedTrace, TraceEvent

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """One run of an executable.

    outputs:      the arrays that the program writes, in the order of its arguments; the caller's.
    where:        what ran it, with numerics: `simulator (native, g++ 12.2.0, silicon)`.
    cycles:       of the AIE clock, modelled.
    modelled_us:  microseconds those cycles take at `clock`; never a measurement.
    clock:        the name of the clock preset.
    wall_seconds: what the run took on this machine, building not included.
    cached:       whether what ran came from the cache.
    findings:     defects the run met; a correct program has none.
    notes:        what the reader should know about how it was built and run.
    kernels:      calls and modelled cycles of each kernel.
    trace:        what happened when, if the options asked for it.
    traces:       what the design's trace units recorded, one for each trace buffer.
    """

    outputs: tuple[Array, ...]
    where: str
    cycles: int
    modelled_us: float
    clock: str
    wall_seconds: float
    cached: bool
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    kernels: tuple[KernelStatistics, ...] = ()
    trace: tuple[TraceEvent, ...] = ()
    traces: tuple[RecordedTrace, ...] = ()

    @property
    def trace_buffer(self) -> "np.ndarray[Any, np.dtype[np.uint32]] | None":
        """The words of the first trace buffer; None if the design does not trace."""
        return self.traces[0].words if self.traces else None

    @property
    def npu_time(self) -> int:
        """Modelled nanoseconds, under the name that upstream's kernel result has."""
        return round(self.modelled_us * 1000)

    def is_success(self) -> bool:
        """Whether the run met no defect."""
        return not self.findings

    def raise_for_findings(self) -> None:
        """Raise RunFailed if the run met a defect."""
        if self.findings:
            raise RunFailed(self.findings)


class RunFailed(IronbirdError, RuntimeError):
    """A run met defects. Its text is their messages, one after the other."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings
