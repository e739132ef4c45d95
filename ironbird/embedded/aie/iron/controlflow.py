"""A thin re-export; the code is in `ironbird.iron.controlflow`."""

from ironbird.iron.controlflow import else_, if_, range_, yield_

__all__ = ["else_", "if_", "range_", "yield_"]
