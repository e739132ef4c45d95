"""A thin re-export; the code is in `ironbird.iron.tensor`."""

from ironbird.iron.tensor import NpuTensor
from ironbird.iron.tensor import NpuTensor as Tensor

__all__ = ["NpuTensor", "Tensor"]
