"""A thin re-export; the code is in `ironbird.iron.kernel`."""

from ironbird.iron.kernel import BaseKernel, ExternalFunction, Kernel, KernelObject

__all__ = ["BaseKernel", "ExternalFunction", "Kernel", "KernelObject"]
