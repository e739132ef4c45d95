"""Why a run stands still, or what it left: deadlock, unfilled or undrained fifo, size mismatch.

Follows who waits for whom from the sequence. The way ends in a circle (a deadlock), or with someone
who will never act again: then a fifo on the way is not filled, or not drained.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ironbird.base.findings import Finding, FindingKind
from ironbird.base.npu1 import DEVICES
from ironbird.base.source_line import SourceLine
from ironbird.plan.plan import AwaitToken, HostBuffer, StartTask
from ironbird.simulator.findings.holders import describe_holder, holders_of, remedy_for_holder
from ironbird.simulator.findings.names import Names
from ironbird.simulator.findings.waits import Waits
from ironbird.simulator.records import RunRecord, WaitKind

_AT_REST = (WaitKind.ENDED, WaitKind.IDLE, WaitKind.RUNNING)


@dataclass(frozen=True)
class Chain:
    """Agents, each freed only by the next; `circle` is where the last leads back to, or None."""

    agents: tuple[int, ...]
    circle: int | None


def standstill_findings(names: Names, record: RunRecord) -> Iterator[Finding]:
    """What kept the run from its end, or, if it finished, tasks and objects that were left."""
    waits = Waits(names, record.agents, record.lock_values)
    torn = [agent for agent in range(len(record.agents)) if _is_torn(waits, agent)]
    yield from (_size_mismatch(waits, agent) for agent in torn)
    sequence = names.machine.sequence_agent
    starts = [sequence] if not record.finished else _unfinished_tasks(waits)
    seen: set[int] = set()
    for start in starts:
        chain = follow(waits, start)
        if seen.intersection(chain.agents) or (torn and not record.finished):
            continue
        seen.update(chain.agents)
        yield _finding_of_chain(waits, chain, record)


def follow(waits: Waits, start: int) -> Chain:
    """The way from `start` to a circle or to an agent at rest.

    Where several could free an agent, the one whose way ends at rest is told before a circle.
    """
    circle: Chain | None = None
    pending: list[tuple[int, ...]] = [(start,)]
    visited: set[int] = set()
    while pending:
        way = pending.pop(0)
        if way[-1] in visited:
            continue
        visited.add(way[-1])
        freed_by = waits.freed_by(way[-1])
        if not freed_by:
            return Chain(way, None)
        for agent in freed_by:
            if agent in way:
                circle = circle or Chain(way, agent)
            else:
                pending.append((*way, agent))
    assert circle is not None
    return circle


def _is_torn(waits: Waits, agent: int) -> bool:
    """Whether a channel stopped in the middle of an object, its other side being at rest."""
    descriptor = waits.descriptor(agent)
    record = waits.agents[agent]
    if descriptor is None or isinstance(descriptor.memory, HostBuffer):
        return False
    if record.wait not in (WaitKind.SEND, WaitKind.RECEIVE):
        return False
    if not 0 < record.bytes_left < descriptor.byte_count:
        return False
    partners = waits.freed_by(agent)
    return bool(partners) and all(waits.agents[each].wait in _AT_REST for each in partners)


def _size_mismatch(waits: Waits, agent: int) -> Finding:
    descriptor = waits.descriptor(agent)
    assert descriptor is not None
    record = waits.agents[agent]
    moved = descriptor.byte_count - record.bytes_left
    fifo = waits.names.stream_fifo(descriptor)
    what = f"an object of ObjectFifo {fifo!r}" if fifo is not None else "a buffer"
    verb = "arrived" if record.wait is WaitKind.RECEIVE else "were taken"
    partner = waits.freed_by(agent)[0]
    partner_line = _last_task_line(waits, partner)
    return Finding(
        kind=FindingKind.SIZE_MISMATCH,
        what=f"a transfer ends in the middle of {what}",
        at=waits.names.line(agent, record.site),
        because=f"{moved} of {descriptor.byte_count} bytes {verb}, then {waits.describe(partner)}",
        fix=f"transfers of a multiple of {descriptor.byte_count} bytes",
        objects=(fifo,) if fifo is not None else (),
        also_at=() if partner_line is None else (partner_line,),
    )


def _last_task_line(waits: Waits, agent: int) -> SourceLine | None:
    """The line of the last task that the sequence gave a channel."""
    machine = waits.names.machine
    lines = [
        step.at
        for step in machine.plan.sequence.steps
        if waits.names.is_channel(agent)
        and getattr(step, "channel", None) == machine.channels[agent - machine.core_count]
    ]
    return lines[0] if lines else None


def _unfinished_tasks(waits: Waits) -> list[int]:
    """Channels that did not get through what the sequence gave them."""
    channels = range(waits.names.machine.core_count, waits.names.machine.sequence_agent)
    return [
        agent
        for agent in channels
        if (waits.agents[agent].task >= 0 or waits.agents[agent].queued)
        and waits.agents[agent].wait is not WaitKind.RUNNING
    ]


def _finding_of_chain(waits: Waits, chain: Chain, record: RunRecord) -> Finding:
    clauses = [waits.describe(agent) for agent in chain.agents]
    names = waits.names
    lines = [names.line(agent, waits.agents[agent].site) for agent in chain.agents]
    fifos = _fifos(waits, chain)
    first = next((line for line in reversed(lines) if line is not None), None)
    others = tuple(line for line in lines if line is not None and line != first)
    if chain.circle is not None:
        clauses.append(f"and that leads back to {names.agent(chain.circle)}")
        return Finding(
            kind=FindingKind.DEADLOCK,
            what=f"nothing moves after cycle {record.cycles}: a circle of waits",
            at=first,
            because=";\n    ".join(clauses),
            fix=_remedy_for_full_queue(waits, chain)
            or "release before the next acquire, or give the fifo a greater depth",
            objects=fifos,
            also_at=others,
        )
    lock = _awaited_lock(waits, chain)
    holders = holders_of(waits, lock) if lock is not None else []
    if lock is not None:
        clauses += [describe_holder(waits, holder, lock) for holder in holders] or [
            "nothing else ever releases it"
        ]
        lines += [holder.at for holder in holders]
    if lock is not None and names.machine.plan.locks[lock].fifo is None:
        return _never_given(waits, chain, lock, clauses)
    starved = _starved(waits, chain)
    if starved is None:
        return Finding(
            kind=FindingKind.DEADLOCK,
            what=f"nothing moves any more: {names.agent(chain.agents[0])} waits for ever",
            at=first,
            because=";\n    ".join(clauses),
            fix=_remedy_for_full_queue(waits, chain) or "a release, or a transfer, for each wait",
            objects=fifos,
            also_at=others,
        )
    at = names.line(starved.agent, waits.agents[starved.agent].site)
    state, acts = ("filled", "acquired") if starved.needs_object else ("drained", "filled")
    kind = FindingKind.UNFILLED_FIFO if starved.needs_object else FindingKind.UNDRAINED_FIFO
    return Finding(
        kind=kind,
        what=f"ObjectFifo {starved.fifo!r} is not {state}: "
        f"{names.agent(starved.agent)} waits for ever",
        at=at,
        because=";\n    ".join(clauses),
        fix=_remedy_for_full_queue(waits, chain)
        or (
            remedy_for_holder(waits, holders[0], lock)
            if lock is not None and holders
            else f"as many objects {state} as are {acts}"
        ),
        objects=(starved.fifo, *(fifo for fifo in fifos if fifo != starved.fifo)),
        also_at=tuple(line for line in lines if line is not None and line != at),
    )


def _remedy_for_full_queue(waits: Waits, chain: Chain) -> str | None:
    """What to try where the sequence waits for a place in a queue and has more to start."""
    sequence = chain.agents[0]
    if not waits.needs_room(sequence):
        return None
    plan = waits.names.machine.plan
    site = waits.agents[sequence].site
    step = plan.sequence.steps[site]
    assert isinstance(step, AwaitToken)
    later = [
        each
        for each in plan.sequence.steps[site:]
        if isinstance(each, StartTask) and each.channel != step.channel
    ]
    if not later:
        return None
    depth = DEVICES[plan.device].model(step.channel.tile).task_queue_depth
    first = f" ({later[0].at})" if later[0].at is not None else ""
    this = f"the one at {step.at}" if step.at is not None else "this one"
    return (
        f"start the transfer on {later[0].channel}{first} before {this}: "
        f"a channel holds {depth} transfers, and the next has to wait for the first of them"
    )


def _awaited_lock(waits: Waits, chain: Chain) -> int | None:
    """The lock that the way ends at, if it ends there."""
    record = waits.agents[chain.agents[-1]]
    return record.object if record.wait is WaitKind.LOCK else None


def _never_given(waits: Waits, chain: Chain, lock: int, clauses: list[str]) -> Finding:
    """Somebody waits for a lock of its own, such as a barrier's, that nobody else gives units."""
    names = waits.names
    last = chain.agents[-1]
    record = waits.agents[last]
    at = names.line(last, record.site)
    others = [names.line(agent, waits.agents[agent].site) for agent in chain.agents[:-1]]
    row = names.machine.plan.locks[lock]
    return Finding(
        kind=FindingKind.DEADLOCK,
        what=f"{names.agent(last)} waits for ever for {names.lock_holds(lock, record.count)}",
        at=at,
        because=";\n    ".join(clauses),
        fix=f"barrier.set({record.count}) in the runtime sequence if the lock is a barrier's, "
        "else a release by someone else",
        objects=(row.name, *_fifos(waits, chain)),
        also_at=tuple(line for line in (row.at, *others) if line is not None and line != at),
    )


