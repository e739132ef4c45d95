"""A thin re-export; the code is in `ironbird.iron.program`."""

from ironbird.iron.program import Program

__all__ = ["Program"]
