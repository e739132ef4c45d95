"""A thin re-export; the code is in `ironbird.iron.algorithms`."""

from ironbird.iron.algorithms import (
    transform,
    transform_binary,
    transform_parallel,
    transform_parallel_binary,
)

__all__ = ["transform", "transform_binary", "transform_parallel", "transform_parallel_binary"]
