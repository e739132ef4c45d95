"""What all agents of the interpreter share: machine, time, memory, clocks, findings so far."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ironbird.simulator.interpreter.clocks import Access, Clock, Clocks
from ironbird.simulator.interpreter.events import Events
from ironbird.simulator.interpreter.memory import Memory
from ironbird.simulator.machine import Machine
from ironbird.simulator.options import SimulationOptions
from ironbird.simulator.records import (
    FindingRecord,
    RecordKind,
    TraceKind,
    WaitKind,
    traced_kinds,
)


class Agent(ABC):
    """A core, a channel or the sequence: acts, waits, and is woken by an event."""

    def __init__(self, agent: int) -> None:
        self.id = agent
        self.wait = WaitKind.RUNNING
        self.wait_object = -1
        self.wait_count = 0
        self.wait_since = 0
        self.site = -1

    @abstractmethod
    def resume(self) -> None:
        """Its event has come."""


class World:
    """One run."""

    def __init__(
        self,
        machine: Machine,
        arguments: Sequence[npt.NDArray[np.generic]],
        options: SimulationOptions,
    ) -> None:
        plan = machine.plan
        self.machine = machine
        self.plan = plan
        self.options = options
        self.events = Events(options.schedule_seed)
        self.memory = Memory(plan, arguments, poison=options.unwritten_memory)
        self.clocks = Clocks(machine.sequence_agent + 1, machine.disjoint_descriptors)
        self.agents: list[Agent] = []
        self.findings: dict[tuple[RecordKind, int, int, int], FindingRecord] = {}
        self.trace: list[tuple[int, int, int, int, int]] = []
        self._traced_kinds = traced_kinds(plan.traces is not None, timeline=options.trace)
        self.stopped = False
        self.finished_at: int | None = None

    def wake(self, agent: int, after: int = 0) -> None:
        """An event for `agent`, `after` cycles from now."""
        self.events.push(self.events.now + after, agent)

    def block(self, agent: Agent, kind: WaitKind, waits_for: int, count: int = 0) -> None:
        """Note what `agent` waits for."""
        agent.wait = kind
        agent.wait_object = waits_for
        agent.wait_count = count
        agent.wait_since = self.events.now

    def find(self, record: FindingRecord) -> None:
        """Each defect is told once: by kind, agent, object and what else tells it apart."""
        key = (record.kind, record.agent, record.object, record.detail)
        self.findings.setdefault(key, record)

    def publish(self, agent: int) -> Clock | None:
        """What `agent` did so far, for whoever hears of it."""
        return self.clocks.publish(agent) if self.options.unordered_accesses else None

    def access(self, agent: int, memory: int, accessor: int, *, write: bool, site: int) -> None:
        """`agent` touches a memory: a race if nothing orders it after who touched it before."""
        if not self.options.unordered_accesses:
            return
        conflict = self.clocks.record(memory, Access(agent, accessor, write, site))
        if conflict is not None:
            self.find(
                FindingRecord(
                    kind=RecordKind.RACE,
                    agent=agent,
                    site=site,
                    object=memory,
                    other_agent=conflict.agent,
                    other_site=conflict.site,
                    detail=conflict.agent,
                    count=write,
                    first=conflict.write,
                )
            )

    def note(self, agent: int, kind: TraceKind, what: int, start: int, end: int) -> None:
        """Keep what happened when, if asked for."""
        if kind < self._traced_kinds:
            self.trace.append((agent, kind, what, start, end))
