"""The trace units: what was active when, as the packets that reach the host.

Recording runs from cycle 0 to the writes at the end of the sequence. Moving packets takes no stream
and no time here. A buffer that is full takes no more, and the run's notes say from which cycle on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ironbird.base.trace_stream import (
    PACKET_WORDS,
    ActiveRun,
    commands_of,
    header_word,
    packets_of,
)
from ironbird.plan.traces import TraceBuffer, TraceUnit
from ironbird.simulator.machine import Machine
from ironbird.simulator.records import RunRecord
from ironbird.simulator.trace_signals import Signals, Times

# Packets name physical columns; npu1 is columns 1 to 4 of the die (ignite-xdna, trace of logical
# tile (0, 2): row 2, column 1; amd/xdna-driver npu1_regs.c, first_col).
FIRST_COLUMN = 1


@dataclass(frozen=True)
class RecordedTrace:
    """What one trace buffer holds after a run: words, zeros where no packet came."""

    buffer: TraceBuffer
    words: npt.NDArray[np.uint32]


def recorded_traces(
    machine: Machine, record: RunRecord
) -> tuple[tuple[RecordedTrace, ...], tuple[str, ...]]:
    """The contents of the plan's trace buffers, and notes on what is missing in them."""
    traces = machine.plan.traces
    if traces is None:
        return (), ()
    signals = Signals(machine, record)
    packets = [list(_packets(unit, signals)) for unit in traces.units]
    notes = [
        f"{_described(unit)}: the simulator does not observe {name}, so none is recorded"
        for unit, name in signals.unobserved
    ]
    notes += [
        f"{_described(unit)} records nothing: the event that starts it never occurs"
        for unit in traces.units
        if not unit.starts
    ]
    reached = {number for buffer in traces.buffers for number in buffer.sources}
    notes += [
        f"{_described(unit)}: its packets reach no trace buffer"
        for number, unit in enumerate(traces.units)
        if number not in reached
    ]
    recorded = []
    for buffer in traces.buffers:
        sent = sorted(
            (packet for number in buffer.sources for packet in packets[number]),
            key=lambda packet: packet[0],
        )
        recorded.append(RecordedTrace(buffer, _filled(buffer, sent)))
        room = buffer.byte_count // 4 // PACKET_WORDS
        if len(sent) > room:
            notes.append(
                f"the trace buffer of {buffer.byte_count} bytes is full from cycle "
                f"{sent[room][0]} on; {len(sent)} packets of {PACKET_WORDS * 4} bytes were sent"
            )
    return tuple(recorded), tuple(notes)


def _filled(
    buffer: TraceBuffer, packets: Iterable[tuple[int, list[int]]]
) -> npt.NDArray[np.uint32]:
    words = np.zeros(buffer.byte_count // 4, dtype=np.uint32)
    sent = np.array([word for _, packet in packets for word in packet], dtype=np.uint32)
    count = min(len(sent), len(words))
    words[:count] = sent[:count]
    return words


def _packets(unit: TraceUnit, signals: Signals) -> Iterator[tuple[int, list[int]]]:
    slots = signals.of(unit)
    if not unit.starts:
        return
    header = header_word(
        column=unit.tile.column + FIRST_COLUMN,
        row=unit.tile.row,
        packet_type=unit.packet,
        packet_id=unit.packet_id,
    )
    yield from packets_of(commands_of(_runs(slots)), header)


def _runs(slots: list[Times]) -> Iterator[ActiveRun]:
    """Cycles in which some slot is active, cut wherever one begins or ends."""
    changes: dict[int, int] = {}
    for slot, times in enumerate(slots):
        for start, stop in times:
            changes[start] = changes.get(start, 0) ^ 1 << slot
            changes[stop] = changes.get(stop, 0) ^ 1 << slot
    mask = begun = 0
    for cycle in sorted(changes):
        if mask:
            yield ActiveRun(begun, cycle, mask)
        mask ^= changes[cycle]
        begun = cycle


def _described(unit: TraceUnit) -> str:
    return f"trace of the {unit.packet.name.lower().replace('_', ' ')} of tile {unit.tile}"
