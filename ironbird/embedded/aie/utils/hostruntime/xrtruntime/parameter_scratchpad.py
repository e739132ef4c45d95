"""Scratchpad parameters are of npu2; the class is refused."""

from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__,
    ["ParameterScratchpad"],
    instead="Buffer(..., use_write_rtp=True); scratchpad parameters exist on npu2 only",
)

__all__ = []
