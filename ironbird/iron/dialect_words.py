"""The enumerations of `aie.dialects.aie`, spelt as upstream does: `WireBundle.DMA`."""

from enum import StrEnum

from ironbird.base.device import Bundle, Direction


class WireBundle(StrEnum):
    """Groups of stream-switch ports."""

    Core = Bundle.CORE
    DMA = Bundle.DMA
    FIFO = Bundle.FIFO
    North = Bundle.NORTH
    South = Bundle.SOUTH
    East = Bundle.EAST
    West = Bundle.WEST
    Trace = Bundle.TRACE
    TileControl = Bundle.TILE_CONTROL


class DMAChannelDir(StrEnum):
    """A DMA channel's direction."""

    S2MM = Direction.S2MM
    MM2S = Direction.MM2S
