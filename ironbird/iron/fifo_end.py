"""Who stands at one end of a fifo: a worker, the host, a link, or a tile's DMA alone."""

from typing import Protocol

from ironbird.base.source_line import SourceLine, author_line
from ironbird.iron.device import AIETileType, AnyShimTile, Tile, endpoint_tile
from ironbird.iron.placeable import Placeable


class Endpoint(Protocol):
    """Anything that takes objects from a fifo or gives objects to it."""

    @property
    def tile(self) -> Tile:
        """Where it stands."""

    @property
    def endpoint_label(self) -> str:
        """How messages name it."""


class ObjectFifoEndpoint(Placeable):
    """One that a program makes itself, to put a fifo's end on a tile: `handle.endpoint = ...`."""

    endpoint_label = "an ObjectFifoEndpoint"

    def __init__(self, tile: Tile | None) -> None:
        super().__init__(Tile() if tile is None else tile)


class MemoryEnd(ObjectFifoEndpoint):
    """A tile whose DMA sends the initial values of a fifo, without a core or a link."""

    def __init__(self, wish: Tile, of: str, at: SourceLine) -> None:
        kinds = (AIETileType.MemTile, AIETileType.CoreTile)
        super().__init__(endpoint_tile(wish, kinds, of=of, at=at))
        self.endpoint_label = f"the DMA of {self.tile!r}"


class RuntimeEndpoint(ObjectFifoEndpoint):
    """The host, on a shim tile; its sequence fills or drains the fifo."""

    endpoint_label = "the sequence"

    def __init__(self, tile: Tile | None = AnyShimTile, of: str = "a RuntimeEndpoint") -> None:
        kinds = (AIETileType.ShimNOCTile,)
        super().__init__(endpoint_tile(tile, kinds, of=of, at=author_line()))
