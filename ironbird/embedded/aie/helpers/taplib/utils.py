"""A thin re-export; the code is in `ironbird.iron`."""

from ironbird.iron import ceildiv
from ironbird.iron.taplib.walk_checks import (
    validate_and_clean_sizes_strides,
    validate_offset,
    validate_tensor_dims,
)

__all__ = [
    "ceildiv",
    "validate_and_clean_sizes_strides",
    "validate_offset",
    "validate_tensor_dims",
]
