"""Objects that the host sent and nobody read, after a run that ended well.

A producer on the array may run ahead and leave a full object behind: the next run takes it. What
the host filled belongs to this run, and the next one would find it first.
"""

from collections.abc import Iterator

from ironbird.base.device import Bundle, Direction
from ironbird.base.findings import Finding, FindingKind
from ironbird.base.source_line import SourceLine
from ironbird.plan.plan import ChannelName, HostBuffer, PhysicalPlan, Port, StartTask
from ironbird.simulator.findings.names import Names
from ironbird.simulator.program_facts import locks_acquired
from ironbird.simulator.records import RunRecord


def leftover_findings(names: Names, record: RunRecord) -> Iterator[Finding]:
    """One finding for each fifo that still holds full objects that come from the host."""
    plan = names.machine.plan
    told: set[str] = set()
    for number, (lock, value) in enumerate(zip(plan.locks, record.lock_values, strict=True)):
        if lock.role != "full" or lock.fifo is None or lock.fifo in told:
            continue
        if value <= 0 or lock.initial > 0:
            continue
        host_channel = _host_channel_of(plan, number, frozenset())
        if host_channel is None:
            continue
        told.add(lock.fifo)
        reader = _reader(names, number)
        fill = _last_fill(plan, host_channel)
        yield Finding(
            kind=FindingKind.UNREAD_INPUT,
            what=f"{names.lock_holds(number, value)} {'is' if value == 1 else 'are'} never read",
            at=fill if fill is not None else lock.at,
            because=f"the run is over, {reader} acquires no more, and the next run would find them "
            "in front of its own",
            fix="as many objects filled as are acquired",
            objects=(lock.fifo,),
            also_at=() if lock.at is None else (lock.at,),
        )


def _host_channel_of(plan: PhysicalPlan, lock: int, seen: frozenset[int]) -> ChannelName | None:
    """The channel of a shim from which the objects that `lock` counts come, or None."""
    if lock in seen:
        return None
    for program in plan.channels:
        channel = program.channel
        if channel.direction is not Direction.S2MM:
            continue
        uses = [plan.descriptors[each].release for each in _chain(plan, program.first)]
        if not any(use is not None and use.lock == lock for use in uses):
            continue
        source = _source_of(plan, channel)
        if source is None:
            continue
        if source.tile.row == 0:
            return source
        return _through(plan, source, seen | {lock})
    return None


def _through(plan: PhysicalPlan, source: ChannelName, seen: frozenset[int]) -> ChannelName | None:
    """The host's channel behind a memory tile that sends on what it was sent."""
    for program in plan.channels:
        if program.channel != source:
            continue
        for number in _chain(plan, program.first):
            taken = plan.descriptors[number].acquire
            if taken is not None:
                return _host_channel_of(plan, taken.lock, seen)
    return None


def _source_of(plan: PhysicalPlan, channel: ChannelName) -> ChannelName | None:
    end = Port(channel.tile, Bundle.DMA, channel.index)
    for route in plan.routes:
        if end in route.destinations and route.source.bundle is Bundle.DMA:
            return ChannelName(route.source.tile, Direction.MM2S, route.source.channel)
    return None


def _chain(plan: PhysicalPlan, first: int) -> list[int]:
    """The descriptors from `first` on, each once."""
    found: list[int] = []
    number: int | None = first
    while number is not None and number not in found:
        found.append(number)
        number = plan.descriptors[number].next
    return found


def _last_fill(plan: PhysicalPlan, channel: ChannelName) -> SourceLine | None:
    """The author's line of the last task of a channel."""
    lines = [
        step.at
        for step in plan.sequence.steps
        if isinstance(step, StartTask)
        and step.channel == channel
        and isinstance(plan.descriptors[step.first].memory, HostBuffer)
    ]
    return lines[-1] if lines else None


def _reader(names: Names, lock: int) -> str:
    """Who acquires the objects that `lock` counts."""
    plan = names.machine.plan
    for number in range(len(plan.cores)):
        if any(lock in locks_acquired(each.body) for each in names.programs(number)):
            return names.agent(number)
    for program in plan.channels:
        taken = [plan.descriptors[each].acquire for each in _chain(plan, program.first)]
        if any(use is not None and use.lock == lock for use in taken):
            return str(program.channel)
    return "who reads them"
