"""Floor 6: C++ kernels for AIE2, one subject a file; the contract of each symbol they export."""
