"""One run of a plan, event by event: what runtime/simulation.hpp does, in the same order."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ironbird.base.device import Bundle, Direction
from ironbird.plan.plan import Port
from ironbird.simulator import timing
from ironbird.simulator.interpreter.channel import Channel, Task
from ironbird.simulator.interpreter.core_agent import Cascade, CoreAgent
from ironbird.simulator.interpreter.locks import Locks
from ironbird.simulator.interpreter.memory import UNWRITTEN
from ironbird.simulator.interpreter.sequence import Sequence as RuntimeSequence
from ironbird.simulator.interpreter.streams import Streams
from ironbird.simulator.interpreter.trials import Trials
from ironbird.simulator.interpreter.world import Agent, World
from ironbird.simulator.kernel_library import KernelLibrary
from ironbird.simulator.machine import Machine
from ironbird.simulator.options import SimulationOptions
from ironbird.simulator.records import (
    AgentRecord,
    FindingRecord,
    RecordKind,
    RunRecord,
    WaitKind,
)


class Simulation:
    """All agents of one run."""

    def __init__(
        self,
        machine: Machine,
        arguments: Sequence[npt.NDArray[np.generic]],
        library: KernelLibrary,
        options: SimulationOptions,
    ) -> None:
        self.world = World(machine, arguments, options)
        self._locks = Locks(self.world)
        self._streams = Streams(self.world)
        trials = Trials(self.world, library.counting)
        plan = machine.plan
        iterations = [each.iteration.current if each.iteration else 0 for each in plan.descriptors]
        self._cores = [
            CoreAgent(self.world, self._locks, self._streams, trials, library.cores[index], index)
            for index in range(len(plan.cores))
        ]
        self._channels = [
            Channel(
                self.world, self._locks, self._streams, iterations, index, self._channel_changed
            )
            for index in range(len(machine.channels))
        ]
        self._sequence = RuntimeSequence(self.world, self._locks, self._channels.__getitem__)
        self.world.agents.extend([*self._cores, *self._channels, self._sequence])
        self._connect()
        self._finish_time: int | None = None

    def run(self) -> RunRecord:
        """Take events until the run has ended one way or another."""
        self._start()
        events = self.world.events
        deadline = self.world.options.cycle_limit
        while events and not self.world.stopped:
            if self._finish_time is None and self._sequence.done:
                self._finish_time = self.world.finished_at = events.now
                deadline = events.now + timing.DRAIN_CYCLES
            if events.next_time > deadline:
                self._stopped_at_limit()
                break
            agent = events.pop()
            if not self._streams.finish(agent):
                self.world.agents[agent].resume()
        if self._finish_time is None and self._sequence.done:
            self._finish_time = events.now
        if self.world.stopped:
            self._finish_time = None
        self._check_outputs()
        self._check_remaining_zones()
        return self._record()

    def _channel_changed(self, channel: int) -> None:
        self._sequence.channel_changed(channel)

    def _connect(self) -> None:
        machine = self.world.machine
        for source, destination in machine.cascades:
            cascade = Cascade(source, destination)
            self._cores[source].cascade_out = cascade
            self._cores[destination].cascade_in = cascade
        for number, port in enumerate(machine.sources):
            self._streams.bind_source(number, self._owner(port, Direction.MM2S, number))
        for number, port in enumerate(machine.sinks):
            self._streams.bind_sink(number, self._owner(port, Direction.S2MM, number))

    def _owner(self, port: Port, direction: Direction, number: int) -> Channel | CoreAgent:
        owner = self.world.machine.port_owner(port, direction)
        if port.bundle is Bundle.DMA:
            assert owner.channel is not None
            channel = self._channels[owner.channel]
            channel.port = number
            return channel
        assert owner.core is not None
        core = self._cores[owner.core]
        ports = core.stream_sources if direction is Direction.MM2S else core.stream_sinks
        ports[port.channel] = number
        return core

    def _start(self) -> None:
        for channel, program in zip(self._channels, self.world.machine.programs, strict=True):
            if program is not None:
                channel.push(Task(-1, program.first, program.repeat_count))
        for core in self._cores:
            self.world.wake(core.id)
        self._sequence.begin()

    def _stopped_at_limit(self) -> None:
        if self._finish_time is None:
            limit = self.world.options.cycle_limit
            self.world.find(FindingRecord(kind=RecordKind.CYCLE_LIMIT, count=limit))

    def _check_outputs(self) -> None:
        if self._finish_time is None:
            return
        for argument in range(len(self.world.plan.sequence.arguments)):
            shadow = self.world.memory.shadow(~argument)
            if shadow is None:
                continue
            missing = np.flatnonzero(shadow == UNWRITTEN)
            if missing.size:
                self.world.find(
                    FindingRecord(
                        kind=RecordKind.UNWRITTEN_OUTPUT,
                        object=argument,
                        count=len(missing),
                        first=int(missing[0]),
                    )
                )

    def _check_remaining_zones(self) -> None:
        """Zones that no kernel call answered for."""
        if not self.world.options.writes_past_buffers or self.world.stopped:
            return
        for buffer in range(len(self.world.plan.buffers)):
            broken, first = self.world.memory.broken_zone(buffer)
            if broken:
                self.world.find(
                    FindingRecord(
                        kind=RecordKind.WRITE_PAST_BUFFER, object=buffer, count=broken, first=first
                    )
                )

    def _record(self) -> RunRecord:
        finished = self._finish_time is not None
        events = self.world.events
        kernel_count = len(self.world.plan.kernels)
        calls = [sum(core.kernel_calls[n] for core in self._cores) for n in range(kernel_count)]
        cycles = [sum(core.kernel_cycles[n] for core in self._cores) for n in range(kernel_count)]
        return RunRecord(
            finished=finished,
            rested=not events,
            cycles=self._finish_time if self._finish_time is not None else events.now,
            events=events.taken,
            findings=tuple(self.world.findings.values()),
            agents=tuple(map(self._agent_record, self.world.agents)),
            lock_values=self._locks.values(),
            kernel_calls=tuple(calls),
            kernel_cycles=tuple(cycles),
            trace=tuple(self.world.trace),
        )

    def _agent_record(self, agent: Agent) -> AgentRecord:
        channel = agent if isinstance(agent, Channel) else None
        left = 0
        if channel is not None and channel.port is not None:
            if agent.wait is WaitKind.SEND:
                left = self._streams.sources[channel.port].left
            elif agent.wait is WaitKind.RECEIVE:
                left = self._streams.sinks[channel.port].left
        return AgentRecord(
            wait=agent.wait,
            object=agent.wait_object,
            count=agent.wait_count,
            site=channel.descriptor if channel is not None else agent.site,
            bytes_left=left,
            task=channel.task if channel is not None else -1,
            queued=channel.queued if channel is not None else 0,
        )
