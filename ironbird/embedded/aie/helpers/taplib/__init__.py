"""A thin re-export; the code is in `ironbird.iron.taplib`."""

from ironbird.iron.taplib import TensorAccessPattern, TensorAccessSequence, TensorTiler2D, TileGrid
from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__, ["is_sym", "require", "sceildiv", "sint", "smin", "sprod", "sselect"]
)

__all__ = ["TensorAccessPattern", "TensorAccessSequence", "TensorTiler2D", "TileGrid"]
