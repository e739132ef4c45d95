"""A thin re-export; the code is in `ironbird.iron.dialects.memrefs`."""

from ironbird.iron.dialects.memrefs import get_global, global_, load, store, subview
from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__,
    [
        "GetGlobalOp",
        "GlobalOp",
        "LoadOp",
        "StoreOp",
        "alloc",
        "alloca",
        "cast",
        "collapse_shape",
        "copy",
        "dealloc",
        "dim",
        "expand_shape",
        "reinterpret_cast",
        "reshape",
        "view",
    ],
)

__all__ = ["get_global", "global_", "load", "store", "subview"]
