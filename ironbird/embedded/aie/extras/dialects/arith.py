"""A thin re-export; the code is in `ironbird.iron.core_arith`."""

from ironbird.iron.core_arith import (
    bitcast,
    constant,
    extf,
    extsi,
    extui,
    fptosi,
    index_cast,
    maximumf,
    maxsi,
    minimumf,
    minsi,
    select,
    sitofp,
    truncf,
    trunci,
    uitofp,
)

__all__ = [
    "bitcast",
    "constant",
    "extf",
    "extsi",
    "extui",
    "fptosi",
    "index_cast",
    "maximumf",
    "maxsi",
    "minimumf",
    "minsi",
    "select",
    "sitofp",
    "truncf",
    "trunci",
    "uitofp",
]
