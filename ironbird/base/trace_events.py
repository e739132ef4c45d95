"""The events that the trace units of AIE2 tiles can record, by name and number.

Source: AM025 and aie-rt's driver/src/events/xaie_events_aieml.h, in the order that both list them.
The numbers of INSTR_EVENT_0, INSTR_EVENT_1, LOCK_STALL, PORT_RUNNING_0, BROADCAST_14 and
BROADCAST_15 of a core and of USER_EVENT_0 and USER_EVENT_1 of a shim were compared with register
writes that mlir-aie made; the others stand in the gaps that these leave, and were compared with
nothing. An event that is not in these tables has a number that is unknown here.
"""

from collections.abc import Mapping
from enum import IntEnum

from ironbird.base.device import TileKind


class TracePacket(IntEnum):
    """The trace unit that a packet comes from: the type in its header (mlir-aie)."""

    CORE = 0
    MEMORY = 1
    SHIM = 2
    MEMORY_TILE = 3

    @property
    def label(self) -> str:
        """As Chrome traces name the unit."""
        return _LABELS[self]

    @property
    def tile_kind(self) -> TileKind:
        """The tile that has such a unit; a core tile has two."""
        return _TILE_KINDS[self]


_LABELS = {
    TracePacket.CORE: "core_trace",
    TracePacket.MEMORY: "mem_trace",
    TracePacket.SHIM: "shim_trace",
    TracePacket.MEMORY_TILE: "memtile_trace",
}
_TILE_KINDS = {
    TracePacket.CORE: TileKind.CORE,
    TracePacket.MEMORY: TileKind.CORE,
    TracePacket.SHIM: TileKind.SHIM,
    TracePacket.MEMORY_TILE: TileKind.MEMORY,
}

EVENT_SLOTS = 8
PORT_SLOTS = 8
COMMON = ("NONE", "TRUE", "GROUP_0", "TIMER_SYNC", "TIMER_VALUE_REACHED")


def _numbered(*runs: tuple[int, tuple[str, ...]]) -> dict[str, int]:
    """Names by number: each run counts on from its first."""
    return {name: first + n for first, names in runs for n, name in enumerate(names)}


def _indexed(name: str, count: int) -> tuple[str, ...]:
    return tuple(f"{name}_{n}" for n in range(count))


_COMBO_AND_EDGE = (*_indexed("COMBO_EVENT", 4), *_indexed("EDGE_DETECTION_EVENT", 2))
_PORTS = tuple(
    f"PORT_{state}_{slot}"
    for slot in range(PORT_SLOTS)
    for state in ("IDLE", "RUNNING", "STALLED", "TLAST")
)


def _dma(channels: tuple[str, ...], stalled: str) -> tuple[str, ...]:
    """The events of four channels, S2MM before MM2S, in the order of all three kinds of tile."""
    both = tuple(f"DMA_{way}_{channel}" for way in ("S2MM", "MM2S") for channel in channels)
    into, out = both[: len(channels)], both[len(channels) :]
    return (
        *(f"{each}_START_TASK" for each in both),
        *(f"{each}_FINISHED_BD" for each in both),
        *(f"{each}_FINISHED_TASK" for each in both),
        *(f"{each}_{stalled}" for each in both),
        *(f"{each}_STREAM_STARVATION" for each in into),
        *(f"{each}_STREAM_BACKPRESSURE" for each in out),
        *(f"{each}_MEMORY_BACKPRESSURE" for each in into),
        *(f"{each}_MEMORY_STARVATION" for each in out),
    )


def _locks(name: str, count: int) -> tuple[str, ...]:
    parts = ("ACQ_EQ", "ACQ_GE", "REL", "EQUAL_TO_VALUE")
    return tuple(f"{name}{lock}_{part}" for lock in range(count) for part in parts)


