"""The moving parts of a plan, numbered: agents, channels, ports and the routes between them.

Both simulators and the messages count by these numbers: agents are the cores, then the channels in
order of name, then the sequence.
"""

import functools
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ironbird.base.device import Bundle, Direction, Tile
from ironbird.plan.plan import (
    AwaitToken,
    ChannelName,
    ChannelProgram,
    HostBuffer,
    PhysicalPlan,
    Port,
    Route,
    SetLock,
    StartTask,
    Step,
    WriteBuffer,
)
from ironbird.simulator import timing


@dataclass(frozen=True)
class MachineRoute:
    """A route between numbered ports."""

    source: int
    sinks: tuple[int, ...]
    latency_cycles: int
    route: Route


@dataclass(frozen=True)
class PortOwner:
    """A DMA channel, by number, or a core, by number."""

    channel: int | None = None
    core: int | None = None


@dataclass(frozen=True)
class Machine:
    """Numbers for the parts of `plan`.

    programs: what each channel does from configuration on, if anything.
    """

    plan: PhysicalPlan
    channels: tuple[ChannelName, ...]
    programs: tuple[ChannelProgram | None, ...]
    sources: tuple[Port, ...]
    sinks: tuple[Port, ...]
    routes: tuple[MachineRoute, ...]

    @property
    def core_count(self) -> int:
        """Cores come first among the agents."""
        return len(self.plan.cores)

    @property
    def sequence_agent(self) -> int:
        """The sequence is the last agent."""
        return self.core_count + len(self.channels)

    def channel_agent(self, channel: int) -> int:
        """The agent that is channel number `channel`."""
        return self.core_count + channel

    def channel_number(self, name: ChannelName) -> int:
        """The number of a channel."""
        return self._channel_numbers[name]

    @functools.cached_property
    def _channel_numbers(self) -> dict[ChannelName, int]:
        return {name: number for number, name in enumerate(self.channels)}

    def core_number(self, tile: Tile) -> int:
        """The core on `tile`."""
        return next(n for n, core in enumerate(self.plan.cores) if core.tile == tile)

    def port_owner(self, port: Port, direction: Direction) -> PortOwner:
        """Who sends (MM2S) or receives (S2MM) at `port`."""
        if port.bundle is Bundle.DMA:
            return PortOwner(
                channel=self.channel_number(ChannelName(port.tile, direction, port.channel))
            )
        return PortOwner(core=self.core_number(port.tile))

    @functools.cached_property
    def cascades(self) -> tuple[tuple[int, int], ...]:
        """Source and destination core of every cascade between cores that run something."""
        tiles = {core.tile for core in self.plan.cores}
        return tuple(
            (self.core_number(link.source), self.core_number(link.destination))
            for link in self.plan.cascades
            if link.source in tiles and link.destination in tiles
        )

    def visible_locks(self, core: Tile) -> tuple[int | None, ...]:
        """Locks of the plan as a core numbers them: 16 each of its south, west, north and own tile.

        Source: mlir-aie AIETargetModel.cpp, lock offsets of AIE2.
        """
        column, row = core
        tiles = ((column, row - 1), (column - 1, row), (column, row + 1), (column, row))
        numbers = {(lock.tile, lock.id): n for n, lock in enumerate(self.plan.locks)}
        return tuple(numbers.get((Tile(*tile), each)) for tile in tiles for each in range(16))

    @functools.cached_property
    def descriptor_channels(self) -> dict[int, int]:
        """Which channel runs a descriptor."""
        owners: dict[int, int] = {}
        for number, program in enumerate(self.programs):
            if program is not None:
                self._claim(owners, program.first, number)
        for step in self.plan.sequence.steps:
            if isinstance(step, StartTask):
                self._claim(owners, step.first, self.channel_number(step.channel))
        return owners

    def _claim(self, owners: dict[int, int], first: int, channel: int) -> None:
        descriptor: int | None = first
        while descriptor is not None and descriptor not in owners:
            owners[descriptor] = channel
            descriptor = self.plan.descriptors[descriptor].next

    @functools.cached_property
    def disjoint_descriptors(self) -> tuple[tuple[int, int], ...]:
        """Pairs of descriptors of one memory, by different channels, that cannot race, sorted.

        They share no byte, or they are a tensor's load and store in place (`_in_place`). Only pairs
        of which at least one stores.
        """
        by_memory: defaultdict[int | HostBuffer, list[int]] = defaultdict(list)
        for number in sorted(self.descriptor_channels):
            by_memory[self.plan.descriptors[number].memory].append(number)
        pairs = [pair for group in by_memory.values() for pair in self._disjoint_pairs(group)]
        return tuple(sorted(pairs))

    def _disjoint_pairs(self, descriptors: list[int]) -> list[tuple[int, int]]:
        words: dict[int, npt.NDArray[np.int64]] = {}
        highest = max(self._bounds(number)[1] for number in descriptors)
        touched = np.zeros(highest // 4 + 1, dtype=np.bool_)
        pairs = []
        for position, first in enumerate(descriptors):
            marked = False
            for second in descriptors[position + 1 :]:
                if not self._may_race(first, second):
                    continue
                low, high = self._bounds(first)
                other_low, other_high = self._bounds(second)
                apart = high <= other_low or other_high <= low
                if not apart and not (self._is_solid(first) and self._is_solid(second)):
                    if not marked:
                        touched[self._words(first, words)] = marked = True
                    apart = not touched[self._words(second, words)].any()
                if apart or self._in_place(first, second):
                    pairs.append((first, second))
            if marked:
                touched[words[first]] = False
        return pairs

    def _may_race(self, first: int, second: int) -> bool:
        one, other = self.descriptor_channels[first], self.descriptor_channels[second]
        stores = Direction.S2MM in (self.channels[one].direction, self.channels[other].direction)
        return one != other and stores

    def _in_place(self, first: int, second: int) -> bool:
        """Whether a tensor in DDR is loaded and stored in the same order.

        No lock orders the two channels, the array between them does: assumed is that what is
        stored at a place was computed from what was loaded there, or later.
        """
        one, other = self.plan.descriptors[first], self.plan.descriptors[second]
        directions = {
            self.channels[self.descriptor_channels[each]].direction for each in (first, second)
        }
        return (
            isinstance(one.memory, HostBuffer)
            and len(directions) == 2
            and 0 not in one.pattern.simplified().strides
            and (one.pattern.simplified(), one.element_bytes, one.iteration)
            == (other.pattern.simplified(), other.element_bytes, other.iteration)
        )

    def _bounds(self, number: int) -> tuple[int, int]:
        """The first byte a descriptor touches and the first behind it, over all its iterations."""
        descriptor = self.plan.descriptors[number]
        low, high = descriptor.pattern.bounds()
        repeats = descriptor.iteration
        reach = (repeats.size - 1) * repeats.stride if repeats is not None else 0
        unit = descriptor.element_bytes
        return (low + min(reach, 0)) * unit, (high + max(reach, 0) + 1) * unit

    def _is_solid(self, number: int) -> bool:
        descriptor = self.plan.descriptors[number]
        return descriptor.iteration is None and descriptor.pattern.is_linear

    def _words(self, number: int, known: dict[int, npt.NDArray[np.int64]]) -> npt.NDArray[np.int64]:
        """The 32-bit words of its memory that a descriptor touches, over all its iterations."""
        if number not in known:
            descriptor = self.plan.descriptors[number]
            indices = descriptor.pattern.indices()
            repeats = descriptor.iteration
            if repeats is not None:
                starts = np.arange(repeats.size, dtype=np.int64) * repeats.stride
                indices = (starts[:, None] + indices[None, :]).reshape(-1)
            first = indices * descriptor.element_bytes
            steps = range(0, descriptor.element_bytes, 4)
            known[number] = np.concatenate([(first + step) // 4 for step in steps])
        return known[number]

    def start_cycles(self, channel: int) -> tuple[int, int]:
        """Cycles before a channel's first task moves, and before each later one."""
        name = self.channels[channel]
        if name.tile.row > 0:
            return timing.TASK_START_CYCLES, timing.TASK_START_CYCLES
        return timing.SHIM_START_CYCLES[name.direction], timing.SHIM_RESTART_CYCLES[name.direction]

    def step_cycles(self, step: Step) -> int:
        """Cycles the controller takes for a step, waiting left out."""
        match step:
            case StartTask():
                return timing.STEP_TASK_CYCLES
            case AwaitToken():
                return timing.STEP_AWAIT_CYCLES
            case WriteBuffer():
                return timing.STEP_WORD_CYCLES * -(-len(step.content) // 4)
            case SetLock():
                return timing.STEP_WORD_CYCLES


def machine_of(plan: PhysicalPlan) -> Machine:
    """Number the parts of `plan`. Routes of trace and control packets are left out."""
    names = {program.channel for program in plan.channels}
    for step in plan.sequence.steps:
        if isinstance(step, StartTask | AwaitToken):
            names.add(step.channel)
    kept = [route for route in plan.routes if _carries_words(plan, route)]
    for route in kept:
        names.update(_channel_of(route.source, Direction.MM2S))
        for port in route.destinations:
            names.update(_channel_of(port, Direction.S2MM))
    channels = tuple(sorted(names))
    configured = {program.channel: program for program in plan.channels}
    sources = tuple(dict.fromkeys(route.source for route in kept))
    sinks = tuple(dict.fromkeys(port for route in kept for port in route.destinations))
    return Machine(
        plan=plan,
        channels=channels,
        programs=tuple(configured.get(name) for name in channels),
        sources=sources,
        sinks=sinks,
        routes=tuple(
            MachineRoute(
                source=sources.index(route.source),
                sinks=tuple(sinks.index(port) for port in route.destinations),
                latency_cycles=timing.HOP_CYCLES * max(route.hops),
                route=route,
            )
            for route in kept
        ),
    )


def _carries_words(plan: PhysicalPlan, route: Route) -> bool:
    cores = {core.tile for core in plan.cores}
    return all(
        port.bundle is Bundle.DMA or (port.bundle is Bundle.CORE and port.tile in cores)
        for port in (route.source, *route.destinations)
    )


def _channel_of(port: Port, direction: Direction) -> list[ChannelName]:
    if port.bundle is not Bundle.DMA:
        return []
    return [ChannelName(port.tile, direction, port.channel)]
