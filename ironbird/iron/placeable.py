"""What stands on a tile, and may be put on one by a placer."""

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.iron.device import Tile


class AlreadyPlacedError(DesignError):
    """Something that has a place is put elsewhere."""

    def __init__(self, cls: type, current_tile: Tile, new_tile: Tile) -> None:
        super().__init__(
            f"{cls.__name__} already placed at {current_tile!r}; cannot place it at {new_tile!r}",
            at=author_line(),
            because="it was pinned, or a placer placed it before",
        )


class Placeable:
    """Something with a tile, which may still be a wish."""

    def __init__(self, tile: Tile) -> None:
        self._tile = tile

    @property
    def tile(self) -> Tile:
        """Where it stands, or the wish for a place."""
        return self._tile

    def place(self, tile: Tile) -> None:
        """Put it on `tile`. Refuses if it stands elsewhere."""
        mine = self._tile
        for wished, given in ((mine.col, tile.col), (mine.row, tile.row)):
            if wished is not None and wished != given:
                raise AlreadyPlacedError(type(self), mine, tile)
        # The wish itself is filled in: buffers of a worker hold the same one.
        mine.col, mine.row = tile.col, tile.row
