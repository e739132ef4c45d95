"""The driver of mlir-aie, which the embedded IRON has not."""

from ironbird.iron.upstream_names import absent

__getattr__ = absent(__name__, ["main", "run"])

__all__ = []
