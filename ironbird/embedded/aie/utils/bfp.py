"""`aie.utils.bfp`: block floating point is of npu2; every name is refused."""

from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__,
    ["decode", "encode", "quantize", "shuffle", "unshuffle"],
    instead="block floats exist on npu2 only",
)

__all__ = []
