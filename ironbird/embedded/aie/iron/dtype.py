"""A thin re-export; the code is in `ironbird.iron.dtype`."""

from ironbird.iron.dtype import dtype_map, dtype_to_str, str_to_dtype

__all__ = ["dtype_map", "dtype_to_str", "str_to_dtype"]
