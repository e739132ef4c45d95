"""Access patterns over tensors: in which order a transfer visits the elements."""

from ironbird.iron.taplib.grid import TileGrid
from ironbird.iron.taplib.pattern import TensorAccessPattern
from ironbird.iron.taplib.sequence import TensorAccessSequence
from ironbird.iron.taplib.symbolic import (
    is_sym,
    require,
    sceildiv,
    sint,
    smin,
    sprod,
    sselect,
)
from ironbird.iron.taplib.tiler import TensorTiler2D

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
