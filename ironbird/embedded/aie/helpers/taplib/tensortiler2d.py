"""A thin re-export; the code is in `ironbird.iron.taplib`."""

from ironbird.iron.taplib import TensorTiler2D

__all__ = ["TensorTiler2D"]
