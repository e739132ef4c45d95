"""What both back ends note of a run, event by event: traces are made from nothing else."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from lowering_samples import AUGUST, read_sample

from ironbird.plan import Traces
from ironbird.session.compile import compile
from ironbird.simulator import SimulationOptions, interpret, interpreter, load, native
from ironbird.simulator.findings import explain
from ironbird.simulator.machine import Machine
from ironbird.simulator.records import RunRecord, TraceKind
from ironbird.simulator.result import SimulationResult

SEEN = {
    "27_trace": {TraceKind.EVENT, TraceKind.LOCK_WAIT, TraceKind.LOCK_REQUEST},
    "28_cascade": {TraceKind.CASCADE_WAIT, TraceKind.CHANNEL_LOCK_WAIT},
    "22_packet_flow": {TraceKind.TASK_STARTED, TraceKind.TASK_FINISHED},
}
ALWAYS = {
    *(TraceKind.TRANSFER, TraceKind.ARRIVAL, TraceKind.DEPARTURE),
    *(TraceKind.DESCRIPTOR, TraceKind.LOCK_RELEASE),
}


@pytest.mark.parametrize("seed", [None, 5])
@pytest.mark.parametrize("name", SEEN)
def test_both_note_the_same(name: str, seed: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    built = compile(read_sample(AUGUST, name, "in.mlir"))
    # A plan with trace units, even none, has everything noted; what was built is the same.
    plan = replace(built.plan, traces=Traces((), ()))
    records: list[RunRecord] = []

    def spy(
        machine: Machine, record: RunRecord, frames: Mapping[int, int], seconds: float
    ) -> SimulationResult:
        records.append(record)
        return explain(machine, record, frames, seconds)

    monkeypatch.setattr(native, "explain", spy)
    monkeypatch.setattr(interpreter, "explain", spy)
    options = SimulationOptions(schedule_seed=seed)
    arguments = [np.ones(each.shape, each.element.dtype) for each in plan.sequence.arguments]
    load(built.built.directory, plan).run([each.copy() for each in arguments], options)
    interpret(plan, built.built.directory, arguments, options)
    assert records[0].trace == records[1].trace
    kinds = {TraceKind(kind) for _, kind, _, _, _ in records[0].trace}
    assert kinds >= SEEN[name] | ALWAYS
    assert all(start <= end for _, _, _, start, end in records[0].trace)
