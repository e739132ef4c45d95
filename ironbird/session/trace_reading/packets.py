"""Words of a trace buffer as the streams of the units that sent them.

Words are 8 hexadecimal digits, as a trace file holds them line by line. Streams are kept by the
unit's packet type and by its place, `"row,column"`, as upstream keeps them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from ironbird.base.trace_events import TracePacket
from ironbird.base.trace_stream import PACKET_WORDS, commands_in, header_of

Streams = list[dict[str, list[Any]]]
"""By packet type, then by place."""

_ZERO = "00000000"


def hex_words(buffer: Iterable[Any]) -> list[str]:
    """The words of a trace buffer (any unsigned 32-bit numbers) as 8 digits each."""
    return [f"{int(word) & 0xFFFFFFFF:08x}" for word in buffer]


def parity(x: int) -> int:
    """1 if the number of ones in a word is odd."""
    return x.bit_count() & 1


def check_odd_word_parity(word: int) -> bool:
    """Whether a word may be a header: the number of its ones is odd."""
    return header_of(int(word)).is_valid


def parse_pkt_hdr_in_stream(word: Any) -> dict[str, Any]:
    """The fields of a header; `word` is a number or its 8 digits."""
    header = header_of(int(word, 16) if isinstance(word, str) else int(word))
    return {
        "valid": header.is_valid,
        "col": header.column,
        "row": header.row,
        "type": header.packet_type,
        "id": header.packet_id,
    }


def extract_tile(data: int) -> tuple[int, int, int, int]:
    """Column, row, packet type and packet id of a header."""
    header = header_of(data)
    return header.column, header.row, header.packet_type, header.packet_id


def pack4bytes(b3: int, b2: int, b1: int, b0: int) -> int:
    """A word from its bytes, the highest first."""
    return b3 << 24 | b2 << 16 | b1 << 8 | b0


def create_ctrl_pkt(operation: int, beats: int, addr: int, ctrl_pkt_read_id: int = 28) -> int:
    """The header of a control packet: its parity is odd (AM020 ch2)."""
    word = ctrl_pkt_read_id << 24 | operation << 22 | beats << 20 | addr
    return word | (parity(word) ^ 1) << 31


def trim_trace_pkts(trace_pkts: Sequence[str]) -> list[str]:
    """The packets before the first one that is all zeros: there the buffer was not written."""
    words = list(trace_pkts)
    for first in range(0, len(words), PACKET_WORDS):
        if all(word == _ZERO for word in words[first : first + PACKET_WORDS]):
            return words[:first]
    return words


def split_trace_segments(trace_pkts: Sequence[str], min_gap: int = 8) -> list[list[str]]:
    """Runs of packets between gaps of at least `min_gap` words of zeros."""
    segments: list[list[str]] = []
    gap = min_gap
    for first in range(0, len(trace_pkts), PACKET_WORDS):
        packet = list(trace_pkts[first : first + PACKET_WORDS])
        if all(word == _ZERO for word in packet):
            gap += len(packet)
            continue
        if gap >= min_gap:
            segments.append([])
        segments[-1] += packet
        gap = 0
    return segments


def trace_pkts_de_interleave(word_stream: Sequence[str]) -> Streams:
    """The words behind the headers, by unit. Raises ValueError where a header's parity is even."""
    streams: Streams = [{} for _ in TracePacket]
    for first in range(0, len(word_stream), PACKET_WORDS):
        packet = word_stream[first : first + PACKET_WORDS]
        header = header_of(int(packet[0], 16))
        if not header.is_valid:
            raise ValueError(
                f"word {first} of the trace, 0x{packet[0]}, is no packet header: "
                "the number of its ones is even"
            )
        place = f"{header.row},{header.column}"
        streams[header.packet_type].setdefault(place, []).extend(packet[1:])
    return streams


def convert_to_byte_stream(toks_list: Streams) -> Streams:
    """The bytes of every unit's words, the highest of each word first."""
    return [
        {
            place: [byte for word in words for byte in bytes.fromhex(word)]
            for place, words in by_place.items()
        }
        for by_place in toks_list
    ]


def convert_to_commands(byte_stream_list: Streams, zero: bool = True) -> Streams:
    """The commands of every unit as dicts; `zero` leaves the timer of a Start out."""
    return [
        {place: list(_dicts(stream, zero)) for place, stream in by_place.items()}
        for by_place in byte_stream_list
    ]


def _dicts(stream: Sequence[int], zero: bool) -> Iterable[dict[str, Any]]:
    for command in commands_in(stream):
        match command.kind:
            case "Start":
                yield {"type": "Start", "timer_value": 0 if zero else command.timer}
            case "Single0" | "Single1" | "Single2":
                yield {"type": command.kind, "event": command.events[0], "cycles": command.cycles}
            case "Multiple0" | "Multiple1" | "Multiple2":
                named = {f"event{slot}": slot for slot in command.events}
                yield {"type": command.kind, "cycles": command.cycles, **named}
            case "Repeat0" | "Repeat1":
                yield {"type": command.kind, "repeats": command.repeats}
            case "Event_Sync":
                yield {"type": "Event_Sync"}


__all__ = [
    "Streams",
    "check_odd_word_parity",
    "convert_to_byte_stream",
    "convert_to_commands",
    "create_ctrl_pkt",
    "extract_tile",
    "hex_words",
    "pack4bytes",
    "parity",
    "parse_pkt_hdr_in_stream",
    "split_trace_segments",
    "trace_pkts_de_interleave",
    "trim_trace_pkts",
]
