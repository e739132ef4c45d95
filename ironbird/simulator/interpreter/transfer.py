"""Which byte of memory each byte of a descriptor's stream is: the plainest form of `layout`."""

import functools

import numpy as np
import numpy.typing as npt

from ironbird.plan.plan import Descriptor
from ironbird.simulator.layout import layout_of

PADDING = -1


@functools.lru_cache(maxsize=256)
def stream_addresses(descriptor: Descriptor) -> npt.NDArray[np.int64]:
    """The byte offset in memory of every byte of the stream, PADDING for a zero. Iteration 0."""
    layout = layout_of(descriptor)
    addresses = np.array([layout.offset_bytes], dtype=np.int64)
    inside = np.array([True])
    for dimension in layout.dimensions:
        steps = np.arange(dimension.span, dtype=np.int64) - dimension.before
        within = (steps >= 0) & (steps < dimension.size)
        addresses = (addresses[:, None] + steps * dimension.stride_bytes).reshape(-1)
        inside = (inside[:, None] & within).reshape(-1)
    steps = np.arange(layout.row_span, dtype=np.int64) - layout.row_before
    within = (steps >= 0) & (steps < layout.row_bytes)
    addresses = (addresses[:, None] + steps).reshape(-1)
    inside = (inside[:, None] & within).reshape(-1)
    return np.where(inside, addresses, PADDING)[: descriptor.byte_count]


def iteration_bytes(descriptor: Descriptor, iteration: int) -> int:
    """How far run number `iteration` is from the first."""
    if descriptor.iteration is None:
        return 0
    return iteration * descriptor.iteration.stride * descriptor.element_bytes
