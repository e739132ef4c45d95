"""Places for shim and memory tiles, which several wishes may share as long as channels last.

The wish with the most channels chooses first. It takes the column nearest to the tiles it exchanges
objects with: a broadcast costs nothing inside its span (mlir-aie 1.4).
"""

from dataclasses import dataclass

from xdsl.ir import SSAValue

from ironbird.base.device import DeviceModel, Direction, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.ir.aie import LogicalTileOp
from ironbird.ir.integers import number_of
from ironbird.passes.place_tiles.descriptor_demand import fits
from ironbird.passes.place_tiles.traffic import Traffic

ROW_OF = {TileKind.SHIM: 0, TileKind.MEMORY: 1}
TILE_WORD = {TileKind.SHIM: "shim tile", TileKind.MEMORY: "memory tile"}


@dataclass
class SharedTilePlacement:
    """Places shim and memory wishes one after another. `places` holds what is decided so far."""

    model: DeviceModel
    traffic: Traffic
    places: dict[SSAValue, Tile]

    def place(self, wishes: list[LogicalTileOp]) -> None:
        """Find a tile for each of `wishes`. Raises DesignError where channels run out."""
        pinned = [wish for wish in wishes if wish.col is not None]
        for wish in pinned:
            assert wish.col is not None
            assert wish.kind is not None
            tile = Tile(number_of(wish.col), ROW_OF[wish.kind])
            self.places[wish.result] = tile
            self._refuse_overload(wish, tile)
        free = [wish for wish in wishes if wish.col is None]
        for wish in sorted(free, key=lambda wish: -self._channels_needed(wish.result)):
            self._choose(wish)

    def _choose(self, wish: LogicalTileOp) -> None:
        tiles = [
            tile
            for tile in self.model.tiles(wish.kind or TileKind.SHIM)
            if self._has_channels(wish.result, tile)
        ]
        if not tiles:
            raise self._no_channels(wish)
        # Where no memory tile has room, neighbours take the objects that are left over; a lack of
        # descriptors is told by `assign-descriptor-ids`, with their users.
        for has_room in (self._has_descriptors, self._has_memory):
            tiles = [tile for tile in tiles if has_room(wish.result, tile)] or tiles
        columns = [self.places[end].column for end in self._placed_partners(wish.result)]
        mean = sum(columns) / len(columns) if columns else 0.0
        self.places[wish.result] = min(
            tiles,
            key=lambda tile: (
                self._distance(wish.result, tile.column),
                abs(tile.column - mean),
                tile.column,
            ),
        )

    def _placed_partners(self, value: SSAValue) -> list[SSAValue]:
        return [end for ends in self.traffic.partners(value) for end in ends if end in self.places]

    def _distance(self, value: SSAValue, column: int) -> int:
        """Columns to cross, over all transfers of the tile."""
        total = 0
        for ends in self.traffic.partners(value):
            columns = [self.places[end].column for end in ends if end in self.places]
            if columns:
                total += max(0, min(columns) - column, column - max(columns))
        return total

    def _channels_needed(self, value: SSAValue) -> int:
        return sum(
            len(self.traffic.over_dma(value, direction))
            + len(self.traffic.channels[value, direction])
            for direction in Direction
        )

    def _users(self, tile: Tile, direction: Direction, also: SSAValue) -> list[str]:
        """Who needs a channel of `tile` if `also` is put there, in the author's words."""
        values = [value for value, place in self.places.items() if place == tile]
        if also not in values:
            values.append(also)
        by_number = set().union(*(self.traffic.channels[value, direction] for value in values))
        transfers = {
            transfer.name: f"ObjectFifo {transfer.name!r}"
            for value in values
            for transfer in self.traffic.over_dma(value, direction)
        }
        return [*(f"channel {number} by hand" for number in sorted(by_number)), *transfers.values()]

    def _has_channels(self, value: SSAValue, tile: Tile) -> bool:
        most = self.model.model(tile).channels_each_way
        return all(len(self._users(tile, direction, value)) <= most for direction in Direction)

    def _has_descriptors(self, value: SSAValue, tile: Tile) -> bool:
        if self.model.kind(tile) is not TileKind.MEMORY:
            return True
        values = [other for other, place in self.places.items() if place == tile]
        if value not in values:
            values.append(value)
        demands = [each for each in self.traffic.demands if each.tile in values]
        taken = {
            direction: set().union(*(self.traffic.channels[each, direction] for each in values))
            for direction in Direction
        }
        return fits(demands, taken, self.model.model(tile))

    def _has_memory(self, value: SSAValue, tile: Tile) -> bool:
        used = sum(
            self.traffic.bytes_on[other] for other, place in self.places.items() if place == tile
        )
        return used + self.traffic.bytes_on[value] <= self.model.model(tile).memory_bytes or (
            self.model.kind(tile) is TileKind.SHIM
        )

    def _refuse_overload(self, wish: LogicalTileOp, tile: Tile) -> None:
        most = self.model.model(tile).channels_each_way
        for direction in Direction:
            users = self._users(tile, direction, wish.result)
            if len(users) <= most:
                continue
            verb = "arrive at" if direction is Direction.S2MM else "leave"
            transfers = self.traffic.over_dma(wish.result, direction)
            raise DesignError(
                f"Too many fifos {verb} tile {tile}",
                at=transfers[-1].at if transfers else None,
                because=f"{len(users)} {direction} channels are needed ({', '.join(users)}); "
                f"the tile has {most}",
                fix=f"leave the {TILE_WORD[self.model.kind(tile)]} open, or name another column",
            )

    def _no_channels(self, wish: LogicalTileOp) -> DesignError:
        """No tile of the kind has enough channels left for all transfers of the wish."""
        assert wish.kind is not None
        most = self.model.tile_models[wish.kind].channels_each_way
        total = most * len(self.model.tiles(wish.kind))
        needs = {
            direction: [transfer.name for transfer in self.traffic.over_dma(wish.result, direction)]
            for direction in Direction
        }
        wanted = [
            f"{len(names)} {direction} ({', '.join(map(repr, names))})"
            for direction, names in needs.items()
            if names
        ]
        first = next(name for names in needs.values() for name in names)
        at = next(transfer.at for transfer in self.traffic.transfers if transfer.name == first)
        alone = any(len(names) > most for names in needs.values())
        word = TILE_WORD[wish.kind]
        return DesignError(
            f"No {word} has enough DMA channels for ObjectFifo {first!r}",
            at=at,
            because=f"its tile needs {' and '.join(wanted)}; a {word} has {most} each way"
            + ("" if alone else f", {self.model.name} {total}, and others use them"),
            fix=f"spread these fifos over two {word}s"
            if alone
            else "fewer fifos, or a device with more columns",
        )
