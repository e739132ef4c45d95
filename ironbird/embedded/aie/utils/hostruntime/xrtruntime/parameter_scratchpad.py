"""Scratchpad parameters are of npu2; the class is refused."""

from ironbird.iron.upstream_names import absent

__getattr__ = absent(__name__, ["ParameterScratchpad"])

__all__ = []
