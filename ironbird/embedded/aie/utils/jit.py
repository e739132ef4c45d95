"""A thin re-export; the code is in `ironbird.session.jit`."""

from ironbird.session.hostruntime.toolchain import (
    hash_module,
)
from ironbird.session.jit import (
    jit,
)

__all__ = ["hash_module", "jit"]
