"""The enumerations of `aie.dialects.aie`: spelt as upstream spells them, worth what the text says.

`WireBundle` and `DMAChannelDir` are in `ironbird.iron.dialect_words`.
"""

from enum import StrEnum

from ironbird.base.device import Bundle
from ironbird.ir import codes


class AIEDevice(StrEnum):
    """Devices by name; those other than npu1 are refused when a design is built for one."""

    xcvc1902 = "xcvc1902"
    xcve2302 = "xcve2302"
    xcve2802 = "xcve2802"
    npu1 = "npu1"
    npu1_1col = "npu1_1col"
    npu1_2col = "npu1_2col"
    npu1_3col = "npu1_3col"
    npu2 = "npu2"
    npu2_1col = "npu2_1col"
    npu2_2col = "npu2_2col"
    npu2_3col = "npu2_3col"
    npu2_4col = "npu2_4col"
    npu2_5col = "npu2_5col"
    npu2_6col = "npu2_6col"
    npu2_7col = "npu2_7col"


class LockAction(StrEnum):
    """What `use_lock` does."""

    Acquire = codes.LockAction.ACQUIRE
    AcquireGreaterEqual = codes.LockAction.ACQUIRE_GREATER_EQUAL
    Release = codes.LockAction.RELEASE


class LockBlocking(StrEnum):
    """Whether an acquire waits."""

    NonBlocking = codes.LockBlocking.NON_BLOCKING
    Blocking = codes.LockBlocking.BLOCKING


class ObjectFifoPort(StrEnum):
    """Which end of a fifo a core holds."""

    Produce = codes.FifoPort.PRODUCE
    Consume = codes.FifoPort.CONSUME


class CascadeDir(StrEnum):
    """The sides that a cascade comes from and goes to."""

    South = Bundle.SOUTH
    West = Bundle.WEST
    North = Bundle.NORTH
    East = Bundle.EAST


class TraceMode(StrEnum):
    """What a trace unit keeps with each event."""

    EventTime = codes.TraceMode.EVENT_TIME
    EventPC = codes.TraceMode.EVENT_PC
    Execution = codes.TraceMode.EXECUTION


class TraceShimRouting(StrEnum):
    """Which shim tiles trace packets leave by. Unknown: what upstream has besides one for all."""

    Single = "Single"


class TracePacketType(StrEnum):
    """The trace unit that a packet comes from."""

    Core = codes.TracePacketType.CORE
    Mem = codes.TracePacketType.MEMORY
    ShimTile = codes.TracePacketType.SHIM
    MemTile = codes.TracePacketType.MEMORY_TILE
