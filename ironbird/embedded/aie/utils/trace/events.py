"""`aie.utils.trace.events`: events by name and number."""

from ironbird.iron.trace_events import (
    NUM_TRACE_TYPES,
    BasePortEvent,
    CoreEvent,
    GenericEvent,
    MemEvent,
    MemTileEvent,
    MemTilePortEvent,
    MemTilePortEventCodes,
    PacketType,
    PortEvent,
    PortEventCodes,
    ShimTileEvent,
    ShimTilePortEvent,
    ShimTilePortEventCodes,
    get_events_for_device,
)

__all__ = [
    "NUM_TRACE_TYPES",
    "BasePortEvent",
    "CoreEvent",
    "GenericEvent",
    "MemEvent",
    "MemTileEvent",
    "MemTilePortEvent",
    "MemTilePortEventCodes",
    "PacketType",
    "PortEvent",
    "PortEventCodes",
    "ShimTileEvent",
    "ShimTilePortEvent",
    "ShimTilePortEventCodes",
    "get_events_for_device",
]
