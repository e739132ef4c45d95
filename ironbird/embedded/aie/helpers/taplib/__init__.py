"""A thin re-export; the code is in `ironbird.iron.taplib`."""

from ironbird.iron.taplib import (
    TensorAccessPattern,
    TensorAccessSequence,
    TensorTiler2D,
    TileGrid,
    is_sym,
    require,
    sceildiv,
    sint,
    smin,
    sprod,
    sselect,
)

__all__ = [
    "TensorAccessPattern",
    "TensorAccessSequence",
    "TensorTiler2D",
    "TileGrid",
    "is_sym",
    "require",
    "sceildiv",
    "sint",
    "smin",
    "sprod",
    "sselect",
]
