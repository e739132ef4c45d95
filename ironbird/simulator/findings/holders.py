"""Who keeps the objects of a fifo that nobody gives back any more."""

from collections.abc import Iterator
from dataclasses import dataclass

from ironbird.base.source_line import SourceLine
from ironbird.plan.core_program import CoreProgram, Function
from ironbird.simulator.findings.waits import Waits

_OTHER_ROLE = {"free": "full", "full": "free"}


@dataclass(frozen=True)
class Holder:
    """An agent that acquires objects from the other side of a fifo.

    at:    the author's line of that acquire.
    count: objects it acquires there; 1 where the number is only known at run time.
    """

    agent: int
    at: SourceLine | None
    count: int


def holders_of(waits: Waits, lock: int) -> list[Holder]:
    """Who acquires what a release of `lock` would give back, once for each agent."""
    plan = waits.names.machine.plan
    awaited = plan.locks[lock]
    if awaited.fifo is None or awaited.role not in _OTHER_ROLE:
        return []
    others = frozenset(
        number
        for number, each in enumerate(plan.locks)
        if (each.fifo, each.tile) == (awaited.fifo, awaited.tile)
        and each.role == _OTHER_ROLE[awaited.role]
    )
    found: dict[int, Holder] = {}
    for holder in (*_cores(waits, others), *_channels(waits, others)):
        found.setdefault(holder.agent, holder)
    return list(found.values())


def describe_holder(waits: Waits, holder: Holder, lock: int) -> str:
    """`worker 'core' acquired them at stuck.py:14 and never releases them`."""
    place = f" at {holder.at}" if holder.at is not None else ""
    acquires = "acquired" if _objects_held(waits, lock) > 0 else "acquires"
    later = "only releases them later" if _releases(waits, holder, lock) else "never releases them"
    return f"{waits.names.agent(holder.agent)} {acquires} them{place} and {later}"


def remedy_for_holder(waits: Waits, holder: Holder, lock: int) -> str:
    """`source.release(1) in worker 'core'`, or the same for a channel."""
    who = waits.names.agent(holder.agent)
    if not waits.names.is_core(holder.agent):
        return f"a release in the descriptors of {who}"
    fifo = waits.names.machine.plan.locks[lock].fifo
    when = "before this wait" if _releases(waits, holder, lock) else "after its last use of them"
    return f"{fifo}.release({holder.count}) in {who}, {when}"


def _releases(waits: Waits, holder: Holder, lock: int) -> bool:
    return holder.agent in waits.releasers[lock]


def _objects_held(waits: Waits, lock: int) -> int:
    """Objects of the pool that neither side could acquire when the run ended."""
    plan = waits.names.machine.plan
    pool = (plan.locks[lock].fifo, plan.locks[lock].tile)
    return sum(
        each.initial - value
        for each, value in zip(plan.locks, waits.lock_values, strict=True)
        if (each.fifo, each.tile) == pool
    )


def _cores(waits: Waits, locks: frozenset[int]) -> Iterator[Holder]:
    for core in range(waits.names.machine.core_count):
        for program in waits.names.programs(core):
            for operation, count in _acquires(program, locks):
                yield Holder(core, operation, count)


def _acquires(
    program: CoreProgram | Function, locks: frozenset[int]
) -> Iterator[tuple[SourceLine | None, int]]:
    """Line and number of objects of every acquire of one of `locks`."""
    constants: dict[int, object] = {}
    for operation in program.body.walk():
        if operation.name == "arith.constant":
            constants[operation.results[0]] = operation.attribute("value")
        elif operation.name == "lock.use" and operation.attribute("lock") in locks:
            count = constants.get(operation.operands[0])
            if operation.attribute("action") != "release":
                yield operation.at, count if isinstance(count, int) else 1


def _channels(waits: Waits, locks: frozenset[int]) -> Iterator[Holder]:
    machine = waits.names.machine
    for number, channel in sorted(machine.descriptor_channels.items()):
        acquire = machine.plan.descriptors[number].acquire
        if acquire is not None and acquire.lock in locks:
            line = waits.names.descriptor_line(number)
            yield Holder(machine.channel_agent(channel), line, acquire.count)
