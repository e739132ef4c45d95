"""A thin re-export; the code is in `ironbird.iron.dialects.vectors`."""

from ironbird.iron.dialects.vectors import broadcast, load, store
from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__,
    [
        "extract",
        "extract_strided_slice",
        "fma",
        "insert",
        "outerproduct",
        "reduction",
        "shape_cast",
        "transfer_read",
        "transfer_write",
    ],
)

__all__ = ["broadcast", "load", "store"]
