"""A thin re-export; the code is in `ironbird.iron.object_fifo`."""

from ironbird.iron.object_fifo import ObjectFifo
from ironbird.iron.object_fifo_handle import ObjectFifoHandle
from ironbird.iron.object_fifo_link import ObjectFifoLink

__all__ = ["ObjectFifo", "ObjectFifoHandle", "ObjectFifoLink"]
