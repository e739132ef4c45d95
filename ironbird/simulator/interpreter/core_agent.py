"""A core: a generator that events advance, by the rules of runtime/core_agent.hpp.

A `yield` is a place where the core waits for its event. Kernels run in place, in simulated order.
"""

import ctypes
from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from ironbird.plan.core_program import MemoryView, Region
from ironbird.plan.plan import Core
from ironbird.simulator import timing
from ironbird.simulator.interpreter import core_state
from ironbird.simulator.interpreter.clocks import Clock
from ironbird.simulator.interpreter.core_checks import CoreChecks
from ironbird.simulator.interpreter.core_state import CoreState
from ironbird.simulator.interpreter.kernel_function import KernelArgument, kernel_function
from ironbird.simulator.interpreter.locks import Locks
from ironbird.simulator.interpreter.missing_link import MissingLinkError
from ironbird.simulator.interpreter.program import run_program
from ironbird.simulator.interpreter.section import Section
from ironbird.simulator.interpreter.streams import Offer, StreamEnd, Streams
from ironbird.simulator.interpreter.trials import KernelTraits, Trials
from ironbird.simulator.interpreter.waiting_kernel import WaitingKernel
from ironbird.simulator.interpreter.world import World
from ironbird.simulator.kernel_library import LoadedLibrary
from ironbird.simulator.records import FindingRecord, Link, RecordKind, TraceKind, WaitKind
from ironbird.simulator.sites import sites_of

CASCADE_BYTES = 64
CASCADE_DEPTH = 4  # two words on each side (AM020 ch4)

T = TypeVar("T")
Waiting = Generator[None, None, None]


@dataclass
class Cascade:
    """The 512-bit link from one core to another."""

    source: int
    destination: int
    words: deque[tuple[bytes, Clock | None]] = field(default_factory=deque)


