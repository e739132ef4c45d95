"""A thin re-export; the code is in `ironbird.iron.dialects.vectors`."""

from ironbird.iron.dialects.vectors import (
    broadcast,
    extract,
    fma,
    insert,
    load,
    reduction,
    shape_cast,
    store,
)
from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__,
    ["extract_strided_slice", "outerproduct", "transfer_read", "transfer_write"],
    instead="load and store, broadcast, extract and insert, which are here",
)

__all__ = ["broadcast", "extract", "fma", "insert", "load", "reduction", "shape_cast", "store"]
