"""Who stands at one end of a fifo: a worker, the host, a link, or a tile's DMA alone."""

from typing import Protocol

from ironbird.base.source_line import SourceLine
from ironbird.iron.device import AIETileType, Tile, endpoint_tile


class Endpoint(Protocol):
    """Anything that takes objects from a fifo or gives objects to it."""

    @property
    def tile(self) -> Tile:
        """Where it stands."""

    @property
    def endpoint_label(self) -> str:
        """How messages name it."""


class MemoryEnd:
    """A tile whose DMA sends the initial values of a fifo, without a core or a link."""

    def __init__(self, wish: Tile, of: str, at: SourceLine) -> None:
        kinds = (AIETileType.MemTile, AIETileType.CoreTile)
        self.tile = endpoint_tile(wish, kinds, of=of, at=at)
        self.endpoint_label = f"the DMA of {self.tile!r}"


class HostEnd:
    """The host, on a shim tile; its sequence fills or drains the fifo."""

    def __init__(self, wish: Tile | None, of: str, at: SourceLine) -> None:
        self.tile = endpoint_tile(wish, (AIETileType.ShimNOCTile,), of=of, at=at)
        self.endpoint_label = "the sequence"
