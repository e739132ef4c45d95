"""A thin re-export; the code is in `ironbird.iron.device`."""

from ironbird.iron.device import ensure_current_device, get_current_device, set_current_device
from ironbird.iron.upstream_names import absent

__getattr__ = absent(__name__, ["HostRuntime", "bfloat16_safe_allclose"])

__all__ = ["ensure_current_device", "get_current_device", "set_current_device"]
