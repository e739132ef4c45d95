"""Which event stands in which slot of which unit, from the module that was run.

The module may be any that Ironbird runs: as IRON writes it, or lowered to register writes; where it
names no places, it is placed as it was for the run.
"""

from ironbird.base.trace_events import EVENT_SLOTS, TracePacket, event_name
from ironbird.base.trace_stream import header_of
from ironbird.ir import parse_module
from ironbird.session.lowering import lower_to_plans
from ironbird.session.trace_reading.packets import Streams

NUM_EVENTS = EVENT_SLOTS


def parse_mlir_trace_events(mlir_module_str: str, colshift: int | None = None) -> Streams:
    """The eight event numbers of every unit, by packet type and place.

    colshift: added to the columns of the module, for a device that starts at another one.
    """
    units: Streams = [{} for _ in TracePacket]
    for plan in lower_to_plans(parse_module(mlir_module_str, filename="trace.mlir")):
        for unit in plan.traces.units if plan.traces is not None else ():
            place = f"{unit.tile.row},{unit.tile.column + (colshift or 0)}"
            units[unit.packet][place] = list(unit.events)
    return units


def align_column_start_index(events: Streams, commands: Streams) -> Streams:
    """The units with their columns moved so that the first is the first that sent commands."""
    known = [_column(place) for by_place in events for place in by_place]
    heard = [_column(place) for by_place in commands for place in by_place]
    if not known or not heard:
        return events
    shift = min(heard) - min(known)
    return [
        {_moved(place, shift): numbers for place, numbers in by_place.items()}
        for by_place in events
    ]


def lookup_event_name_by_type(trace_type: int, code: int, events_module: object = None) -> str:
    """What a number is called in a unit of a type; `Unknown` where the name is not known here."""
    return event_name(TracePacket(trace_type), code) or "Unknown"


def check_for_valid_trace(filename: str, trace_pkts: list[str]) -> bool:
    """Whether a trace holds packets; says on the output why not."""
    if not trace_pkts or all(word == "00000000" for word in trace_pkts):
        print(f"{filename} holds no trace: it is empty, or all zeros")
        return False
    if not header_of(int(trace_pkts[0], 16)).is_valid:
        print(f"{filename} does not begin with a packet header: 0x{trace_pkts[0]}")
        return False
    return True


def _column(place: str) -> int:
    return int(place.split(",")[1])


def _moved(place: str, shift: int) -> str:
    row, column = place.split(",")
    return f"{row},{int(column) + shift}"
