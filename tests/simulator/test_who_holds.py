"""Runs that stand still because somebody keeps objects, or nobody gives a lock its units."""

from dataclasses import replace

import pytest
from simulator.building import assert_agree, built, interpreted
from simulator.plan_parts import line
from simulator.plans import add_constant, ping_pong

from ironbird.base.device import Tile
from ironbird.base.findings import FindingKind
from ironbird.plan import Lock


def messages(result):
    return [str(finding) for finding in result.findings]


OUTPUT_WAITS = (
    "  because: the runtime sequence waits at design.py:52 for S2MM 0 of tile (0, 0) to end its "
    "task;\n"
    "    S2MM 0 of tile (0, 0) waits for {left} of 512 bytes of ObjectFifo 'y_out';\n"
    "    MM2S 0 of tile (0, 2) waits for 1 filled object of ObjectFifo 'y_out' (there are 0);\n"
)
HELD = {
    "worker0 releases what it read": (
        "design.py:10: undrained-fifo: ObjectFifo 'x_in' is not drained: S2MM 0 of tile (0, 2) "
        "waits for ever\n" + OUTPUT_WAITS.format(left=384) + "    worker 'worker0' waits at "
        "design.py:31 for 1 filled object of ObjectFifo 'x_in' (there are 0);\n"
        "    S2MM 0 of tile (0, 2) waits for 1 free object of ObjectFifo 'x_in' (there are 0);\n"
        "    worker 'worker0' acquired them at design.py:31 and never releases them\n"
        "  try: x_in.release(1) in worker 'worker0', after its last use of them"
    ),
    "worker0 releases what it wrote": (
        "design.py:20: unfilled-fifo: ObjectFifo 'y_out' is not filled: MM2S 0 of tile (0, 2) "
        "waits for ever\n" + OUTPUT_WAITS.format(left=512) + "    worker 'worker0' acquired them "
        "at design.py:32 and never releases them\n"
        "  try: y_out.release(1) in worker 'worker0', after its last use of them"
    ),
    "output 0 releases": (
        "design.py:32: undrained-fifo: ObjectFifo 'y_out' is not drained: worker 'worker0' waits "
        "for ever\n" + OUTPUT_WAITS.format(left=384) + "    worker 'worker0' waits at "
        "design.py:32 for 1 free object of ObjectFifo 'y_out' (there are 0);\n"
        "    MM2S 0 of tile (0, 2) acquired them at design.py:20 and never releases them\n"
        "  try: a release in the descriptors of MM2S 0 of tile (0, 2)"
    ),
}


@pytest.mark.parametrize("forgotten", HELD)
def test_who_keeps_the_objects_is_named(forgotten, tmp_path):
    executable = built(ping_pong(missing=frozenset([forgotten]))[0], tmp_path)
    result, _ = interpreted(executable.plan)
    assert messages(result) == [HELD[forgotten]]
    assert_agree(executable)


def test_the_line_of_the_acquire_is_among_the_others():
    result, _ = interpreted(ping_pong(missing=frozenset(["worker0 releases what it read"]))[0])
    (finding,) = result.findings
    assert line(31) in finding.also_at


def test_a_barrier_that_is_never_set(tmp_path):
    """A lock of no fifo, that the worker waits for and nobody gives a unit."""

    def wait_first(writer, source, target, ring):
        writer.lock(barrier, "acquire_ge", at=line(36))
        add_constant(writer, source, target, ring, 3)

    barrier = len(ping_pong()[0].locks)
    plan, _ = ping_pong(compute=wait_first)
    lock = Lock(name="go", tile=Tile(0, 2), id=barrier, initial=0, at=line(8))
    executable = built(replace(plan, locks=(*plan.locks, lock)), tmp_path)
    result, _ = interpreted(executable.plan)
    assert messages(result) == [
        "design.py:36: deadlock: worker 'worker0' waits for ever for 1 of lock 'go' made at "
        "design.py:8\n" + OUTPUT_WAITS.format(left=512) + "    worker 'worker0' waits at "
        "design.py:36 for 1 of lock 'go' made at design.py:8 (there are 0);\n"
        "    nothing else ever releases it\n"
        "  try: barrier.set(1) in the runtime sequence if the lock is a barrier's, else a release "
        "by someone else"
    ]
    assert [finding.kind for finding in result.findings] == [FindingKind.DEADLOCK]
    assert_agree(executable)
