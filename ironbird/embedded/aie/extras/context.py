"""A thin re-export; the code is in `ironbird.iron.dialects.module`."""

from ironbird.iron.dialects.module import mlir_mod_ctx
from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__,
    [
        "ExplicitlyManagedModule",
        "MLIRContext",
        "RAIIMLIRContext",
        "RAIIMLIRContextModule",
        "mlir_mod",
    ],
    instead="mlir_mod_ctx()",
)

__all__ = ["mlir_mod_ctx"]
