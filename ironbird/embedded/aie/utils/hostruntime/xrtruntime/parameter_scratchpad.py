"""A thin re-export; the code is in `ironbird.iron.runtime`."""

from ironbird.iron.runtime import ParameterScratchpad

__all__ = ["ParameterScratchpad"]
