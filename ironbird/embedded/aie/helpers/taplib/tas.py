"""A thin re-export; the code is in `ironbird.iron.taplib`."""

from ironbird.iron.taplib import TensorAccessSequence

__all__ = ["TensorAccessSequence"]
