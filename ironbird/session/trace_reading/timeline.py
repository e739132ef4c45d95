"""Commands of trace units as Chrome trace events: a process for each unit, a thread for each slot.

Source of the format: "Trace Event Format" (Google, chromium.org). Times are cycles.
"""

from collections.abc import Container, Sequence
from typing import Any

from ironbird.base.trace_events import TracePacket
from ironbird.base.trace_stream import SYNC_CYCLES
from ironbird.session.trace_reading.packets import (
    Streams,
    convert_to_byte_stream,
    convert_to_commands,
    hex_words,
    trace_pkts_de_interleave,
    trim_trace_pkts,
)
from ironbird.session.trace_reading.units import (
    NUM_EVENTS,
    align_column_start_index,
    lookup_event_name_by_type,
    parse_mlir_trace_events,
)

TraceEvents = list[dict[str, Any]]


def parse_trace(
    trace_buffer: Any, mlir_module_str: str, colshift: int | None = None
) -> TraceEvents:
    """A trace buffer (words of 32 bits) as Chrome trace events.

    mlir_module_str: the module that was run. colshift: None finds the first column by itself.
    """
    words = trim_trace_pkts(hex_words(getattr(trace_buffer, "reshape", lambda _: trace_buffer)(-1)))
    commands = convert_to_commands(convert_to_byte_stream(trace_pkts_de_interleave(words)))
    units = parse_mlir_trace_events(mlir_module_str, colshift)
    if colshift is None:
        units = align_column_start_index(units, commands)
    trace_events: TraceEvents = []
    setup_trace_metadata(trace_events, units)
    convert_commands_to_json(trace_events, commands, units)
    return trace_events


def setup_trace_metadata(
    trace_events: TraceEvents, pid_events: Streams, events_module: object = None
) -> None:
    """Name processes and threads, and note each unit's process behind its event numbers."""
    pid = 0
    for trace_type, by_place in enumerate(pid_events):
        for place, numbers in by_place.items():
            process_name_metadata(trace_events, pid, trace_type, place)
            for slot in range(NUM_EVENTS):
                thread_name_metadata(
                    trace_events, trace_type, place, pid, slot, pid_events, events_module
                )
            numbers.append(pid)
            pid += 1


def process_name_metadata(trace_events: TraceEvents, pid: int, trace_type: int, loc: str) -> None:
    """Name the process of a unit after the unit and its place."""
    name = f"{TracePacket(trace_type).label} for tile{loc}"
    trace_events.append({"name": "process_name", "ph": "M", "pid": pid, "args": {"name": name}})


def thread_name_metadata(
    trace_events: TraceEvents,
    trace_type: int,
    loc: str,
    pid: int,
    tid: int,
    pid_events: Streams,
    events_module: object = None,
) -> None:
    """Name the thread of a slot after its event."""
    name = lookup_event_name_by_type(trace_type, pid_events[trace_type][loc][tid], events_module)
    trace_events.append(
        {"name": "thread_name", "ph": "M", "pid": pid, "tid": tid, "args": {"name": name}}
    )


def convert_commands_to_json(
    trace_events: TraceEvents, commands: Streams, pid_events: Streams, events_module: object = None
) -> None:
    """Append a begin and an end for every stretch of cycles in which an event was active.

    Raises ValueError for packets of a unit that the module does not configure.
    """
    for trace_type, by_place in enumerate(commands):
        for place, stream in by_place.items():
            numbers = pid_events[trace_type].get(place)
            if numbers is None:
                known = ", ".join(pid_events[trace_type]) or "none"
                raise ValueError(
                    f"the trace holds packets of the {TracePacket(trace_type).label} unit of tile "
                    f"{place}, and the module configures none there (but {known})"
                )
            unit = _Unit(trace_events, trace_type, place, pid_events)
            for command in stream:
                unit.take(command)
            unit.end()


