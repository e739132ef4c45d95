"""Logical tiles get a place on the grid.

traffic       what tiles ask of each other
cores         core tiles: a search that keeps neighbours together
shared_tiles  shim and memory tiles: the nearest column with free channels
"""

from dataclasses import dataclass
from typing import ClassVar

from xdsl.ir import SSAValue
from xdsl.rewriter import Rewriter

from ironbird.base.device import DeviceModel, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.ir.aie import DeviceOp, LogicalTileOp, TileOp
from ironbird.ir.codes import LOGICAL_TILE_TYPES
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.passes.module_pass import ModulePass
from ironbird.passes.place_tiles.cores import CorePlacement
from ironbird.passes.place_tiles.shared_tiles import ROW_OF, SharedTilePlacement
from ironbird.passes.place_tiles.traffic import read_traffic


@dataclass(frozen=True)
class PlaceTiles(ModulePass):
    """Replace every `aie.logical_tile` by an `aie.tile`.

    Before:  a logical tile may leave its column, its row or both open.
    After:   no logical tile is left, and no place has two `aie.tile`. Core tiles have at most one
             core each; shim and memory tiles serve several logical ones.
    Refuses: coordinates outside the device or of another kind, more cores than tiles, cores whose
             bonds (cascade, shared memory, channels) fit no placement, shims and memory tiles
             without enough DMA channels.
    """

    name: ClassVar[str] = "place-tiles"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        ops = list(device.body.block.ops)
        wishes = [op for op in ops if isinstance(op, LogicalTileOp)]
        if not wishes:
            return
        for wish in wishes:
            _refuse_impossible(wish, model)
        traffic = read_traffic(device)
        places: dict[SSAValue, Tile] = {op.result: op.tile for op in ops if isinstance(op, TileOp)}
        cores = [wish for wish in wishes if wish.kind is TileKind.CORE]
        CorePlacement(model, traffic, places).place(cores)
        shared = [wish for wish in wishes if wish.kind is not TileKind.CORE]
        SharedTilePlacement(model, traffic, places).place(shared)
        _replace(device, wishes, places)


def _replace(device: DeviceOp, wishes: list[LogicalTileOp], places: dict[SSAValue, Tile]) -> None:
    """Put the tiles at the top, the first wish last, as mlir-aie does; lock ids follow the text."""
    block = device.body.block
    tiles = {op.tile: op for op in reversed(list(block.ops)) if isinstance(op, TileOp)}
    for wish in wishes:
        place = places[wish.result]
        if place not in tiles:
            tiles[place] = TileOp(place.column, place.row)
            tiles[place].location = wish.location
            first = block.first_op
            assert first is not None
            block.insert_op_before(tiles[place], first)
        tile = tiles[place]
        if wish.allocation_scheme is not None and tile.allocation_scheme is None:
            tile.properties["allocation_scheme"] = wish.allocation_scheme
        wish.result.replace_all_uses_with(tile.result)
        Rewriter.erase_op(wish)


def _refuse_impossible(wish: LogicalTileOp, model: DeviceModel) -> None:
    """Raise DesignError for coordinates that no tile of the kind has."""
    word = LOGICAL_TILE_TYPES.word(wish.tile_type)
    kind = wish.kind
    if kind is None:
        raise DesignError(
            f"{model.name} has no {word}",
            at=source_line_of(wish),
            because="its shim tiles are all connected to the host (ShimNOCTile)",
        )
    rows = {tile.row for tile in model.tiles(kind)}
    column = None if wish.col is None else number_of(wish.col)
    row = None if wish.row is None else number_of(wish.row)
    shown = f"({'?' if column is None else column}, {'?' if row is None else row})"
    if column is not None and not 0 <= column < model.columns:
        raise DesignError(
            f"There is no {word} {shown}",
            at=source_line_of(wish),
            because=f"{model.name} has columns 0..{model.columns - 1}",
        )
    if row is not None and row not in rows:
        raise DesignError(
            f"There is no {word} {shown}",
            at=source_line_of(wish),
            because=f"a {word} is in row {ROW_OF[kind]}"
            if kind in ROW_OF
            else f"a {word} is in rows {min(rows)}..{max(rows)}",
        )
