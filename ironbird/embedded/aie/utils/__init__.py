"""`aie.utils`: tensors and the current device. The code is in `ironbird.iron`."""

from ironbird.iron.device import ensure_current_device, get_current_device, set_current_device
from ironbird.iron.tensor import (
    NpuTensor,
    arange,
    full,
    ones,
    rand,
    randint,
    set_tensor_class,
    tensor,
    zeros,
    zeros_like,
)
from ironbird.iron.tensor import (
    NpuTensor as Tensor,
)
from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__, ["DefaultNPURuntime", "NPUKernel", "cleanup_npu_runtime", "has_hrx", "has_xrt"]
)

__all__ = [
    "NpuTensor",
    "Tensor",
    "arange",
    "ensure_current_device",
    "full",
    "get_current_device",
    "ones",
    "rand",
    "randint",
    "set_current_device",
    "set_tensor_class",
    "tensor",
    "zeros",
    "zeros_like",
]