class _Unit:
    """One unit's timer and the slots that are active."""

    def __init__(
        self, trace_events: TraceEvents, trace_type: int, place: str, pid_events: Streams
    ) -> None:
        self._trace_events = trace_events
        self._trace_type = trace_type
        self._place = place
        self._pid_events = pid_events
        self._pid = pid_events[trace_type][place][NUM_EVENTS]
        self._timer = 0
        self._active: dict[int, int] = {}
        self._last: tuple[set[int], int] = (set(), 0)

    def take(self, command: dict[str, Any]) -> None:
        kind = command["type"]
        if kind == "Event_Sync":
            self._timer += SYNC_CYCLES
        elif kind.startswith("Repeat"):
            slots, cycles = self._last
            if cycles == 0:
                self._timer += command["repeats"]
                return
            for _ in range(command["repeats"]):
                self._record(slots, cycles)
        elif kind != "Start":
            slots = {value for name, value in command.items() if name.startswith("event")}
            self._record(slots, command["cycles"])

    def end(self) -> None:
        """Whatever is active ends behind the last record."""
        self._deactivate(set(), 0)

    def _record(self, slots: set[int], cycles: int) -> None:
        """`slots` are active `cycles` cycles after the one behind the record before."""
        self._last = slots, cycles
        self._deactivate(slots, cycles)
        self._timer += 1 + cycles
        for slot in sorted(slots):
            activate_event(
                slot,
                self._trace_type,
                self._place,
                self._timer,
                self._pid,
                self._active,
                self._pid_events,
                self._trace_events,
            )

    def _deactivate(self, again: set[int], cycles: int) -> None:
        deactivate_events(
            again,
            self._active,
            self._timer + 1,
            cycles,
            self._pid,
            self._trace_type,
            self._place,
            self._pid_events,
            self._trace_events,
        )


def activate_event(
    event: int,
    tt: int,
    loc: str,
    timer: int,
    pid: int,
    active_events: dict[int, int],
    pid_events: Streams,
    trace_events: TraceEvents,
    events_module: object = None,
) -> None:
    """Append a begin for slot `event` of the unit of type `tt` at `loc`, unless it is active.

    timer: in cycles. active_events: by slot, 1 while it is active and 0 behind that.
    """
    if active_events.get(event):
        return
    active_events[event] = 1
    trace_events.append(_edge("B", event, tt, loc, timer, pid, pid_events))


def deactivate_events(
    multiples: Container[int],
    active_events: dict[int, int],
    timer: int,
    cycles: int,
    pid: int,
    trace_type: int,
    loc: str,
    pid_events: Streams,
    trace_events: TraceEvents,
    events_module: object = None,
) -> None:
    """Append an end for every active slot, as a record that comes `cycles` cycles later ends it.

    multiples: the slots of that record: if it follows at once (`cycles` 0), these stay active.
    """
    for slot in sorted(slot for slot, active in active_events.items() if active):
        if cycles or slot not in multiples:
            active_events[slot] = 0
            trace_events.append(_edge("E", slot, trace_type, loc, timer, pid, pid_events))


def _edge(
    phase: str, slot: int, trace_type: int, place: str, timer: int, pid: int, pid_events: Streams
) -> dict[str, Any]:
    name = lookup_event_name_by_type(trace_type, pid_events[trace_type][place][slot])
    return {"name": name, "ts": timer, "ph": phase, "pid": pid, "tid": slot, "args": {}}


def lookupEventNameInStr(event: int | str, pid: int, pid_events: Streams) -> str:
    """The name of slot `event` of the unit whose process is `pid`; `setup_trace_metadata` gave it.

    Raises ValueError if no unit has that process.
    """
    for trace_type, by_place in enumerate(pid_events):
        for numbers in by_place.values():
            if numbers[NUM_EVENTS:] == [pid]:
                return lookup_event_name_by_type(trace_type, numbers[int(event)])
    raise ValueError(f"no unit of the trace is process {pid}")


def make_event_lists(commands: Streams) -> Streams:
    """The slots of every record of every unit, one list a record."""
    return [
        {
            place: [
                [value for name, value in command.items() if name.startswith("event")]
                for command in stream
                if command["type"].startswith(("Single", "Multiple"))
            ]
            for place, stream in by_place.items()
        }
        for by_place in commands
    ]


def flatten_repeat_command(commands: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """One unit's commands with every Repeat written out as what it repeats."""
    flat: list[dict[str, Any]] = []
    for command in commands:
        if command["type"].startswith("Repeat") and flat:
            flat += [dict(flat[-1]) for _ in range(command["repeats"])]
        else:
            flat.append(command)
    return flat
