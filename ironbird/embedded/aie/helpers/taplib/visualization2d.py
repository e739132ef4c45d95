"""A thin re-export; the code is in `ironbird.iron.taplib.drawing`."""

from ironbird.iron.taplib.drawing import animate_from_accesses, visualize_from_accesses

__all__ = ["animate_from_accesses", "visualize_from_accesses"]
