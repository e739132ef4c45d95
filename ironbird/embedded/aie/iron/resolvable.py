"""A thin re-export; the code is in `ironbird.iron.resolvable`."""

from ironbird.iron.resolvable import NotResolvedError, Resolvable

__all__ = ["NotResolvedError", "Resolvable"]
