"""`aie.utils.benchmark`. The code is in `ironbird.session.benchmark`."""

from ironbird.session.benchmark import (
    BenchmarkResult,
    Stats,
    preflight,
    print_benchmark,
    provenance,
    run_iters,
)

__all__ = [
    "BenchmarkResult",
    "Stats",
    "preflight",
    "print_benchmark",
    "provenance",
    "run_iters",
]
