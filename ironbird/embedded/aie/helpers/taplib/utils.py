"""A thin re-export; the code is in `ironbird.iron`."""

from ironbird.iron import ceildiv

__all__ = ["ceildiv"]