@dataclass(frozen=True)
class Starved:
    """An agent that waits for a filled (or, if not `needs_object`, a free) object of a fifo."""

    agent: int
    fifo: str
    needs_object: bool


def _starved(waits: Waits, chain: Chain) -> Starved | None:
    """Who waits for the last fifo on the way; of several in a row the nearest to the sequence."""
    found: Starved | None = None
    for agent in reversed(chain.agents):
        mine = _need_of(waits, agent)
        if found is None:
            found = mine
        elif mine is not None and (mine.fifo, mine.needs_object) == (
            found.fifo,
            found.needs_object,
        ):
            if waits.names.is_core(agent) or waits.agents[agent].wait is WaitKind.LOCK:
                found = mine
        else:
            break
    return found


def _need_of(waits: Waits, agent: int) -> Starved | None:
    """The fifo an agent waits for, through a lock or a stream."""
    record = waits.agents[agent]
    if record.wait is WaitKind.LOCK:
        lock = waits.names.machine.plan.locks[record.object]
        if lock.fifo is None or lock.role is None:
            return None
        return Starved(agent, lock.fifo, lock.role == "full")
    descriptor = waits.descriptor(agent)
    fifo = waits.names.stream_fifo(descriptor) if descriptor is not None else None
    if fifo is None or record.wait not in (WaitKind.SEND, WaitKind.RECEIVE):
        return None
    return Starved(agent, fifo, record.wait is WaitKind.RECEIVE)


def _fifos(waits: Waits, chain: Chain) -> tuple[str, ...]:
    """Fifos on the way, the last one first."""
    found: dict[str, None] = {}
    for agent in reversed(chain.agents):
        record = waits.agents[agent]
        descriptor = waits.descriptor(agent)
        fifo = waits.names.stream_fifo(descriptor) if descriptor is not None else None
        if record.wait is WaitKind.LOCK:
            fifo = waits.names.machine.plan.locks[record.object].fifo
        if fifo is not None:
            found[fifo] = None
    return tuple(found)
