"""Floor 6: C++ kernels for AIE2, one subject a file, and the contract of every symbol they export."""
