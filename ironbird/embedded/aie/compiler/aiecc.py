"""The driver of mlir-aie, which the embedded IRON has not."""

from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__,
    ["main", "run"],
    instead="`python -m ironbird run MODULE.mlir`, or aie.utils.compile.utils",
)

__all__ = []
