"""A DMA channel: tasks in a queue of four; for each descriptor of a task acquire, move, release."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from ironbird.base.device import Direction
from ironbird.plan.plan import HostBuffer
from ironbird.simulator import timing
from ironbird.simulator.interpreter.clocks import Clock
from ironbird.simulator.interpreter.locks import Locks
from ironbird.simulator.interpreter.streams import Offer, StreamEnd, Streams
from ironbird.simulator.interpreter.world import World
from ironbird.simulator.records import FindingRecord, RecordKind, TraceKind, WaitKind

TASK_QUEUE_DEPTH = 4  # Xilinx aie-rt


@dataclass
class Task:
    """A chain to run. number: of the sequence; -1 for what the configuration started."""

    number: int
    first: int
    runs: int
    token: bool = False
    clock: Clock | None = None


class _State(Enum):
    IDLE = auto()
    BEGINNING = auto()
    ACQUIRING = auto()
    MOVING = auto()


class Channel(StreamEnd):
    """Channel `index` of the machine. iterations: runs so far of every descriptor of the plan."""

    def __init__(
        self,
        world: World,
        locks: Locks,
        streams: Streams,
        iterations: list[int],
        index: int,
        changed: Callable[[int], None],
    ) -> None:
        super().__init__(world.machine.channel_agent(index))
        self.wait = WaitKind.IDLE
        self.port: int | None = None
        self.token_clocks: list[Clock | None] = []
        self._world, self._locks, self._streams = world, locks, streams
        self._iterations = iterations
        self._index = index
        self._changed = changed
        self._is_source = world.machine.channels[index].direction is Direction.MM2S
        self._state = _State.IDLE
        self._started = False
        self._queue: deque[Task] = deque()
        self._task: Task | None = None
        self._current = -1

    @property
    def has_room(self) -> bool:
        """Whether the queue takes another task."""
        return len(self._queue) < TASK_QUEUE_DEPTH

    @property
    def queued(self) -> int:
        """Tasks behind the current one."""
        return len(self._queue)

    @property
    def task(self) -> int:
        """The number of the current task, -1 if there is none."""
        return self._task.number if self._task is not None else -1

    @property
    def descriptor(self) -> int:
        """The current descriptor, -1 if there is none."""
        return -1 if self._state is _State.IDLE else self._current

    def push(self, task: Task) -> None:
        """Queue a task."""
        self._queue.append(task)
        if self._state is _State.IDLE:
            self._next_task()

    def resume(self) -> None:
        if self._state is _State.ACQUIRING:
            self._note(TraceKind.CHANNEL_LOCK_WAIT, self.wait_object, self.wait_since)
        if self._state is _State.BEGINNING:
            self._acquire()
        elif self._state is _State.ACQUIRING:
            self._offer()

    def transfer_done(self) -> None:
        descriptor = self._world.plan.descriptors[self._current]
        self.site = self._current
        self._note(TraceKind.DESCRIPTOR, self._current, self.wait_since)
        if isinstance(descriptor.memory, HostBuffer) and not self._is_source:
            self._note_late_output(descriptor.memory.argument)
        if descriptor.release is not None:
            self._locks.release(self, descriptor.release.lock, descriptor.release.count)
        if descriptor.iteration is not None and descriptor.iteration.size > 1:
            runs = self._iterations[self._current] + 1
            self._iterations[self._current] = runs % descriptor.iteration.size
        assert self._task is not None
        if descriptor.next is not None:
            self._begin(descriptor.next, timing.DESCRIPTOR_SWITCH_CYCLES)
            return
        self._task.runs -= 1
        if self._task.runs > 0:
            self._begin(self._task.first, timing.DESCRIPTOR_SWITCH_CYCLES)
        else:
            self._end_task(self._task)

    def _next_task(self) -> None:
        if not self._queue:
            self._state = _State.IDLE
            self._task = None
            self.wait = WaitKind.IDLE
            return
        self._task = self._queue.popleft()
        self._world.clocks.hear(self.id, self._task.clock)
        first, later = self._world.machine.start_cycles(self._index)
        cycles = later if self._started else first
        self._started = True
        self._note(TraceKind.TASK_STARTED, self._task.first, self._world.events.now)
        self._begin(self._task.first, cycles)
        self._changed(self._index)

    def _begin(self, descriptor: int, cycles: int) -> None:
        self._current = descriptor
        self._state = _State.BEGINNING
        self.wait = WaitKind.RUNNING
        self._world.wake(self.id, cycles)

    def _acquire(self) -> None:
        self._state = _State.ACQUIRING
        self.site = self._current
        use = self._world.plan.descriptors[self._current].acquire
        if use is None or self._locks.acquire(self, use.lock, use.action, use.count):
            self._offer()

    def _offer(self) -> None:
        self._state = _State.MOVING
        descriptor = self._world.plan.descriptors[self._current]
        offer = Offer(
            byte_count=descriptor.byte_count,
            number=self._current,
            descriptor=descriptor,
            iteration=self._iterations[self._current],
        )
        kind = WaitKind.SEND if self._is_source else WaitKind.RECEIVE
        self._world.block(self, kind, self.port if self.port is not None else -1)
        if self.port is None:
            return
        if self._is_source:
            self._streams.send(self.port, offer)
        else:
            self._streams.receive(self.port, offer)

    def _note_late_output(self, argument: int) -> None:
        """Written after the sequence has ended, when the host may already read it."""
        ended, now = self._world.finished_at, self._world.events.now
        if ended is None or now == ended:
            return
        self._world.find(
            FindingRecord(
                kind=RecordKind.UNAWAITED_OUTPUT,
                agent=self.id,
                site=self._current,
                object=argument,
                count=now,
                first=ended,
            )
        )

    def _note(self, kind: TraceKind, what: int, since: int) -> None:
        self._world.note(self.id, kind, what, since, self._world.events.now)

    def _end_task(self, task: Task) -> None:
        self._note(TraceKind.TASK_FINISHED, task.first, self._world.events.now)
        if task.token:
            self.token_clocks.append(self._world.publish(self.id))
        self._next_task()
        if task.token:
            self._changed(self._index)
