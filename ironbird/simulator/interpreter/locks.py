"""Semaphores of 6 bits, 0..63, saturating; waiters are served in order of arrival."""

from collections import deque
from dataclasses import dataclass, field

from ironbird.simulator.interpreter.clocks import Clock
from ironbird.simulator.interpreter.world import Agent, World
from ironbird.simulator.records import FindingRecord, RecordKind, WaitKind

LARGEST_VALUE = 63


@dataclass
class _Lock:
    """units: one clock for each unit of the value, first in first out."""

    units: deque[Clock | None]
    waiting: list[tuple[Agent, str, int]] = field(default_factory=list)

    def can_give(self, action: str, count: int) -> bool:
        value = len(self.units)
        return value == count if action == "acquire_eq" else value >= count


class Locks:
    """All locks of the device."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._locks = [_Lock(deque([None] * lock.initial)) for lock in world.plan.locks]

    def values(self) -> tuple[int, ...]:
        """The value of each lock."""
        return tuple(len(lock.units) for lock in self._locks)

    def acquire(
        self, agent: Agent, number: int, action: str, count: int, *, blocking: bool = True
    ) -> bool:
        """True if taken at once; else the agent is woken when it has been."""
        lock = self._locks[number]
        if not lock.waiting and lock.can_give(action, count):
            self._take(agent, lock, count)
            return True
        if blocking:
            lock.waiting.append((agent, action, count))
            self._world.block(agent, WaitKind.LOCK, number, count)
        return False

    def release(self, agent: Agent, number: int, count: int) -> None:
        """Add to the value, and serve who waits for it."""
        lock = self._locks[number]
        clock = self._world.publish(agent.id)
        value = len(lock.units) + count
        if value > LARGEST_VALUE:
            self._world.find(
                FindingRecord(
                    kind=RecordKind.LOCK_OVERFLOW,
                    agent=agent.id,
                    site=agent.site,
                    object=number,
                    detail=0,
                    count=value,
                )
            )
        lock.units.extend([clock] * (min(value, LARGEST_VALUE) - len(lock.units)))
        self._serve(lock)

    def set(self, agent: Agent, number: int, value: int) -> None:
        """Give a lock a value, whatever it had."""
        lock = self._locks[number]
        lock.units = deque([self._world.publish(agent.id)] * value)
        self._serve(lock)

    def _take(self, agent: Agent, lock: _Lock, count: int) -> None:
        for _ in range(count):
            self._world.clocks.hear(agent.id, lock.units.popleft())

    def _serve(self, lock: _Lock) -> None:
        still_waiting = []
        for agent, action, count in lock.waiting:
            if lock.can_give(action, count):
                self._take(agent, lock, count)
                self._world.wake(agent.id)
            else:
                still_waiting.append((agent, action, count))
        lock.waiting = still_waiting
