"""A trace unit as the values of its registers, in the order in which they are written."""

from collections.abc import Iterator
from dataclasses import dataclass

from ironbird.base.register_fields import WordLayout
from ironbird.base.trace_registers import PORT_LAYOUT, REGISTERS
from ironbird.passes.lower_traces.unit import TraceUnit

EVENT_TIME = 0


@dataclass(frozen=True)
class RegisterValue:
    """A register of the unit's tile. mask: the bits that mean something."""

    name: str
    offset: int
    value: int
    mask: int
    comment: str


def registers_of(unit: TraceUnit) -> list[RegisterValue]:
    """Control, ports, events; ports and events only as far as any are used."""
    registers = REGISTERS[unit.packet]
    control = registers.control_layout
    words = control.encode(
        {
            "mode": EVENT_TIME,
            "start": unit.start,
            "stop": unit.stop,
            "packet_id": unit.packet_id,
            "packet_type": unit.packet,
        }
    )
    found = [
        RegisterValue(
            "Trace_Control0",
            registers.control,
            words[0],
            _mask(control, 0),
            "trace mode + start event + stop event",
        ),
        RegisterValue(
            "Trace_Control1",
            registers.control + 4,
            words[1],
            _mask(control, 1),
            "packet ID + packet type",
        ),
    ]
    if registers.ports is not None:
        found += _port_registers(unit, registers.ports)
    words = registers.event_layout.encode(
        {f"slot{slot}": number for slot, (_, number) in enumerate(unit.events)}
    )
    for word, first in enumerate(range(0, len(unit.events), 4)):
        names = [name for name, _ in unit.events[first : first + 4]]
        found.append(
            RegisterValue(
                f"Trace_Event{word}",
                registers.events + 4 * word,
                words[word],
                _mask(registers.event_layout, word),
                " + ".join(names),
            )
        )
    return found


def _port_registers(unit: TraceUnit, offset: int) -> Iterator[RegisterValue]:
    values: dict[str, int] = {}
    for port in unit.ports:
        values |= {f"number{port.slot}": port.number, f"is_output{port.slot}": port.is_output}
    words = PORT_LAYOUT.encode(values)
    for word in (0, 1):
        slots = [port.slot for port in unit.ports if port.slot // 4 == word]
        if not slots:
            continue
        fields = [f"{name}{slot}" for slot in slots for name in ("number", "is_output")]
        yield RegisterValue(
            f"Stream_Switch_Event_Port_Selection_{word}",
            offset + 4 * word,
            words[word],
            sum(PORT_LAYOUT.fields[field].mask for field in fields),
            " + ".join(f"port {slot} ID + port {slot} master/slave" for slot in slots),
        )


def _mask(layout: WordLayout, word: int) -> int:
    return sum(field.mask for field in layout.fields.values() if field.word == word)
