"""The words that a trace unit sends in Event-Time mode: commands, packets, and back again.

A unit that sees any of its eight events in a cycle makes a record: which events, and how many
cycles passed without one since the record before. Records are commands of one to four bytes; equal
ones are counted by a Repeat. Packets are a header word and seven words of commands, first byte
highest.

Source: mlir-aie python/utils/trace (what it reads of the hardware's packets).
unknown, and assumed here:
- what a unit does when more than 2**18 - 1 cycles pass without an event: assumed is one Event Sync
  for each full 2**18 - 1 cycles, which is what a reader adds for one;
- whether the hardware repeats commands of both kinds alike: assumed;
- what fills the last packet: assumed is 0xFE, which readers skip.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ironbird.base.trace_events import EVENT_SLOTS

PACKET_WORDS = 8
PAYLOAD_BYTES = 4 * (PACKET_WORDS - 1)
PACKET_BYTES = 4 * PACKET_WORDS
FILLER = 0xFE
SYNC = 0xFF
SYNC_CYCLES = 2**18 - 1
_LARGEST_REPEAT = 2**10 - 1
_TIMER_BYTES = 7


@dataclass(frozen=True)
class Command:
    """One command. kind: Start, Single0..2, Multiple0..2, Repeat0..1, Skip or Event_Sync.

    events:  slots, in order; of Single and Multiple.
    cycles:  without an event before this record; of Single and Multiple.
    repeats: of the command before; of Repeat.
    timer:   of Start.
    """

    kind: str
    events: tuple[int, ...] = ()
    cycles: int = 0
    repeats: int = 0
    timer: int = 0


@dataclass(frozen=True)
class ActiveRun:
    """The same slots active in every cycle from `start` to before `end`. mask: bit n is slot n."""

    start: int
    end: int
    mask: int


def commands_of(runs: Iterable[ActiveRun]) -> Iterator[tuple[Command, int]]:
    """The commands that record `runs`, which are in order and apart, and each one's last cycle."""
    yield Command("Start"), 0
    last = -1
    for run in runs:
        gap = run.start - last - 1
        while gap > SYNC_CYCLES:
            yield Command("Event_Sync"), run.start
            gap -= SYNC_CYCLES
        record = _record(run.mask, gap)
        yield record, run.start
        rest = run.end - run.start - 1
        if rest and gap:
            record = _record(run.mask, 0)
            yield record, run.start + 1
            rest -= 1
        while rest:
            repeats = min(rest, _LARGEST_REPEAT)
            rest -= repeats
            yield (
                Command("Repeat0" if repeats < 16 else "Repeat1", repeats=repeats),
                run.end - rest - 1,
            )
        last = run.end - 1


def _record(mask: int, cycles: int) -> Command:
    events = tuple(slot for slot in range(EVENT_SLOTS) if mask >> slot & 1)
    kind = "Single" if len(events) == 1 else "Multiple"
    size = 0 if cycles < 2**4 else 1 if cycles < 2**10 else 2
    return Command(f"{kind}{size}", events, cycles)


def bytes_of(command: Command) -> bytes:
    """A command as its bytes."""
    mask = sum(1 << slot for slot in command.events)
    cycles = command.cycles
    match command.kind:
        case "Start":
            return bytes([0xF0]) + command.timer.to_bytes(_TIMER_BYTES, "big")
        case "Single0":
            return bytes([command.events[0] << 4 | cycles])
        case "Single1":
            return (0x8000 | command.events[0] << 10 | cycles).to_bytes(2, "big")
        case "Single2":
            return (0xA00000 | command.events[0] << 18 | cycles).to_bytes(3, "big")
        case "Multiple0":
            return (0xC000 | mask << 4 | cycles).to_bytes(2, "big")
        case "Multiple1":
            return (0xD00000 | cycles << 8 | mask).to_bytes(3, "big")
        case "Multiple2":
            return (0xD4000000 | cycles << 8 | mask).to_bytes(4, "big")
        case "Repeat0":
            return bytes([0xE0 | command.repeats])
        case "Repeat1":
            return (0xD800 | command.repeats).to_bytes(2, "big")
        case "Skip":
            return bytes([0xDC, 0, 0, 0])
        case "Event_Sync":
            return bytes([SYNC])
        case _:
            raise ValueError(f"there is no trace command {command.kind!r}")


def commands_in(stream: Sequence[int]) -> list[Command]:
    """The commands in a stream of bytes. A command that is cut off at the end is left out."""
    found: list[Command] = []
    place = 0
    while place < len(stream):
        length, kind = _kind(stream[place])
        chunk = bytes(stream[place : place + length])
        place += length
        if len(chunk) == length and kind is not None:
            found.append(_command(kind, chunk))
    return found


