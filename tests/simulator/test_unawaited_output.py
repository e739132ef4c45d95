"""An output that is still written when the sequence has ended, as nothing waits for it."""

from dataclasses import replace

from simulator.building import assert_agree, built, ran
from simulator.plan_parts import SHIM, line
from simulator.plans import ping_pong

from ironbird.base.device import Direction
from ironbird.plan import AwaitToken, ChannelName, PhysicalPlan, StartTask


def with_steps(plan: PhysicalPlan, *steps) -> PhysicalPlan:
    return replace(plan, sequence=replace(plan.sequence, steps=tuple(steps)))


def in_two_halves(plan: PhysicalPlan) -> tuple[PhysicalPlan, StartTask, StartTask, StartTask]:
    """The output in two transfers of one channel: the fill, the first drain, the second."""
    fill, drain, _ = plan.sequence.steps
    whole = plan.descriptors[drain.first]
    half = whole.length // 2
    pattern = replace(whole.pattern, sizes=(half,))
    first = replace(whole, pattern=pattern, length=half)
    second = replace(
        first, id=len(plan.descriptors), pattern=replace(pattern, offset=half), at=line(53)
    )
    descriptors = list(plan.descriptors)
    descriptors[drain.first] = first
    later = replace(drain, task=2, first=len(descriptors), at=line(53))
    return replace(plan, descriptors=(*descriptors, second)), fill, drain, later


def test_a_drain_that_nobody_waits_for(tmp_path):
    plan, _ = ping_pong()
    fill, drain, _ = plan.sequence.steps
    executable = built(with_steps(plan, fill, replace(drain, token=False)), tmp_path)
    result, _ = ran(executable)
    assert [str(finding) for finding in result.findings] == [
        "design.py:51: unawaited-output: argument 1 ('y') is still written after the sequence has "
        "ended\n"
        "  because: the sequence ended at cycle 1040 without waiting for this transfer, S2MM 0 of "
        "tile (0, 0) was at it until cycle 4047\n"
        "  try: y_out.drain(..., wait=True)"
    ]
    assert_agree(executable)


def test_the_last_of_two_drains_must_be_awaited(tmp_path):
    plan, fill, first, second = in_two_halves(ping_pong()[0])
    wait = AwaitToken(channel=ChannelName(SHIM, Direction.S2MM, 0), task=1, at=line(52))
    unawaited = replace(second, token=False)
    executable = built(with_steps(plan, fill, first, unawaited, wait), tmp_path)
    result, _ = ran(executable)
    assert [str(finding) for finding in result.findings] == [
        "design.py:53: unawaited-output: argument 1 ('y') is still written after the sequence has "
        "ended\n"
        "  because: the sequence ended at cycle 2971 without waiting for this transfer, S2MM 0 of "
        "tile (0, 0) was at it until cycle 4047\n"
        "  try: y_out.drain(..., wait=True)"
    ]
    assert_agree(executable)


def test_a_later_awaited_drain_of_the_channel_answers_for_the_first(tmp_path):
    plan, fill, first, second = in_two_halves(ping_pong()[0])
    wait = AwaitToken(channel=ChannelName(SHIM, Direction.S2MM, 0), task=2, at=line(54))
    unawaited = replace(first, token=False)
    executable = built(with_steps(plan, fill, unawaited, second, wait), tmp_path)
    result, (x, y) = ran(executable)
    assert result.findings == ()
    assert (y == x + 3).all()
    assert_agree(executable, schedule_seed=5)
