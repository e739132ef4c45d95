"""A thin re-export; the code is in `ironbird.iron.algorithms`.

Functions and modules share names; the modules are loaded first, so that the functions are what
`aie.iron.algorithms.transform` is, whoever imports the modules later.
"""

from aie.iron.algorithms.for_each import for_each
from aie.iron.algorithms.transform import (
    transform,
    transform_binary,
    transform_parallel,
    transform_parallel_binary,
)

from ironbird.iron.algorithms import (
    reduce,
    row_at_a_time,
    row_at_a_time_tiled,
    row_at_a_time_with_skip,
    sliding_3row,
)
from ironbird.iron.upstream_names import absent

__getattr__ = absent(__name__, later={"kernel_design": "aie.iron.algorithms.kernel_design"})

__all__ = [
    "for_each",
    "kernel_design",
    "reduce",
    "row_at_a_time",
    "row_at_a_time_tiled",
    "row_at_a_time_with_skip",
    "sliding_3row",
    "transform",
    "transform_binary",
    "transform_parallel",
    "transform_parallel_binary",
]
