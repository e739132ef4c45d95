"""A thin re-export; the code is in `ironbird.iron.taplib`."""

from ironbird.iron.taplib import TensorAccessPattern

__all__ = ["TensorAccessPattern"]
