"""Trial calls of a kernel on copies of its buffers: what runtime/scratch.hpp says, in Python."""

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from ironbird.plan.core_program import MemoryView
from ironbird.simulator.interpreter import core_state
from ironbird.simulator.interpreter.core_state import CoreState
from ironbird.simulator.interpreter.crashes import crash_signal_of
from ironbird.simulator.interpreter.kernel_cost import kernel_cycles
from ironbird.simulator.interpreter.kernel_function import (
    KernelArgument,
    kernel_function,
    scalar_bits,
)
from ironbird.simulator.interpreter.memory import (
    OTHER_POISON_BYTE,
    OTHER_ZONE_BYTE,
    POISON_BYTE,
    RED_ZONE_BYTE,
    RED_ZONE_BYTES,
    UNWRITTEN,
    WRITTEN,
    Bytes,
    aligned_bytes,
    place_buffers,
    rounded_up,
)
from ironbird.simulator.interpreter.world import World
from ironbird.simulator.kernel_library import LoadedLibrary

POISON_TRIALS_PER_KERNEL = 64
EVENTS_PER_TRIAL = 4096


@dataclass
class KernelTraits:
    """What is true of every call with the same scalars.

    written:           arguments whose buffer changes.
    vector_operations: of the vector slot, at most `cycles`.
    events:            number and cycle after the call of event0() and event1().
    """

    cycles: int = 0
    written: frozenset[int] = frozenset()
    vector_operations: int = 0
    events: tuple[tuple[int, int], ...] = ()


@dataclass
class PoisonVerdict:
    """A buffer that had unwritten bytes: its shadow afterwards, and results that came from them."""

    buffer: int
    shadow: Bytes
    dependent_bytes: int = 0
    first: int = 0


@dataclass
class Trial:
    """What the trials of one call showed."""

    traits: KernelTraits
    verdicts: list[PoisonVerdict] = field(default_factory=list)
    dependent_result: bool = False
    crash_signal: int = 0
    read_outside: int | None = None
    outside_bytes: int = 0


@dataclass(frozen=True)
class _Zones:
    """What lies round the arguments: the usual bytes, or others, round one buffer or all."""

    other: bool = False
    only_round: int | None = None


_USUAL, _OTHER = _Zones(), _Zones(other=True)


@dataclass
class _Outcome:
    buffers: list[Bytes]
    sent: bytes
    result: object

    def same_as(self, other: "_Outcome") -> bool:
        return (
            all(map(np.array_equal, self.buffers, other.buffers))
            and self.sent == other.sent
            and _same(self.result, other.result)
        )


