"""A run's timeline as a file that ui.perfetto.dev and chrome://tracing open.

Source  "Trace Event Format" (Google, chromium.org): complete events `X`, instants `i`, names `M`.
"""

import json
from pathlib import Path
from typing import Any

from ironbird.base.errors import UsageError
from ironbird.base.npu1 import CLOCK_HERTZ
from ironbird.session.result import RunResult
from ironbird.simulator import TraceEvent


def write_trace(path: Path, result: RunResult) -> None:
    """Write the timeline of a run that kept its trace. Raises UsageError if it cannot."""
    described = {
        "displayTimeUnit": "ns",
        "otherData": {"where": result.where, "clock": result.clock, "cycles": result.cycles},
        "traceEvents": trace_events(result),
    }
    try:
        path.write_text(json.dumps(described), encoding="utf-8")
    except OSError as failure:
        raise UsageError(f"{path} cannot be written", because=str(failure)) from failure


def trace_events(result: RunResult) -> list[dict[str, Any]]:
    """One row a worker or channel, by name; times in modelled microseconds."""
    microseconds_per_cycle = 1e6 / CLOCK_HERTZ[result.clock]
    rows = {track: row for row, track in enumerate(sorted({event.track for event in result.trace}))}
    names = [
        {"ph": "M", "pid": 0, "tid": row, "name": "thread_name", "args": {"name": track}}
        for track, row in rows.items()
    ]
    return [
        *names,
        *(_shown(event, rows[event.track], microseconds_per_cycle) for event in result.trace),
    ]


def _shown(event: TraceEvent, row: int, microseconds_per_cycle: float) -> dict[str, Any]:
    common = {
        "pid": 0,
        "tid": row,
        "name": event.name,
        "cat": event.kind,
        "ts": event.start * microseconds_per_cycle,
        "args": {"start_cycle": event.start, "end_cycle": event.end},
    }
    if event.end == event.start:
        return {"ph": "i", "s": "t", **common}
    return {"ph": "X", "dur": (event.end - event.start) * microseconds_per_cycle, **common}
