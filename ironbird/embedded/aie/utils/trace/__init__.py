"""`aie.utils.trace`: traces set up, read back and summed up.

The code is in `ironbird.iron` and `ironbird.session.trace_reading`.
"""

from aie.utils.trace import get_trace_summary

from ironbird.iron.trace_events import (
    GenericEvent,
    MemTilePortEvent,
    PortEvent,
    ShimTilePortEvent,
)
from ironbird.iron.trace_setup import configure_trace, start_trace
from ironbird.session.trace_reading.config import TraceConfig
from ironbird.session.trace_reading.summary import get_cycles, get_cycles_summary
from ironbird.session.trace_reading.timeline import parse_trace

__all__ = [
    "GenericEvent",
    "MemTilePortEvent",
    "PortEvent",
    "ShimTilePortEvent",
    "TraceConfig",
    "configure_trace",
    "get_cycles",
    "get_cycles_summary",
    "get_trace_summary",
    "parse_trace",
    "start_trace",
]