class Trials:
    """The counting build, called on copies."""

    def __init__(self, world: World, library: LoadedLibrary) -> None:
        self._world = world
        self._library = library
        self._traits: dict[tuple[int, ...], KernelTraits] = {}
        self._poison_trials = [0] * len(world.plan.kernels)
        self._sent = bytearray()
        self._events: list[tuple[int, int]] = []
        self._state = self._silent_core()
        if library.binder:
            ctypes.CFUNCTYPE(None, ctypes.c_void_p)(library.binder)(ctypes.addressof(self._state))

    def _silent_core(self) -> CoreState:
        """A core that reads zeros from its neighbours and remembers what it sends them."""
        state = CoreState()

        def read_cascade(_: int, address: int) -> None:
            ctypes.memset(address, 0, 64)

        def write_cascade(_: int, address: int) -> None:
            self._sent += ctypes.string_at(address, 64)

        def write_stream(_: int, port: int, word: int, last: bool) -> None:
            self._sent += word.to_bytes(4, "little")

        state.cascade_read = core_state.CASCADE_READ(read_cascade)
        state.cascade_write = core_state.CASCADE_WRITE(write_cascade)
        state.stream_read = core_state.STREAM_READ(lambda _, port, last: 0)
        state.stream_write = core_state.STREAM_WRITE(write_stream)
        state.lock_acquire = core_state.LOCK_USE(lambda _, number, value: None)
        state.lock_release = core_state.LOCK_USE(lambda _, number, value: None)
        state.event = core_state.EVENT(lambda _, number: self._mark_event(number))
        state.complain = core_state.COMPLAIN(lambda _, text: None)
        return state

    def inspect(self, kernel: int, core: CoreState, arguments: Sequence[KernelArgument]) -> Trial:
        """What is known of a call; trials are made where it is not known yet."""
        types = self._world.plan.kernels[kernel].argument_types
        memory = self._world.memory
        views = [n for n, each in enumerate(types) if isinstance(each, MemoryView)]
        buffer_of = {n: memory.buffer_at(int(arguments[n])) for n in views}
        buffers = list(dict.fromkeys(buffer_of.values()))
        scalars = (
            scalar_bits(each, arguments[n]) for n, each in enumerate(types) if n not in buffer_of
        )
        key = (kernel, *scalars)
        unwritten = any(not memory.fully_written(buffer) for buffer in buffers)
        poison = unwritten and self._poison_trials[kernel] < POISON_TRIALS_PER_KERNEL
        known = self._traits.get(key)
        trial = Trial(known or KernelTraits())
        if unwritten and not poison:
            self._trust(trial, buffers)
        if known is not None and not poison:
            return trial
        call = partial(self._call, kernel, core, arguments, buffer_of, buffers)
        if known is None:
            trial.crash_signal = crash_signal_of(partial(call, POISON_BYTE))
            if trial.crash_signal:
                return trial
        first = call(POISON_BYTE)
        if known is None:
            argument_bytes = sum(len(memory.bytes(buffer)) for buffer in buffers)
            changed = {
                buffer
                for buffer, after in zip(buffers, first.buffers, strict=True)
                if not np.array_equal(after, memory.bytes(buffer))
            }
            cycles = kernel_cycles(self._state, argument_bytes, self._world.options.compiler_class)
            trial.traits = KernelTraits(
                cycles,
                frozenset(n for n, buffer in buffer_of.items() if buffer in changed),
                min(int(self._state.slots.vector), cycles),
                self._placed_events(cycles),
            )
            self._traits[key] = trial.traits
            self._judge_outside(trial, buffers, first, partial(call, POISON_BYTE))
        if poison:
            self._poison_trials[kernel] += 1
            second = call(OTHER_POISON_BYTE)
            if self._judge(trial, buffers, first, second) and not call(POISON_BYTE).same_as(first):
                self._acquit(trial)
        return trial

    def _judge_outside(
        self,
        trial: Trial,
        buffers: list[int],
        first: _Outcome,
        call: Callable[[_Zones], _Outcome],
    ) -> None:
        """Whether a result changes with what lies round the arguments.

        The order of the trials acquits a kernel whose results change by themselves.
        """
        if not buffers:
            return
        other = call(_OTHER)
        if other.same_as(first):
            return
        if not (call(_OTHER).same_as(other) and call(_USUAL).same_as(first)):
            return
        guilty = (
            buffer
            for place, buffer in enumerate(buffers)
            if not call(_Zones(other=True, only_round=place)).same_as(first)
        )
        trial.read_outside = next(guilty, buffers[0])
        pairs = zip(first.buffers, other.buffers, strict=True)
        trial.outside_bytes = sum(int((one != another).sum()) for one, another in pairs)

    def _call(
        self,
        kernel: int,
        core: CoreState,
        arguments: Sequence[KernelArgument],
        buffer_of: dict[int, int],
        buffers: list[int],
        poison: int,
        zones: _Zones = _USUAL,
    ) -> _Outcome:
        memory = self._world.memory
        places, arena_bytes = place_buffers([len(memory.bytes(buffer)) for buffer in buffers])
        filled_with = OTHER_ZONE_BYTE if zones == _OTHER else RED_ZONE_BYTE
        arena = aligned_bytes(arena_bytes, filled_with)
        if zones.only_round is not None:
            place = places[zones.only_round]
            end = place + rounded_up(len(memory.bytes(buffers[zones.only_round])))
            arena[place - RED_ZONE_BYTES : end + RED_ZONE_BYTES] = OTHER_ZONE_BYTE
        copies = []
        for buffer, place in zip(buffers, places, strict=True):
            original, shadow = memory.bytes(buffer), memory.shadow(buffer)
            copy = arena[place : place + len(original)]
            copy[:] = np.where(shadow == UNWRITTEN, np.uint8(poison), original)
            copies.append(copy)
        moved = list(arguments)
        for number, buffer in buffer_of.items():
            offset = int(arguments[number]) - memory.address(buffer)
            moved[number] = arena.ctypes.data + places[buffers.index(buffer)] + offset
        ctypes.CFUNCTYPE(None)(self._library.clearer)()
        for name in ("rounding", "saturation", "column", "row"):
            setattr(self._state, name, getattr(core, name))
        self._sent.clear()
        self._events.clear()
        function = kernel_function(
            self._world.plan.kernels[kernel], self._library.functions[kernel]
        )
        result = function(moved)
        return _Outcome([copy.copy() for copy in copies], bytes(self._sent), result)

    def _mark_event(self, number: int) -> None:
        """Where a kernel stands is known by the slots it has used so far; 0: none yet."""
        if len(self._events) >= EVENTS_PER_TRIAL:
            return
        compiler_class = self._world.options.compiler_class
        cycle = kernel_cycles(self._state, 0, compiler_class) if self._has_counts else 0
        self._events.append((number, cycle))

    @property
    def _has_counts(self) -> bool:
        slots = self._state.slots
        return bool(slots.vector + slots.load + slots.store)

    def _placed_events(self, cycles: int) -> tuple[tuple[int, int], ...]:
        """A kernel without vector code has no counts: its events are assumed evenly spread."""
        last = len(self._events) - 1
        if not self._has_counts and last > 0:
            return tuple(
                (number, cycles * index // last) for index, (number, _) in enumerate(self._events)
            )
        return tuple((number, min(cycle, cycles)) for number, cycle in self._events)

    def _judge(self, trial: Trial, buffers: list[int], first: _Outcome, second: _Outcome) -> bool:
        """Whether anything came from unwritten memory."""
        trial.dependent_result = first.sent != second.sent or not _same(first.result, second.result)
        for buffer, one, other in zip(buffers, first.buffers, second.buffers, strict=True):
            shadow = self._world.memory.shadow(buffer)
            assert shadow is not None
            left_alone = (shadow == UNWRITTEN) & (one == POISON_BYTE) & (other == OTHER_POISON_BYTE)
            dependent = np.flatnonzero((one != other) & ~left_alone)
            after = np.where(left_alone, np.uint8(UNWRITTEN), np.uint8(WRITTEN))
            first_dependent = int(dependent[0]) if len(dependent) else 0
            trial.verdicts.append(PoisonVerdict(buffer, after, len(dependent), first_dependent))
        return trial.dependent_result or any(each.dependent_bytes for each in trial.verdicts)

    def _acquit(self, trial: Trial) -> None:
        """A kernel that is not repeatable is not accused."""
        trial.dependent_result = False
        for verdict in trial.verdicts:
            verdict.dependent_bytes = 0

    def _trust(self, trial: Trial, buffers: list[int]) -> None:
        """After enough trials a buffer that is never wholly written is taken to be on purpose."""
        for buffer in buffers:
            if not self._world.memory.fully_written(buffer):
                size = len(self._world.memory.bytes(buffer))
                trial.verdicts.append(PoisonVerdict(buffer, np.full(size, WRITTEN, np.uint8)))


def _same(one: object, other: object) -> bool:
    """Equal bits; a NaN is the same as itself."""
    if isinstance(one, np.floating) and isinstance(other, np.floating):
        return one.tobytes() == other.tobytes()
    return one == other
