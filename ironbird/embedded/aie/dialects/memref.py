"""A thin re-export; the code is in `ironbird.iron.dialects.memrefs`."""

from ironbird.iron.dialects.memrefs import alloc, copy, get_global, global_, load, store, subview
from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__,
    [
        "GetGlobalOp",
        "GlobalOp",
        "LoadOp",
        "StoreOp",
        "alloca",
        "cast",
        "collapse_shape",
        "dealloc",
        "dim",
        "expand_shape",
        "reinterpret_cast",
        "reshape",
        "view",
    ],
    instead="indices and slices of the buffer",
)

__all__ = ["alloc", "copy", "get_global", "global_", "load", "store", "subview"]
