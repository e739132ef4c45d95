"""Devices and tiles: what is on the grid and what is not."""

from xdsl.dialects.builtin import ModuleOp

from ironbird.base.device import TileKind
from ironbird.base.npu1 import DEVICES
from ironbird.ir.aie import (
    CoreOp,
    DeviceOp,
    LogicalTileOp,
    ObjectFifoLinkOp,
    TileOp,
    pinned_place_of,
)
from ironbird.ir.checks.scope import Scope, line_text, model_round, refuse
from ironbird.ir.codes import LOGICAL_TILE_TYPES, LogicalTileType
from ironbird.ir.integers import number_of

ALLOCATION_SCHEMES = ("basic-sequential", "bank-aware")


def check_device(op: DeviceOp, scope: Scope) -> None:
    """A device of the family npu1, at the top of the module, with one core for each tile."""
    if op.device_name not in DEVICES:
        refuse(
            op,
            f"device '{op.device_name}' is not modelled",
            fix=f"one of {', '.join(DEVICES)}",
        )
    if not isinstance(op.parent_op(), ModuleOp | None):
        refuse(op, f"device @{op.sym_name.data} stands inside another operation")
    _one_core_per_tile(op)
    _one_link_per_end(op)


def _one_core_per_tile(device: DeviceOp) -> None:
    cores: dict[object, CoreOp] = {}
    for op in device.body.block.ops:
        if not isinstance(op, CoreOp):
            continue
        place = pinned_place_of(op.tile)
        other = cores.setdefault(op.tile if place is None else place, op)
        if other is not op:
            where = "the same logical tile" if place is None else f"tile {place}"
            refuse(
                op,
                f"{where} already has a core",
                because=f"each core tile runs one program; the first is at {line_text(other)}",
                fix="another tile, or one worker that does both",
            )


def _one_link_per_end(device: DeviceOp) -> None:
    taken: dict[tuple[str, str], ObjectFifoLinkOp] = {}
    for op in device.body.block.ops:
        if not isinstance(op, ObjectFifoLinkOp):
            continue
        ends = [("input", name) for name in op.input_names]
        ends += [("output", name) for name in op.output_names]
        for end in ends:
            other = taken.setdefault(end, op)
            if other is not op:
                refuse(
                    op,
                    f"ObjectFifo '{end[1]}' is the {end[0]} of two links",
                    because=f"the other is at {line_text(other)}",
                )


def check_tile(op: TileOp, scope: Scope) -> None:
    """A place of the grid."""
    model = model_round(op)
    if not (0 <= op.tile.column < model.columns and 0 <= op.tile.row < model.rows):
        refuse(
            op,
            f"tile {op.tile} is outside {model.name}",
            because=f"{model.name} has columns 0..{model.columns - 1} and rows 0..{model.rows - 1}",
        )
    _allocation_scheme(op, model.kind(op.tile))


def _allocation_scheme(op: TileOp | LogicalTileOp, kind: TileKind) -> None:
    if op.allocation_scheme is None:
        return
    scheme = op.allocation_scheme.data
    if kind is TileKind.SHIM:
        refuse(
            op,
            f"a shim tile cannot have the allocation scheme {scheme!r}",
            because="it has no memory of its own",
        )
    if scheme not in ALLOCATION_SCHEMES:
        refuse(
            op,
            f"{scheme!r} is not an allocation scheme",
            fix=f"one of {', '.join(ALLOCATION_SCHEMES)}",
        )


def check_logical_tile(op: LogicalTileOp, scope: Scope) -> None:
    """A kind of tile that the device has, pinned to where it has them."""
    model = model_round(op)
    type_: LogicalTileType = LOGICAL_TILE_TYPES.word(op.tile_type)
    kind = type_.kind
    if kind is None:
        refuse(
            op,
            f"{model.name} has no {type_}",
            fix="one of CoreTile, MemTile, ShimNOCTile",
        )
    if op.col is not None and not 0 <= number_of(op.col) < model.columns:
        refuse(
            op,
            f"column {number_of(op.col)} is outside {model.name}",
            because=f"its columns are 0..{model.columns - 1}",
        )
    if op.row is not None:
        rows = sorted({tile.row for tile in model.tiles(kind)})
        if number_of(op.row) not in rows:
            refuse(
                op,
                f"a {kind} tile cannot be in row {number_of(op.row)}",
                because=f"{kind} tiles are in {_rows_text(rows)}",
            )
    _allocation_scheme(op, kind)


def _rows_text(rows: list[int]) -> str:
    return f"row {rows[0]}" if len(rows) == 1 else f"rows {rows[0]}..{rows[-1]}"
