"""Happens-before by vector clocks, and the races they show. What is a race: runtime/clocks.hpp."""

from collections.abc import Collection
from dataclasses import dataclass

Clock = list[int]


@dataclass
class Access:
    """An agent touched a memory. accessor: the descriptor, or ~core, or ~sequence."""

    agent: int
    accessor: int
    write: bool
    site: int
    epoch: int = 0


class Clocks:
    """One clock for each agent; `published` clocks travel with locks, streams, tasks and tokens."""

    def __init__(self, agent_count: int, disjoint: Collection[tuple[int, int]]) -> None:
        self._clocks = [[0] * agent_count for _ in range(agent_count)]
        for agent in range(agent_count):
            self._clocks[agent][agent] = 1
        self._accesses: dict[int, list[Access]] = {}
        self._disjoint = frozenset(disjoint)

    def publish(self, agent: int) -> Clock:
        """What `agent` did so far; what it does next is not included."""
        published = list(self._clocks[agent])
        self._clocks[agent][agent] += 1
        return published

    def hear(self, agent: int, clock: Clock | None) -> None:
        """`agent` goes on after everything that `clock` knows."""
        if clock is not None:
            mine = self._clocks[agent]
            mine[:] = [max(pair) for pair in zip(mine, clock, strict=True)]

    def record(self, memory: int, access: Access) -> Access | None:
        """The first earlier access that nothing orders before this one, or None."""
        mine = self._clocks[access.agent]
        accesses = self._accesses.setdefault(memory, [])
        conflict = None
        known = False
        for earlier in accesses:
            if earlier.agent == access.agent:
                if (earlier.accessor, earlier.write) == (access.accessor, access.write):
                    earlier.epoch, earlier.site = mine[access.agent], access.site
                    known = True
                continue
            if conflict is not None or not (earlier.write or access.write):
                continue
            if earlier.epoch <= mine[earlier.agent]:
                continue
            if not self._are_disjoint(earlier.accessor, access.accessor):
                conflict = Access(**vars(earlier))
        if not known:
            access.epoch = mine[access.agent]
            accesses.append(access)
        return conflict

    def _are_disjoint(self, first: int, second: int) -> bool:
        return (min(first, second), max(first, second)) in self._disjoint
