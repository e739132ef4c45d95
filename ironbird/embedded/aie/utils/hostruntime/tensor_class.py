"""A thin re-export; the code is in `ironbird.iron.tensor` and `session.hostruntime.tensors`."""

from ironbird.iron.tensor import (
    NpuTensor,
)
from ironbird.iron.tensor import NpuTensor as Tensor
from ironbird.iron.upstream_names import absent
from ironbird.session.hostruntime.tensors import (
    CPUOnlyTensor,
)

__getattr__ = absent(
    __name__, ["HRXTensor"], instead="iron.tensor; HRX drives a device, and this is simulated"
)

__all__ = ["CPUOnlyTensor", "NpuTensor", "Tensor"]