class CoreAgent(StreamEnd):
    """Core number `index` of the plan."""

    def __init__(
        self,
        world: World,
        locks: Locks,
        streams: Streams,
        trials: Trials,
        library: LoadedLibrary,
        index: int,
    ) -> None:
        super().__init__(index)
        self.core: Core = world.plan.cores[index]
        self.world = world
        self.checks = CoreChecks(world, self)
        self.cascade_in: Cascade | None = None
        self.cascade_out: Cascade | None = None
        self.stream_sources: dict[int, int] = {}
        self.stream_sinks: dict[int, int] = {}
        self.kernel_calls = [0] * len(world.plan.kernels)
        self.kernel_cycles = [0] * len(world.plan.kernels)
        self._locks, self._streams, self._trials = locks, streams, trials
        self._library = library
        self._waiting_kernel: WaitingKernel | None = None
        self._sites: dict[int, dict[int, int]] = {}
        self._state = CoreState(column=self.core.tile.column, row=self.core.tile.row)
        self._set_callbacks()
        self._program = run_program(self)
        if library.binder:
            ctypes.CFUNCTYPE(None, ctypes.c_void_p)(library.binder)(ctypes.addressof(self._state))

    def resume(self) -> None:
        if self.wait is WaitKind.ENDED:
            return
        if self.wait is WaitKind.LOCK:
            self._note_wait(TraceKind.LOCK_WAIT)
        if self.wait in (WaitKind.SEND, WaitKind.RECEIVE):
            self._note_wait(TraceKind.STREAM_WAIT)
        self.wait = WaitKind.RUNNING
        try:
            if next(self._program, self) is self:
                self.wait = WaitKind.ENDED
        except MissingLinkError as missing:
            self._stop_without(missing, kernel=-1)

    def transfer_done(self) -> None:
        self.world.wake(self.id)

    def sites_in(self, body: Region, first: int) -> dict[int, int]:
        """The site of every operation in a program or function, by `id`."""
        return self._sites.setdefault(first, {}) or self._number_sites(body, first)

    def _number_sites(self, body: Region, first: int) -> dict[int, int]:
        self._sites[first] = sites_of(body, first)
        return self._sites[first]

    def spend(self, section: Section, cycles: int = 0) -> Waiting:
        """Time catches up with what the program did."""
        buffers = sorted(section.reads | section.writes, key=section.order.__getitem__)
        for buffer in buffers:
            self.world.access(
                self.id, buffer, ~self.id, write=buffer in section.writes, site=self.site
            )
        total = section.cycles + cycles
        section.clear()
        if total > 0:
            yield from self._sleep(total)

    def use_lock(self, lock: int, action: str, count: int, *, blocking: bool) -> Waiting:
        """Take from a lock, waiting if it must, or add to it."""
        self._note_lock(lock, release=action == "release")
        if action == "release":
            self._locks.release(self, lock, count)
        elif not self._locks.acquire(self, lock, action, count, blocking=blocking) and blocking:
            yield

    def call_kernel(
        self, kernel: int, arguments: Sequence[KernelArgument]
    ) -> Generator[None, None, object]:
        """Call a kernel, let its cycles pass, and look at what it did to memory."""
        trial = self._trials.inspect(kernel, self._state, arguments)
        if trial.crash_signal:
            self._stop_crashed(kernel, trial.crash_signal)
            yield
        self.checks.trial(trial, kernel)
        types = self.world.plan.kernels[kernel].argument_types
        buffers = {
            number: self.world.memory.buffer_at(int(arguments[number]))
            for number, each in enumerate(types)
            if isinstance(each, MemoryView)
        }
        for number, buffer in buffers.items():
            write = number in trial.traits.written
            self.world.access(self.id, buffer, ~self.id, write=write, site=self.site)
        start = self.world.events.now
        missing: MissingLinkError | None = None
        result: object = None
        try:
            result = yield from self._run_kernel(kernel, arguments)
        except MissingLinkError as found:
            missing = found
        yield from self._sleep(trial.traits.cycles)
        self.kernel_calls[kernel] += 1
        self.kernel_cycles[kernel] += self.world.events.now - start
        self.world.note(self.id, TraceKind.KERNEL, kernel, start, self.world.events.now)
        self._note_inside(trial.traits, kernel, start)
        if missing is not None:
            self._stop_without(missing, kernel)
            yield
        for verdict in trial.verdicts:
            shadow = self.world.memory.shadow(verdict.buffer)
            assert shadow is not None
            shadow[:] = verdict.shadow
        if self.world.options.writes_past_buffers:
            for buffer in buffers.values():
                self.checks.zones(kernel, buffer)
        return result

    def put_cascade(self, content: bytes) -> Waiting:
        """Send 512 bits to the neighbour; waits while the link is full."""
        link = self.cascade_out
        if link is None:
            raise MissingLinkError(Link.CASCADE_OUT)
        while len(link.words) >= CASCADE_DEPTH:
            self.world.block(self, WaitKind.CASCADE_PUT, link.destination)
            yield
            self._note_wait(TraceKind.CASCADE_WAIT)
        link.words.append((content, self.world.publish(self.id)))
        self._wake_neighbour(link.destination, WaitKind.CASCADE_GET)

    def get_cascade(self) -> Generator[None, None, bytes]:
        """Take 512 bits from the neighbour; waits until there are some."""
        link = self.cascade_in
        if link is None:
            raise MissingLinkError(Link.CASCADE_IN)
        while not link.words:
            self.world.block(self, WaitKind.CASCADE_GET, link.source)
            yield
            self._note_wait(TraceKind.CASCADE_WAIT)
        content, clock = link.words.popleft()
        self.world.clocks.hear(self.id, clock)
        self._wake_neighbour(link.source, WaitKind.CASCADE_PUT)
        return content

    def put_stream(self, port: int, word: int) -> Waiting:
        """Send 32 bits into the core's stream port."""
        source = self.stream_sources.get(port)
        if source is None:
            raise MissingLinkError(Link.STREAM_OUT, port)
        self.world.block(self, WaitKind.SEND, source)
        self._streams.send(source, Offer(word=word))
        yield

    def get_stream(self, port: int) -> Generator[None, None, int]:
        """Take 32 bits from the core's stream port."""
        sink = self.stream_sinks.get(port)
        if sink is None:
            raise MissingLinkError(Link.STREAM_IN, port)
        self.world.block(self, WaitKind.RECEIVE, sink)
        offer = Offer()
        self._streams.receive(sink, offer)
        yield
        return offer.word

    def _note_wait(self, kind: TraceKind) -> None:
        self.world.note(self.id, kind, self.wait_object, self.wait_since, self.world.events.now)

    def _note_lock(self, lock: int, *, release: bool) -> None:
        kind = TraceKind.LOCK_RELEASE if release else TraceKind.LOCK_REQUEST
        now = self.world.events.now
        self.world.note(self.id, kind, lock, now, now)

    def _note_inside(self, traits: KernelTraits, kernel: int, start: int) -> None:
        """What the trial saw inside the kernel, at the cycles that its counts came to."""
        for number, cycle in traits.events:
            self.world.note(self.id, TraceKind.EVENT, number, start + cycle, start + cycle)
        if traits.vector_operations:
            end = start + traits.vector_operations
            self.world.note(self.id, TraceKind.VECTOR_WORK, kernel, start, end)

    def _sleep(self, cycles: int) -> Waiting:
        self.world.wake(self.id, cycles)
        yield

    def _wake_neighbour(self, core: int, waits_for: WaitKind) -> None:
        neighbour = self.world.agents[core]
        if neighbour.wait is waits_for:
            neighbour.wait = WaitKind.RUNNING
            self.world.wake(core, 1)

    def _run_kernel(
        self, kernel: int, arguments: Sequence[KernelArgument]
    ) -> Generator[None, None, object]:
        address = self._library.functions[kernel]
        call = kernel_function(self.world.plan.kernels[kernel], address)
        waiting = WaitingKernel(lambda: call(arguments))
        self._waiting_kernel = waiting
        yield from waiting.run()
        return waiting.result

    def _set_callbacks(self) -> None:
        """What a kernel may do on this core beside computing."""

        def drive(steps: Generator[None, None, T]) -> T:
            """Run `steps` on the kernel's thread, pausing the kernel where they wait."""
            assert self._waiting_kernel is not None
            while True:
                try:
                    next(steps)
                except StopIteration as ended:
                    return ended.value  # type: ignore[no-any-return]
                except MissingLinkError as missing:
                    self._waiting_kernel.abandon(missing)
                self._waiting_kernel.pause()

        def read_cascade(_: int, address: int) -> None:
            ctypes.memmove(address, drive(self.get_cascade()), CASCADE_BYTES)

        def write_cascade(_: int, address: int) -> None:
            drive(self.put_cascade(ctypes.string_at(address, CASCADE_BYTES)))

        def read_stream(_: int, port: int, last: object) -> int:
            return drive(self.get_stream(port))

        def write_stream(_: int, port: int, word: int, last: bool) -> None:
            drive(self.put_stream(port, word))

        def acquire(_: int, number: int, value: int) -> None:
            action = "acquire_ge" if value < 0 else "acquire_eq"
            drive(self._lock_intrinsic(number, action, abs(value)))

        def release(_: int, number: int, value: int) -> None:
            drive(self._lock_intrinsic(number, "release", value))

        self._state.cascade_read = core_state.CASCADE_READ(read_cascade)
        self._state.cascade_write = core_state.CASCADE_WRITE(write_cascade)
        self._state.stream_read = core_state.STREAM_READ(read_stream)
        self._state.stream_write = core_state.STREAM_WRITE(write_stream)
        self._state.lock_acquire = core_state.LOCK_USE(acquire)
        self._state.lock_release = core_state.LOCK_USE(release)

    def _lock_intrinsic(self, number: int, action: str, count: int) -> Waiting:
        """A kernel's own use of a lock, numbered as the core sees them."""
        locks = self.world.machine.visible_locks(self.core.tile)
        lock = locks[number] if 0 <= number < len(locks) else None
        if lock is None:
            raise MissingLinkError(Link.LOCK, number)
        yield from self._sleep(timing.LOCK_CYCLES)
        yield from self.use_lock(lock, action, count, blocking=True)

    def _stop_without(self, missing: MissingLinkError, kernel: int) -> None:
        """The run ends here, as with a crash."""
        self.world.find(
            FindingRecord(
                kind=RecordKind.MISSING_LINK,
                agent=self.id,
                site=self.site,
                object=kernel,
                detail=missing.link,
                count=missing.number,
            )
        )
        self.world.stopped = True

    def _stop_crashed(self, kernel: int, signal_number: int) -> None:
        """The run ends here."""
        self.world.find(
            FindingRecord(
                kind=RecordKind.CRASHED_KERNEL,
                agent=self.id,
                site=self.site,
                object=kernel,
                count=signal_number,
            )
        )
        self.world.stopped = True
