"""Tiles of a placed design, and who stands next to whom."""

from dataclasses import dataclass
from typing import Any

from xdsl.dialects.builtin import DictionaryAttr, StringAttr
from xdsl.ir import Operation

from ironbird.base.device import DeviceModel, TileKind
from ironbird.base.device import Tile as Place
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie
from ironbird.ir.codes import LOGICAL_TILE_TYPES
from ironbird.iron.device import AIETileType
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.region import Built, RegionKind, region_of
from ironbird.iron.tracing import trace_if_any


class PlacedTile(Built):
    """A tile of the device: `tile(0, 2)`."""

    op: aie.TileOp

    @property
    def col(self) -> int:
        """Its column."""
        return self.op.tile.column

    @property
    def row(self) -> int:
        """Its row."""
        return self.op.tile.row

    @property
    def kind(self) -> TileKind:
        """What stands there."""
        return _model_round(self.op).kind(self.op.tile)

    def is_core_tile(self) -> bool:
        """Whether it has a core."""
        return self.kind is TileKind.CORE

    def is_mem_tile(self) -> bool:
        """Whether it is a memory tile."""
        return self.kind is TileKind.MEMORY

    def is_shim_noc_tile(self) -> bool:
        """Whether it reaches the host's memory."""
        return self.kind is TileKind.SHIM

    def is_shim_pl_tile(self) -> bool:
        """Whether it leads to programmable logic, which npu1 has not."""
        return False

    def is_shim_tile(self) -> bool:
        """Whether it is a shim tile of either kind."""
        return self.kind is TileKind.SHIM

    def flows(
        self,
        filter_source: bool = False,
        filter_dest: bool = False,
        source_annot: str | None = None,
        dest_annot: str | None = None,
    ) -> list[Any]:
        """The flows that start or end here; `filter_*` leaves those of one side out."""
        from ironbird.iron.dialects.flows import find_matching_flows

        return find_matching_flows([self], filter_source, filter_dest, source_annot, dest_annot)

    def locks(
        self, sym_name: str | None = None, annot: str | None = None, device: Any = None
    ) -> list[Any]:
        """The locks of the tile."""
        from ironbird.iron.dialects.locks import find_matching_locks

        return find_matching_locks([self], sym_name, annot, device)

    def __repr__(self) -> str:
        return f"tile({self.col}, {self.row})"


class PlacedLogicalTile(Built):
    """A tile that placement chooses: `logical_tile(AIETileType.CoreTile)`."""

    op: aie.LogicalTileOp

    def is_core_tile(self) -> bool:
        """Whether a core is asked for."""
        return self.op.kind is TileKind.CORE

    def is_mem_tile(self) -> bool:
        """Whether a memory tile is asked for."""
        return self.op.kind is TileKind.MEMORY

    def is_shim_noc_tile(self) -> bool:
        """Whether a tile that reaches the host's memory is asked for."""
        return self.op.kind is TileKind.SHIM

    def is_shim_pl_tile(self) -> bool:
        """Whether a tile of programmable logic is asked for."""
        return self.op.kind is None

    def is_shim_tile(self) -> bool:
        """Whether a shim tile of either kind is asked for."""
        return self.op.kind in (TileKind.SHIM, None)

    def __repr__(self) -> str:
        return f"logical_tile({LOGICAL_TILE_TYPES.word(self.op.tile_type)})"


@builder
def tile(
    col: int, row: int, *, loc: Any = None, ip: Any = None, allocation_scheme: str | None = None
) -> PlacedTile:
    """The tile at a column and a row of the device."""
    trace = region_of(f"tile({col}, {row})", RegionKind.DEVICE)
    made = aie.TileOp(int(col), int(row), allocation_scheme)
    model = _model_round(trace.innermost.block.parent_op())
    if not (0 <= col < model.columns and 0 <= row < model.rows):
        raise DesignError(
            f"tile({col}, {row}) is outside {model.name}",
            at=author_line(),
            because=f"it has columns 0 to {model.columns - 1} and rows 0 to {model.rows - 1}",
        )
    return PlacedTile(trace.emit(made))


@builder
def logical_tile(
    tile_type: AIETileType | str,
    *,
    col: int | None = None,
    row: int | None = None,
    allocation_scheme: str | None = None,
    loc: Any = None,
    ip: Any = None,
) -> PlacedLogicalTile:
    """A tile of a kind, whose column or row placement chooses where they are not given."""
    trace = region_of("logical_tile", RegionKind.DEVICE)
    made = aie.LogicalTileOp(tile_type, col, row, allocation_scheme)
    return PlacedLogicalTile(trace.emit(made))


@dataclass(frozen=True)
class Neighbors:
    """The core tiles next to a tile; None where there is none, or where it is no core tile."""

    north: PlacedTile | None = None
    west: PlacedTile | None = None
    south: PlacedTile | None = None


@builder
def find_neighbors(tile: PlacedTile, device: Any = None, logical: bool = True) -> Neighbors:
    """The tiles, among those that the design has made, whose memory the core of `tile` shares.

    logical: as upstream's; on npu1 the memory that a core shares is that of the same tiles.
    """
    here = tile.op.tile
    placed = {
        op.tile: PlacedTile(op)
        for op in _device_round(tile.op).body.block.ops
        if isinstance(op, aie.TileOp) and op.tile.row > 1
    }
    return Neighbors(
        north=placed.get(Place(here.column, here.row + 1)),
        west=placed.get(Place(here.column - 1, here.row)),
        south=placed.get(Place(here.column, here.row - 1)),
    )


def annotate(op: Operation, annot: str | None) -> None:
    """Mark an operation with an annotation of the author, for the `find_matching_*` functions."""
    if annot is not None:
        op.attributes["annot"] = StringAttr(annot)


def has_annotation(op: Operation, annot: str | None) -> bool:
    """Whether an operation has an annotation; None asks for none in particular."""
    found = op.attributes.get("annot")
    if annot is None:
        return True
    if isinstance(found, DictionaryAttr):
        return annot in found.data
    return isinstance(found, StringAttr) and found.data == annot


def device_block(device: Any, what: str) -> list[Operation]:
    """The operations of `device`, or of the device that the author stands in."""
    if device is not None:
        op: Operation = device.op if isinstance(device, Built) else device
        return list(op.regions[0].block.ops)
    trace = trace_if_any()
    block = trace.innermost.block if trace is not None else None
    while block is not None:
        owner = block.parent_op()
        if isinstance(owner, aie.DeviceOp):
            return list(block.ops)
        block = owner.parent_block() if owner is not None else None
    raise DesignError(f"{what} outside of a device", at=author_line(), fix="device=")


def _device_round(op: Operation | None) -> aie.DeviceOp:
    found = aie.device_of(op) if op is not None else None
    assert found is not None, "tiles are made inside a device"
    return found


def _model_round(op: Operation | None) -> DeviceModel:
    return _device_round(op).model
