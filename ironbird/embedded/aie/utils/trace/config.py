"""`aie.utils.trace.config`."""

from ironbird.session.trace_reading.config import TraceConfig

__all__ = ["TraceConfig"]
