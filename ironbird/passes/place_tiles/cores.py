"""Places for core tiles: a search over free tiles, column by column, that keeps all bonds.

Bonds are cascades (south or east neighbour), memory of another tile that a core uses directly, and
DMA channels: a core with more fifos than channels needs neighbours that share memory with it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from xdsl.ir import SSAValue

from ironbird.base.device import DeviceModel, Direction, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir.aie import LogicalTileOp
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.passes.lower_cascades import cascade_side
from ironbird.passes.place_tiles.traffic import Traffic, Transfer, kind_of

# Placements tried before giving up, some seconds; 16 tiles with few bonds need some hundreds.
MAX_TRIALS = 20_000


@dataclass
class CorePlacement:
    """The search. `places` holds what is decided so far, tiles placed by hand included."""

    model: DeviceModel
    traffic: Traffic
    places: dict[SSAValue, Tile]
    trials: int = field(default=0, init=False)
    crowded: set[SSAValue] = field(default_factory=set, init=False)

    def place(self, wishes: list[LogicalTileOp]) -> None:
        """Find a tile for each of `wishes`, those with both coordinates given first.

        Raises DesignError if there is none.
        """
        self._refuse_too_many(wishes)
        pinned = [wish for wish in wishes if wish.col is not None and wish.row is not None]
        half = [wish for wish in wishes if (wish.col is None) != (wish.row is None)]
        free = [wish for wish in wishes if wish.col is None and wish.row is None]
        for wish in wishes:
            self._refuse_too_many_transfers(wish)
        self.crowded = {wish.result for wish in wishes if self._is_crowded(wish.result)}
        self._place_pinned(pinned)
        ordered = [*self._bonded_together(half), *self._bonded_together(free)]
        if not self._search(ordered):
            raise self._no_place(ordered)

    def _place_pinned(self, pinned: list[LogicalTileOp]) -> None:
        """Two wishes with the same coordinates are one tile, unless both compute."""
        for wish in pinned:
            assert wish.col is not None
            assert wish.row is not None
            tile = Tile(number_of(wish.col), number_of(wish.row))
            rival = next(
                (
                    value
                    for value, place in self.places.items()
                    if place == tile and value in self.traffic.cores
                ),
                None,
            )
            if rival is not None and wish.result in self.traffic.cores:
                raise DesignError(
                    f"Two workers are on tile {tile}",
                    at=self._line_of(wish.result),
                    because=f"the other is at {self._line_of(rival)}; a tile has one core",
                    fix="another tile for one of them, or none to have it chosen",
                )
            self.places[wish.result] = tile
        for source, dest, at in self.traffic.cascades:
            if source in self.places and dest in self.places:
                here, there = self.places[source], self.places[dest]
                if cascade_side(here, there) is None:
                    raise DesignError(
                        f"No cascade leads from tile {here} to tile {there}",
                        at=at,
                        because="a cascade leaves to the south, "
                        f"{Tile(here.column, here.row - 1)}, or to the east, "
                        f"{Tile(here.column + 1, here.row)}",
                        fix="place the cores side by side in that order, or leave their tiles open",
                    )

    def _search(self, wishes: list[LogicalTileOp]) -> bool:
        """Place `wishes` from the first on, taking steps back where a later one finds no tile."""
        if not wishes:
            return True
        wish = wishes[0]
        occupied = set(self.places.values())
        for tile in self._candidates(wish):
            if tile in occupied:
                continue
            self.trials += 1
            if self.trials > MAX_TRIALS:
                return False
            self.places[wish.result] = tile
            if self._keeps_bonds(wish.result) and self._search(wishes[1:]):
                return True
            del self.places[wish.result]
        return False

    def _candidates(self, wish: LogicalTileOp) -> list[Tile]:
        """The tiles that `wish` allows, column by column; those beside crowded partners first."""
        allowed = [tile for tile in self.model.tiles(TileKind.CORE) if _allows(wish, tile)]
        crowded = [
            self.places[end]
            for ends in self.traffic.partners(wish.result)
            for end in ends
            if end in self.crowded and end in self.places
        ]
        return sorted(
            allowed, key=lambda tile: -sum(self._share_memory(tile, place) for place in crowded)
        )

    def _keeps_bonds(self, tile: SSAValue) -> bool:
        for source, dest, _ in self.traffic.cascades:
            if tile not in (source, dest) or not self._both_placed(source, dest):
                continue
            if cascade_side(self.places[source], self.places[dest]) is None:
                return False
        for core, memory in self.traffic.reaches:
            if tile not in (core, memory) or not self._both_placed(core, memory):
                continue
            if self.places[memory] not in self.model.memories_reached_by(self.places[core]):
                return False
        near = {end for ends in self.traffic.partners(tile) for end in ends if end in self.places}
        crowded = {end for end in self.crowded if end in self.places}
        return all(self._has_channels(end) for end in {tile, *near, *crowded})

    def _both_placed(self, first: SSAValue, second: SSAValue) -> bool:
        return first in self.places and second in self.places

    def _has_channels(self, tile: SSAValue) -> bool:
        """Whether the DMA channels of a core tile can suffice.

        Transfers beyond them must come from, or go to, cores that share memory with this one; for
        those not placed yet there must be free tiles beside it.
        """
        if kind_of(tile) is not TileKind.CORE:
            return True
        neighbours_needed = 0
        for direction in Direction:
            spare = self.model.tile_models[TileKind.CORE].channels_each_way
            spare -= len(self.traffic.channels[tile, direction])
            spare -= len(self._needing_dma(tile, direction))
            if spare < 0:
                return False
            unplaced = Counter(
                end
                for transfer in self.traffic.over_dma(tile, direction)
                if self._can_share(transfer)
                for end in (transfer.producer, *transfer.consumers)
                if end not in self.places
            )
            neighbours_needed = max(neighbours_needed, _fewest_above(unplaced, spare))
        if not neighbours_needed:
            return True
        occupied = set(self.places.values())
        beside = [
            place
            for place in self.model.tiles(TileKind.CORE)
            if place not in occupied and self._share_memory(self.places[tile], place)
        ]
        return neighbours_needed <= len(beside)

    def _needing_dma(self, tile: SSAValue, direction: Direction) -> list[Transfer]:
        """The transfers of `tile` that cannot go through shared memory any more."""
        return [
            transfer
            for transfer in self.traffic.over_dma(tile, direction)
            if not self._can_share(transfer)
        ]

    def _can_share(self, transfer: Transfer) -> bool:
        if not transfer.may_share:
            return False
        ends = (transfer.producer, transfer.consumers[0])
        if any(kind_of(end) is not TileKind.CORE for end in ends):
            return False
        producer, consumer = (self.places.get(end) for end in ends)
        if producer is None or consumer is None:
            return True
        return self._share_memory(producer, consumer)

    def _share_memory(self, first: Tile, second: Tile) -> bool:
        """Whether one of two cores reaches the other's memory."""
        return bool({first, second} & set(self.model.shared_memories(first, second)))

    def _bonded_together(self, wishes: list[LogicalTileOp]) -> list[LogicalTileOp]:
        """Bonded tiles first, each behind one it is bonded to; the rest as written."""
        bonds: dict[SSAValue, list[SSAValue]] = {}
        pairs = [(source, dest) for source, dest, _ in self.traffic.cascades]
        pairs += self.traffic.reaches
        pairs += [
            (transfer.producer, transfer.consumers[0])
            for transfer in self.traffic.transfers
            if self._can_share(transfer)
            and self.crowded & {transfer.producer, transfer.consumers[0]}
        ]
        for first, second in pairs:
            bonds.setdefault(first, []).append(second)
            bonds.setdefault(second, []).append(first)
        wish_of: dict[SSAValue, LogicalTileOp] = {wish.result: wish for wish in wishes}
        ordered: dict[SSAValue, LogicalTileOp] = {}

        def follow(tile: SSAValue) -> None:
            if tile in ordered or tile not in wish_of:
                return
            ordered[tile] = wish_of[tile]
            for partner in bonds[tile]:
                follow(partner)

        for wish in wishes:
            if wish.result in bonds:
                follow(wish.result)
        return [*ordered.values(), *(wish for wish in wishes if wish.result not in ordered)]

    def _is_crowded(self, tile: SSAValue) -> bool:
        """Whether a core tile has more fifos than channels."""
        return any(
            len(self.traffic.over_dma(tile, direction))
            > self.model.tile_models[TileKind.CORE].channels_each_way
            for direction in Direction
        )

    def _refuse_too_many(self, wishes: list[LogicalTileOp]) -> None:
        tiles = self.model.tiles(TileKind.CORE)
        placed = {place for value, place in self.places.items() if value in self.traffic.cores}
        computing = [wish for wish in wishes if wish.result in self.traffic.cores]
        needed = len(placed) + len(computing)
        if needed > len(tiles):
            raise DesignError(
                "No core tile is left for this worker",
                at=self._line_of(computing[len(tiles) - needed].result),
                because=f"{needed} workers need a tile each; {self.model.name} has {len(tiles)}",
                fix="fewer workers, or a device with more columns",
            )

    def _refuse_too_many_transfers(self, wish: LogicalTileOp) -> None:
        """More fifos than channels, of which not even neighbours could take enough."""
        count = self.model.tile_models[TileKind.CORE].channels_each_way
        for direction in Direction:
            needing = self._needing_dma(wish.result, direction)
            if len(needing) <= count:
                continue
            verb = "arrive at" if direction is Direction.S2MM else "leave"
            names = ", ".join(f"ObjectFifo {transfer.name!r}" for transfer in needing)
            raise DesignError(
                f"Too many fifos {verb} one worker",
                at=needing[count].at,
                because=f"{len(needing)} {direction} channels are needed ({names}); "
                f"a core tile has {count}",
                fix="join them on a memory tile, or place the other core beside this one",
            )

    def _no_place(self, wishes: list[LogicalTileOp]) -> DesignError:
        for wish in wishes:
            taken = set(self.places.values())
            allowed = self._candidates(wish)
            rivals = [other for other in wishes if _wish_text(other) == _wish_text(wish)]
            free = [tile for tile in allowed if tile not in taken]
            if len(rivals) > len(free):
                return DesignError(
                    f"No core tile {_wish_text(wish)} is left for this worker",
                    at=self._line_of(rivals[len(free)].result),
                    because=f"{len(rivals)} workers ask for one; {len(free)} are free",
                    fix="leave the tile open",
                )
        stopped = f" (stopped after {MAX_TRIALS} trials)" if self.trials > MAX_TRIALS else ""
        bonds = [
            f"{count} {word}"
            for count, word in (
                (len(self.traffic.cascades), "cascades"),
                (len(self.traffic.reaches), "uses of a neighbour's memory"),
                (
                    len(self.crowded),
                    "workers with more fifos than DMA channels",
                ),
            )
            if count
        ]
        return DesignError(
            "The workers cannot be placed",
            at=self._line_of(wishes[0].result),
            because=f"no placement keeps {_joined(bonds)}{stopped}",
            fix="pin the workers that belong together, or send less from one worker to another",
        )

    def _line_of(self, tile: SSAValue) -> SourceLine | None:
        core = self.traffic.cores.get(tile)
        owner = core if core is not None else tile.owner
        assert isinstance(owner, LogicalTileOp) or core is not None
        return source_line_of(owner)  # type: ignore[arg-type]


def _fewest_above(transfers: Counter[SSAValue], spare: int) -> int:
    """How many partners must be neighbours so that at most `spare` transfers are left."""
    left = transfers.total()
    for chosen, (_, count) in enumerate(transfers.most_common()):
        if left <= spare:
            return chosen
        left -= count
    return len(transfers)


def _allows(wish: LogicalTileOp, tile: Tile) -> bool:
    column_fits = wish.col is None or number_of(wish.col) == tile.column
    return column_fits and (wish.row is None or number_of(wish.row) == tile.row)


def _wish_text(wish: LogicalTileOp) -> str:
    column, row = ("?" if pin is None else str(number_of(pin)) for pin in (wish.col, wish.row))
    return f"({column}, {row})"


def _joined(words: Iterable[str]) -> str:
    return " and ".join(words)
