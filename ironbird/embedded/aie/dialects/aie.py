"""The enumerations of `aie.dialects.aie`; the dialect's operations are in `ironbird.ir.aie`."""

from ironbird.iron.device import AIETileType
from ironbird.iron.dialect_words import DMAChannelDir, WireBundle
from ironbird.iron.upstream_names import absent

__getattr__ = absent(
    __name__,
    [
        "AIEDevice",
        "Core",
        "Device",
        "LockAction",
        "T",
        "buffer",
        "core",
        "device",
        "external_func",
        "flow",
        "lock",
        "mem",
        "memtile_dma",
        "object_fifo",
        "object_fifo_link",
        "packetflow",
        "tile",
    ],
)

__all__ = ["AIETileType", "DMAChannelDir", "WireBundle"]
