"""A thin re-export; the code is in `ironbird.iron.placers`."""

from ironbird.iron.placers import Placer, SequentialPlacer

__all__ = ["Placer", "SequentialPlacer"]
