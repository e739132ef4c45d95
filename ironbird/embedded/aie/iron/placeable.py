"""A thin re-export; the code is in `ironbird.iron.placeable`."""

from ironbird.iron.placeable import AlreadyPlacedError, Placeable

__all__ = ["AlreadyPlacedError", "Placeable"]
