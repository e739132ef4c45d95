"""Objects that the host filled and no core read, once the sequence has ended."""

import numpy as np
import pytest

from ironbird.iron import ObjectFifo, Program, Runtime, Worker
from ironbird.iron.controlflow import range_
from ironbird.iron.device import NPU1
from ironbird.session.lowering import lower_to_plan
from ironbird.simulator import SimulationOptions, interpret

BLOCK = np.ndarray[(16,), np.dtype[np.int32]]


def findings(filled: int, *, forwarded: bool = False, read: int = 1, depth: int = 2) -> list[str]:
    """What a run tells whose core reads `read` of `filled` objects and writes as many."""
    source, result = ObjectFifo(BLOCK, name="source"), ObjectFifo(BLOCK, name="result")
    near = source.cons(depth).forward(name="near", depth=depth) if forwarded else source

    def core(source, result):
        for _ in range_(read):
            a, b = source.acquire(1), result.acquire(1)
            for i in range_(16):
                b[i] = a[i] + 1
            source.release(1)
            result.release(1)

    worker = Worker(core, [near.cons(), result.prod()], while_true=False)

    def sequence(x, y, source, result):
        source.fill(x)
        result.drain(y, wait=True)

    inputs, outputs = (np.ndarray[(16 * n,), np.dtype[np.int32]] for n in (filled, read))
    runtime = Runtime(sequence, [inputs, outputs, source.prod(), result.cons()])
    plan = lower_to_plan(Program(NPU1(), runtime, workers=[worker]).resolve_program())
    arguments = [np.arange(16 * filled, dtype=np.int32), np.zeros(16 * read, np.int32)]
    found = interpret(plan, None, arguments, SimulationOptions())
    assert found.finished
    return [str(each).partition(": ")[2] for each in found.findings]


MESSAGE = (
    "unread-input: {what} never read\n"
    "  because: the run is over, worker 'core' acquires no more, and the next run would find them "
    "in front of its own\n"
    "  try: as many objects filled as are acquired"
)


@pytest.mark.parametrize(
    ("filled", "what"),
    [
        (2, "1 filled object of ObjectFifo 'source' is"),
        (3, "2 filled objects of ObjectFifo 'source' are"),
    ],
)
def test_objects_that_nobody_reads(filled, what):
    assert findings(filled) == [MESSAGE.format(what=what)]


def test_objects_behind_a_memory_tile():
    assert findings(3, forwarded=True) == [
        MESSAGE.format(what="2 filled objects of ObjectFifo 'near' are")
    ]


@pytest.mark.parametrize("forwarded", [False, True])
def test_whatever_is_read_is_not_told(forwarded):
    assert findings(5, read=5, forwarded=forwarded) == []