def _kind(first: int) -> tuple[int, str | None]:
    """How many bytes a command has that begins with `first`, and its kind; None for a filler."""
    for mask, value, length, kind in _SHAPES:
        if first & mask == value:
            return length, kind
    return 1, None


# First byte under a mask, bytes in all. What begins otherwise (0xF1 to 0xF3, 0xF5 to 0xFD) is not
# known to be sent, and is skipped a byte at a time.
_SHAPES = (
    (0b10000000, 0b00000000, 1, "Single0"),
    (0b11100000, 0b10000000, 2, "Single1"),
    (0b11100000, 0b10100000, 3, "Single2"),
    (0b11110000, 0b11000000, 2, "Multiple0"),
    (0b11111100, 0b11010000, 3, "Multiple1"),
    (0b11111100, 0b11010100, 4, "Multiple2"),
    (0b11111100, 0b11011000, 2, "Repeat1"),
    (0b11111100, 0b11011100, 4, "Skip"),
    (0b11110000, 0b11100000, 1, "Repeat0"),
    (0b11111011, 0b11110000, 8, "Start"),
    (0b11111111, SYNC, 1, "Event_Sync"),
)


def _command(kind: str, chunk: bytes) -> Command:
    word = int.from_bytes(chunk, "big")
    match kind:
        case "Start":
            return Command(kind, timer=int.from_bytes(chunk[1:], "big"))
        case "Single0":
            return Command(kind, (word >> 4,), word & 0xF)
        case "Single1":
            return Command(kind, (word >> 10 & 7,), word & 0x3FF)
        case "Single2":
            return Command(kind, (word >> 18 & 7,), word & 0x3FFFF)
        case "Multiple0":
            return Command(kind, _slots(word >> 4 & 0xFF), word & 0xF)
        case "Multiple1":
            return Command(kind, _slots(word & 0xFF), word >> 8 & 0x3FF)
        case "Multiple2":
            return Command(kind, _slots(word & 0xFF), word >> 8 & 0x3FFFF)
        case "Repeat0":
            return Command(kind, repeats=word & 0xF)
        case "Repeat1":
            return Command(kind, repeats=word & 0x3FF)
        case _:
            return Command(kind)


def _slots(mask: int) -> tuple[int, ...]:
    return tuple(slot for slot in range(EVENT_SLOTS) if mask >> slot & 1)


def runs_in(commands: Iterable[Command]) -> list[ActiveRun]:
    """The runs that `commands` record; runs that touch and agree are one."""
    runs: list[ActiveRun] = []
    last = -1
    record = Command("Start")
    for command in commands:
        if command.kind == "Event_Sync":
            last += SYNC_CYCLES
            continue
        if command.kind.startswith("Repeat"):
            times = command.repeats
        elif command.events:
            times, record = 1, command
        else:
            continue
        mask = sum(1 << slot for slot in record.events)
        for _ in range(times if record.cycles else min(times, 1)):
            start = last + 1 + record.cycles
            end = start + (1 if record.cycles else times)
            if runs and runs[-1].end == start and runs[-1].mask == mask:
                runs[-1] = ActiveRun(runs[-1].start, end, mask)
            else:
                runs.append(ActiveRun(start, end, mask))
            last = end - 1
    return runs


def header_word(*, column: int, row: int, packet_type: int, packet_id: int) -> int:
    """The first word of a packet: id, type, where it comes from; bit 31 makes the parity odd."""
    word = packet_id | packet_type << 12 | row << 16 | column << 21
    return word | (word.bit_count() + 1) % 2 << 31


@dataclass(frozen=True)
class TraceHeader:
    """The fields of a packet's first word. `is_valid`: whether its parity is odd."""

    is_valid: bool
    column: int
    row: int
    packet_type: int
    packet_id: int


def header_of(word: int) -> TraceHeader:
    """The fields of a word read as a header."""
    return TraceHeader(
        is_valid=word.bit_count() % 2 == 1,
        column=word >> 21 & 0x7F,
        row=word >> 16 & 0x1F,
        packet_type=word >> 12 & 0x3,
        packet_id=word & 0x1F,
    )


def packets_of(
    commands: Iterable[tuple[Command, int]], header: int
) -> Iterator[tuple[int, list[int]]]:
    """The cycle at which each packet is complete, and its words. The last one is filled up."""
    payload = bytearray()
    cycle = 0
    for command, cycle in commands:
        payload += bytes_of(command)
        while len(payload) >= PAYLOAD_BYTES:
            yield cycle, [header, *_words(payload[:PAYLOAD_BYTES])]
            del payload[:PAYLOAD_BYTES]
    if payload:
        payload += bytes([FILLER]) * (PAYLOAD_BYTES - len(payload))
        yield cycle, [header, *_words(payload)]


def _words(payload: bytes | bytearray) -> list[int]:
    return [int.from_bytes(payload[at : at + 4], "big") for at in range(0, len(payload), 4)]
