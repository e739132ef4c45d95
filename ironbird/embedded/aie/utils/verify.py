"""A thin re-export; the code is in `ironbird.iron.verify`."""

from ironbird.iron.upstream_names import absent
from ironbird.iron.verify import (
    Tolerance,
    Verdict,
    assert_pass,
    bf16_ulp_distance,
    compare,
    count_mismatches,
    nearly_equal,
)

__getattr__ = absent(
    __name__,
    ["assert_close_with_benchmark"],
    instead="compare, and run_iters of aie.utils.benchmark",
)

__all__ = [
    "Tolerance",
    "Verdict",
    "assert_pass",
    "bf16_ulp_distance",
    "compare",
    "count_mismatches",
    "nearly_equal",
]
