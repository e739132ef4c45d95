"""The runtime sequence: the host's controller takes its steps one after the other."""

from collections.abc import Callable

import numpy as np

from ironbird.plan.plan import AwaitToken, SetLock, StartTask, Step, WriteBuffer
from ironbird.simulator.interpreter.channel import Channel, Task
from ironbird.simulator.interpreter.locks import Locks
from ironbird.simulator.interpreter.memory import WRITTEN
from ironbird.simulator.interpreter.world import Agent, World
from ironbird.simulator.records import WaitKind


class Sequence(Agent):
    """The last agent."""

    def __init__(self, world: World, locks: Locks, channel: Callable[[int], Channel]) -> None:
        super().__init__(world.machine.sequence_agent)
        self._world, self._locks, self._channel = world, locks, channel
        self._steps = world.plan.sequence.steps
        self._next = 0
        self._awaited = [0] * len(world.machine.channels)

    @property
    def done(self) -> bool:
        """Whether every step was taken."""
        return self.wait is WaitKind.ENDED

    def begin(self) -> None:
        """A step's cycles pass before it takes effect."""
        if self._next == len(self._steps):
            self.wait = WaitKind.ENDED
            return
        self.site = self._next
        self._world.wake(self.id, self._world.machine.step_cycles(self._steps[self._next]))

    def resume(self) -> None:
        if self.done:
            return
        self.wait = WaitKind.RUNNING
        if self._take(self._steps[self._next]):
            self._next += 1
            self.begin()

    def channel_changed(self, channel: int) -> None:
        """A channel sent a token or has room for a task."""
        if self.wait_object != channel:
            return
        state = self._channel(channel)
        token = self.wait is WaitKind.TOKEN and len(state.token_clocks) > self._awaited[channel]
        room = self.wait is WaitKind.QUEUE and state.has_room
        if token or room:
            self.wait = WaitKind.RUNNING
            self._world.wake(self.id)

    def _take(self, step: Step) -> bool:
        """Whether the step took effect; if not, the sequence waits."""
        match step:
            case StartTask():
                return self._start(step)
            case AwaitToken():
                return self._await(step)
            case WriteBuffer():
                self._write(step)
            case SetLock():
                self._locks.set(self, step.lock, step.value)
        return True

    def _start(self, step: StartTask) -> bool:
        number = self._world.machine.channel_number(step.channel)
        channel = self._channel(number)
        if not channel.has_room:
            self._world.block(self, WaitKind.QUEUE, number)
            return False
        clock = self._world.publish(self.id)
        channel.push(Task(step.task, step.first, step.repeat_count, step.token, clock))
        return True

    def _await(self, step: AwaitToken) -> bool:
        number = self._world.machine.channel_number(step.channel)
        clocks = self._channel(number).token_clocks
        if len(clocks) <= self._awaited[number]:
            self._world.block(self, WaitKind.TOKEN, number)
            return False
        self._world.clocks.hear(self.id, clocks[self._awaited[number]])
        self._awaited[number] += 1
        return True

    def _write(self, step: WriteBuffer) -> None:
        self._world.access(self.id, step.buffer, ~self.id, write=True, site=self._next)
        written = slice(step.offset_bytes, step.offset_bytes + len(step.content))
        content = np.frombuffer(step.content, dtype=np.uint8)
        self._world.memory.bytes(step.buffer)[written] = content
        shadow = self._world.memory.shadow(step.buffer)
        assert shadow is not None
        shadow[written] = WRITTEN
