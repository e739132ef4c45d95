"""Trial calls of a kernel on copies of its buffers: what runtime/scratch.hpp says, in Python."""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ironbird.plan.core_program import MemoryView
from ironbird.simulator.interpreter import core_state
from ironbird.simulator.interpreter.core_state import CoreState
from ironbird.simulator.interpreter.kernel_cost import kernel_cycles
from ironbird.simulator.interpreter.kernel_function import (
    KernelArgument,
    kernel_function,
    scalar_bits,
)
from ironbird.simulator.interpreter.memory import (
    OTHER_POISON_BYTE,
    POISON_BYTE,
    UNWRITTEN,
    WRITTEN,
    Bytes,
    aligned_bytes,
    place_buffers,
)
from ironbird.simulator.interpreter.world import World
from ironbird.simulator.kernel_library import LoadedLibrary

POISON_TRIALS_PER_KERNEL = 64


@dataclass
class KernelTraits:
    """What is true of every call with the same scalars. written: arguments whose buffer changes."""

    cycles: int = 0
    written: frozenset[int] = frozenset()


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
        first = self._call(kernel, core, arguments, buffer_of, buffers, POISON_BYTE)
        if known is None:
            argument_bytes = sum(len(memory.bytes(buffer)) for buffer in buffers)
            changed = {
                buffer
                for buffer, after in zip(buffers, first.buffers, strict=True)
                if not np.array_equal(after, memory.bytes(buffer))
            }
            trial.traits = KernelTraits(
                kernel_cycles(self._state, argument_bytes, self._world.options.compiler_class),
                frozenset(n for n, buffer in buffer_of.items() if buffer in changed),
            )
            self._traits[key] = trial.traits
        if poison:
            self._poison_trials[kernel] += 1
            second = self._call(kernel, core, arguments, buffer_of, buffers, OTHER_POISON_BYTE)
            if self._judge(trial, buffers, first, second):
                again = self._call(kernel, core, arguments, buffer_of, buffers, POISON_BYTE)
                if not again.same_as(first):
                    self._acquit(trial)
        return trial

    def _call(
        self,
        kernel: int,
        core: CoreState,
        arguments: Sequence[KernelArgument],
        buffer_of: dict[int, int],
        buffers: list[int],
        poison: int,
    ) -> _Outcome:
        memory = self._world.memory
        places, arena_bytes = place_buffers([len(memory.bytes(buffer)) for buffer in buffers])
        arena = aligned_bytes(arena_bytes)
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
        function = kernel_function(
            self._world.plan.kernels[kernel], self._library.functions[kernel]
        )
        result = function(moved)
        return _Outcome([copy.copy() for copy in copies], bytes(self._sent), result)

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
