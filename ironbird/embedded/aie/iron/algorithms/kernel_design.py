"""A thin re-export; the code is in `ironbird.iron.algorithms.kernel_design`."""

from ironbird.iron.algorithms.kernel_design import design, host_args, sample_inputs

__all__ = ["design", "host_args", "sample_inputs"]