CORE_EVENTS = _numbered(
    (0, COMMON),
    (5, _indexed("PERF_CNT", 4)),
    (9, _COMBO_AND_EDGE),
    (15, ("GROUP_PC_EVENT", *_indexed("PC", 4), "PC_RANGE_0_1", "PC_RANGE_2_3")),
    (22, ("GROUP_STALL", "MEMORY_STALL", "STREAM_STALL", "CASCADE_STALL", "LOCK_STALL")),
    (27, ("DEBUG_HALTED", "ACTIVE", "DISABLED", "ECC_ERROR_STALL", "ECC_SCRUBBING_STALL")),
    (32, ("GROUP_PROGRAM_FLOW", "INSTR_EVENT_0", "INSTR_EVENT_1", "INSTR_CALL", "INSTR_RETURN")),
    (37, ("INSTR_VECTOR", "INSTR_LOAD", "INSTR_STORE", "INSTR_STREAM_GET", "INSTR_STREAM_PUT")),
    (42, ("INSTR_CASCADE_GET", "INSTR_CASCADE_PUT")),
    (44, ("INSTR_LOCK_ACQUIRE_REQ", "INSTR_LOCK_RELEASE_REQ")),
    (73, ("GROUP_STREAM_SWITCH", *_PORTS)),
    (106, ("GROUP_BROADCAST", *_indexed("BROADCAST", 16))),
    (123, ("GROUP_USER_EVENT", *_indexed("USER_EVENT", 4))),
)

MEMORY_EVENTS = _numbered(
    (0, COMMON),
    (5, _indexed("PERF_CNT", 2)),
    (7, _COMBO_AND_EDGE),
    (15, ("GROUP_WATCHPOINT", *_indexed("WATCHPOINT", 2))),
    (18, ("GROUP_DMA_ACTIVITY", *_dma(("0", "1"), "STALLED_LOCK"))),
    (43, ("GROUP_LOCK", *_locks("LOCK_SEL", 8))),
    (76, ("GROUP_MEMORY_CONFLICT", *_indexed("CONFLICT_DM_BANK", 8))),
    (106, ("GROUP_BROADCAST", *_indexed("BROADCAST", 16))),
    (123, ("GROUP_USER_EVENT", *_indexed("USER_EVENT", 4))),
)

MEMORY_TILE_EVENTS = _numbered(
    (0, COMMON),
    (5, _indexed("PERF_CNT", 4)),
    (9, _COMBO_AND_EDGE),
    (15, ("GROUP_WATCHPOINT", *_indexed("WATCHPOINT", 4))),
    (20, ("GROUP_DMA_ACTIVITY", *_dma(("SEL0", "SEL1"), "STALLED_LOCK_ACQUIRE"))),
    (45, ("GROUP_LOCK", *_locks("LOCK_SEL", 8))),
    (78, ("GROUP_STREAM_SWITCH", *_PORTS)),
    (111, ("GROUP_MEMORY_CONFLICT", *_indexed("CONFLICT_DM_BANK", 16))),
    (141, ("GROUP_BROADCAST", *_indexed("BROADCAST", 16))),
    (158, ("GROUP_USER_EVENT", *_indexed("USER_EVENT", 2))),
)

SHIM_EVENTS = _numbered(
    (0, COMMON),
    (5, _indexed("PERF_CNT", 2)),
    (7, _COMBO_AND_EDGE),
    (13, ("GROUP_DMA_ACTIVITY", *_dma(("0", "1"), "STALLED_LOCK"))),
    (38, ("GROUP_LOCK", *_locks("LOCK_", 6))),
    (76, ("GROUP_STREAM_SWITCH", *_PORTS)),
    (109, ("GROUP_BROADCAST_A", *_indexed("BROADCAST_A", 16))),
    (126, _indexed("USER_EVENT", 2)),
)

EVENTS: Mapping[TracePacket, Mapping[str, int]] = {
    TracePacket.CORE: CORE_EVENTS,
    TracePacket.MEMORY: MEMORY_EVENTS,
    TracePacket.SHIM: SHIM_EVENTS,
    TracePacket.MEMORY_TILE: MEMORY_TILE_EVENTS,
}

# The text forms name the enumeration: `<CoreEventAIE2::LOCK_STALL>`.
ENUMERATIONS = {
    TracePacket.CORE: "CoreEventAIE2",
    TracePacket.MEMORY: "MemEventAIE2",
    TracePacket.SHIM: "ShimTileEventAIE2",
    TracePacket.MEMORY_TILE: "MemTileEventAIE2",
}


def event_name(packet: TracePacket, number: int) -> str | None:
    """What an event number of a unit is called; None if that is unknown here."""
    return _NAMES[packet].get(number)


def broadcast_event(packet: TracePacket, channel: int) -> int:
    """The event that broadcast `channel` is in a unit's tile. A shim has two sides; this is A."""
    name = "BROADCAST_A" if packet is TracePacket.SHIM else "BROADCAST"
    return EVENTS[packet][f"{name}_{channel}"]


_NAMES = {
    packet: {number: name for name, number in table.items()} for packet, table in EVENTS.items()
}
