"""When the events that a trace unit watches were active, from the records of a run.

An event that the simulator does not observe has no times here, and `unobserved` says so: memory
and bank conflicts, locks other than by who waits, trace and control ports, TLAST. A port between
switches is taken to be busy when its source is: the words' way there, 4 cycles a switch, is left
out.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from ironbird.base.device import Bundle, Direction, Tile
from ironbird.base.trace_events import TracePacket
from ironbird.plan.plan import ChannelName, Port
from ironbird.plan.traces import TraceUnit, WatchedPort
from ironbird.simulator.machine import Machine, MachineRoute
from ironbird.simulator.records import RunRecord, TraceKind, WaitKind
from ironbird.simulator.timing import STEP_WORD_CYCLES

Times = list[tuple[int, int]]
"""From the first cycle to before the second."""

# The units stop at the sequence's end, which are two register writes.
STOP_CYCLES = 2 * STEP_WORD_CYCLES

_DMA_EVENT = re.compile(r"DMA_(S2MM|MM2S)_(SEL)?(\d)_(\w+)")
_PORT_EVENT = re.compile(r"PORT_RUNNING_(\d)")

_CORE_KINDS = {
    "LOCK_STALL": (TraceKind.LOCK_WAIT,),
    "STREAM_STALL": (TraceKind.STREAM_WAIT,),
    "CASCADE_STALL": (TraceKind.CASCADE_WAIT,),
    "GROUP_STALL": (TraceKind.LOCK_WAIT, TraceKind.STREAM_WAIT, TraceKind.CASCADE_WAIT),
    "INSTR_LOCK_ACQUIRE_REQ": (TraceKind.LOCK_REQUEST,),
    "INSTR_LOCK_RELEASE_REQ": (TraceKind.LOCK_RELEASE,),
    "INSTR_VECTOR": (TraceKind.VECTOR_WORK,),
}
_NEIGHBOURS = {
    Bundle.NORTH: (0, 1, Bundle.SOUTH),
    Bundle.SOUTH: (0, -1, Bundle.NORTH),
    Bundle.EAST: (1, 0, Bundle.WEST),
    Bundle.WEST: (-1, 0, Bundle.EAST),
}
_CORE_MARKS = {"INSTR_EVENT_0": 0, "INSTR_EVENT_1": 1}


@dataclass
class Signals:
    """The events of one run. `unobserved` names those that were asked for and cannot be seen."""

    machine: Machine
    record: RunRecord
    unobserved: list[tuple[TraceUnit, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._entries: dict[tuple[int, int], list[tuple[int, int, int]]] = defaultdict(list)
        for agent, kind, what, start, end in self.record.trace:
            self._entries[agent, kind].append((what, start, end))
        self._end = self.record.cycles + STOP_CYCLES
        self._add_waits_without_end()

    def of(self, unit: TraceUnit) -> list[Times]:
        """The times of each of the unit's slots, in order, until the unit stops."""
        slots = []
        for number, name in zip(unit.events, unit.names, strict=True):
            times = [] if number == 0 else self._times(unit, name)
            if times is None:
                self.unobserved.append((unit, name))
                times = []
            slots.append(_clipped(times, self._end))
        return slots

    def _add_waits_without_end(self) -> None:
        """A core that still waits for a lock has waited since its last request."""
        for core in range(self.machine.core_count):
            requests = self._entries[core, TraceKind.LOCK_REQUEST]
            if requests and self.record.agents[core].wait is WaitKind.LOCK:
                lock, since, _ = requests[-1]
                self._entries[core, TraceKind.LOCK_WAIT].append((lock, since, self._end))

    def _times(self, unit: TraceUnit, name: str) -> Times | None:
        if name == "TRUE":
            return [(0, self._end)]
        port = _PORT_EVENT.fullmatch(name)
        if port is not None:
            watched = unit.ports[int(port[1])]
            return self._port(unit.tile, watched) if watched is not None else None
        if unit.packet is TracePacket.CORE:
            return self._core(unit.tile, name)
        dma = _DMA_EVENT.fullmatch(name)
        if dma is None:
            return None
        direction, selected, number, what = dma.groups()
        channel = int(number)
        if selected:
            channel = dict(unit.channels)[f"{direction}_SEL{number}"]
        return self._dma(ChannelName(unit.tile, Direction(direction), channel), what)

    def _core(self, tile: Tile, name: str) -> Times | None:
        core = next((n for n, each in enumerate(self.machine.plan.cores) if each.tile == tile), -1)
        if name in _CORE_MARKS:
            marks = self._entries[core, TraceKind.EVENT]
            return [(start, end) for what, start, end in marks if what == _CORE_MARKS[name]]
        if name not in _CORE_KINDS:
            return None
        return [
            (start, end)
            for kind in _CORE_KINDS[name]
            for _, start, end in self._entries[core, kind]
        ]

    def _port(self, tile: Tile, watched: WatchedPort) -> Times | None:
        """A switch output carries what arrives; an input what is sent."""
        kind = TraceKind.ARRIVAL if watched.direction is Direction.S2MM else TraceKind.DEPARTURE
        if watched.bundle is Bundle.DMA:
            agent = self._agent(ChannelName(tile, watched.direction, watched.channel))
        elif watched.bundle is Bundle.CORE:
            cores = self.machine.plan.cores
            agent = next((n for n, core in enumerate(cores) if core.tile == tile), None)
        else:
            return self._between(tile, watched)
        return [] if agent is None else self._spans(agent, kind)

    def _between(self, tile: Tile, watched: WatchedPort) -> Times | None:
        """A port between two switches is as busy as the source of the routes that cross it."""
        port = Port(tile, watched.bundle, watched.channel)
        output = port if watched.direction is Direction.S2MM else _output_into(port)
        if output is None:
            return None
        times: Times = []
        for route in self.machine.routes:
            if any(output in way for way in route.route.ways):
                times += self._sent(route)
        return times

    def _sent(self, route: MachineRoute) -> Times:
        """When the source sent on this route; packets of other ids take others."""
        owner = self.machine.port_owner(route.route.source, Direction.MM2S)
        if owner.channel is None:
            assert owner.core is not None
            return self._spans(owner.core, TraceKind.DEPARTURE)
        agent = self.machine.channel_agent(owner.channel)
        entries = self._entries[agent, TraceKind.DEPARTURE]
        return [
            (start, end)
            for descriptor, start, end in entries
            if route.route.packet_id in (None, self._packet_of(descriptor))
        ]

    def _packet_of(self, descriptor: int) -> int | None:
        packet = self.machine.plan.descriptors[descriptor].packet
        return packet.id if packet is not None else None

    def _dma(self, channel: ChannelName, what: str) -> Times | None:
        agent = self._agent(channel)
        if agent is None:
            return []
        match what:
            case "START_TASK":
                return self._spans(agent, TraceKind.TASK_STARTED)
            case "FINISHED_TASK":
                return self._spans(agent, TraceKind.TASK_FINISHED)
            case "FINISHED_BD":
                ended = self._spans(agent, TraceKind.DESCRIPTOR)
                return [(end, end) for _, end in ended]
            case "STALLED_LOCK" | "STALLED_LOCK_ACQUIRE":
                return self._spans(agent, TraceKind.CHANNEL_LOCK_WAIT)
            case "STREAM_STARVATION" | "STREAM_BACKPRESSURE":
                moves = (TraceKind.DEPARTURE, TraceKind.ARRIVAL)
                moving = sorted(span for kind in moves for span in self._spans(agent, kind))
                return _without(self._spans(agent, TraceKind.DESCRIPTOR), moving)
            case _:
                return None

    def _agent(self, channel: ChannelName) -> int | None:
        """The channel's agent; None if nothing in the plan uses the channel."""
        if channel not in self.machine.channels:
            return None
        return self.machine.channel_agent(self.machine.channel_number(channel))

    def _spans(self, agent: int, kind: TraceKind) -> Times:
        return [(start, end) for _, start, end in self._entries[agent, kind]]


def _output_into(port: Port) -> Port | None:
    """The neighbour's output that feeds a switch input; None for an input from elsewhere."""
    step = _NEIGHBOURS.get(port.bundle)
    if step is None:
        return None
    columns, rows, bundle = step
    tile = Tile(port.tile.column + columns, port.tile.row + rows)
    return Port(tile, bundle, port.channel)


def _clipped(times: Iterable[tuple[int, int]], end: int) -> Times:
    """Moments as one cycle; overlapping and touching times joined; nothing from `end` on."""
    joined: Times = []
    for start, stop in sorted((start, max(stop, start + 1)) for start, stop in times):
        stop = min(stop, end)
        if start >= end:
            break
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
        else:
            joined.append((start, stop))
    return joined


def _without(times: Times, others: Times) -> Times:
    """The parts of `times` in none of `others`; both in order."""
    left: Times = []
    place = 0
    for start, stop in times:
        while place < len(others) and others[place][1] <= start:
            place += 1
        at = start
        for other_start, other_stop in others[place:]:
            if other_start >= stop:
                break
            if other_start > at:
                left.append((at, other_start))
            at = max(at, other_stop)
        if at < stop:
            left.append((at, stop))
    return left
