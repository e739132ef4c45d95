"""Who waits for whom when nothing moves any more."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ironbird.base.device import Direction
from ironbird.plan.plan import AwaitToken, Descriptor, SetLock
from ironbird.simulator.findings.names import Names
from ironbird.simulator.records import AgentRecord, WaitKind


@dataclass(frozen=True)
class Waits:
    """The agents of a run as it ended, and what each could be freed by."""

    names: Names
    agents: Sequence[AgentRecord]
    lock_values: Sequence[int]

    def freed_by(self, agent: int) -> list[int]:
        """The agents that could end the wait of `agent`; none if nothing ever can."""
        record = self.agents[agent]
        machine = self.names.machine
        match record.wait:
            case WaitKind.LOCK:
                return [each for each in self.releasers[record.object] if each != agent]
            case WaitKind.TOKEN | WaitKind.QUEUE:
                return [machine.channel_agent(record.object)]
            case WaitKind.CASCADE_GET | WaitKind.CASCADE_PUT:
                return [record.object]
            case WaitKind.SEND:
                return self._missing_partners(record.object, Direction.MM2S)
            case WaitKind.RECEIVE:
                return self._missing_partners(record.object, Direction.S2MM)
            case _:
                return []

    @cached_property
    def releasers(self) -> dict[int, list[int]]:
        """Who could add to each lock, in order of agents."""
        machine = self.names.machine
        plan = machine.plan
        found: defaultdict[int, set[int]] = defaultdict(set)
        for core in range(len(plan.cores)):
            bodies = [program.body for program in self.names.programs(core)]
            for operation in (each for body in bodies for each in body.walk()):
                if operation.name == "lock.use" and operation.attribute("action") == "release":
                    found[int(operation.attribute("lock"))].add(core)  # type: ignore[arg-type]
        for number, channel in machine.descriptor_channels.items():
            release = plan.descriptors[number].release
            if release is not None:
                found[release.lock].add(machine.channel_agent(channel))
        for step in plan.sequence.steps:
            if isinstance(step, SetLock):
                found[step.lock].add(machine.sequence_agent)
        return defaultdict(list, {lock: sorted(agents) for lock, agents in found.items()})

    def needs_room(self, agent: int) -> bool:
        """Whether an agent, the sequence, waits for a place in a full task queue."""
        site = self.agents[agent].site
        if agent != self.names.machine.sequence_agent or site < 0:
            return False
        step = self.names.machine.plan.sequence.steps[site]
        return isinstance(step, AwaitToken) and step.makes_room

    def descriptor(self, agent: int) -> Descriptor | None:
        """The descriptor that a channel is at."""
        record = self.agents[agent]
        if not self.names.is_channel(agent) or record.site < 0:
            return None
        return self.names.machine.plan.descriptors[record.site]

    def _missing_partners(self, port: int, direction: Direction) -> list[int]:
        """The other ends of a port's routes that are not ready for it."""
        machine = self.names.machine
        partners: dict[int, None] = {}
        for route in machine.routes:
            if direction is Direction.MM2S and route.source != port:
                continue
            if direction is Direction.S2MM and port not in route.sinks:
                continue
            source = self._owner(route.source, Direction.MM2S)
            if not self._is_at(source, WaitKind.SEND):
                partners[source] = None
            for sink in route.sinks:
                owner = self._owner(sink, Direction.S2MM)
                if not self._is_at(owner, WaitKind.RECEIVE):
                    partners[owner] = None
        return list(partners)

    def _owner(self, port: int, direction: Direction) -> int:
        machine = self.names.machine
        ports = machine.sources if direction is Direction.MM2S else machine.sinks
        owner = machine.port_owner(ports[port], direction)
        if owner.channel is not None:
            return machine.channel_agent(owner.channel)
        assert owner.core is not None
        return owner.core

    def _is_at(self, agent: int, wait: WaitKind) -> bool:
        return self.agents[agent].wait is wait

    def describe(self, agent: int) -> str:
        """What an agent waits for, in one clause."""
        record = self.agents[agent]
        who = self.names.agent(agent)
        line = self.names.line(agent, record.site)
        place = f" at {line}" if line is not None and not self.names.is_channel(agent) else ""
        match record.wait:
            case WaitKind.LOCK:
                wanted = self.names.lock_holds(record.object, record.count)
                return (
                    f"{who} waits{place} for {wanted} (there are {self.lock_values[record.object]})"
                )
            case WaitKind.SEND:
                return f"{who} waits{place} to send {self._bytes_left(agent)}"
            case WaitKind.RECEIVE:
                return f"{who} waits{place} for {self._bytes_left(agent)}"
            case WaitKind.CASCADE_GET:
                return f"{who} waits{place} for the cascade of {self.names.agent(record.object)}"
            case WaitKind.CASCADE_PUT:
                neighbour = self.names.agent(record.object)
                return f"{who} waits{place} for room in the cascade to {neighbour}"
            case WaitKind.TOKEN:
                channel = self.names.machine.channel_agent(record.object)
                room = ", as its queue is full" if self.needs_room(agent) else ""
                return f"{who} waits{place} for {self.names.agent(channel)} to end its task{room}"
            case WaitKind.QUEUE:
                channel = self.names.machine.channel_agent(record.object)
                return (
                    f"{who} waits{place} for room in the task queue of {self.names.agent(channel)}"
                )
            case WaitKind.IDLE:
                left = "send" if self._sends(agent) else "receive"
                return f"{who} has nothing left to {left}"
            case WaitKind.ENDED:
                return f"{who} has ended"
            case WaitKind.RUNNING:
                return f"{who} is running"

    def _sends(self, agent: int) -> bool:
        machine = self.names.machine
        channel = machine.channels[agent - machine.core_count]
        return channel.direction is Direction.MM2S

    def _bytes_left(self, agent: int) -> str:
        descriptor = self.descriptor(agent)
        if descriptor is None:
            return "a word of its stream"
        fifo = self.names.stream_fifo(descriptor)
        of_fifo = f" of ObjectFifo {fifo!r}" if fifo is not None else ""
        return f"{self.agents[agent].bytes_left} of {descriptor.byte_count} bytes{of_fifo}"
