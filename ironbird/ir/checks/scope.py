"""What a check may ask about the module round an operation, and how it refuses."""

from dataclasses import dataclass, field
from typing import NoReturn

from xdsl.dialects.builtin import MemRefType, ModuleOp, StringAttr
from xdsl.ir import Attribute, Operation, SSAValue

from ironbird.base.device import DeviceModel, Tile, TileKind, TileModel
from ironbird.base.element_types import ELEMENT_TYPES
from ironbird.base.errors import DesignError
from ironbird.base.npu1 import NPU1
from ironbird.ir.aie import DeviceOp, LogicalTileOp, TileOp, device_of, pinned_place_of
from ironbird.ir.locations import source_line_of


@dataclass
class Scope:
    """The symbols of each device, gathered once for a whole verification."""

    _symbols: dict[Operation, dict[str, Operation]] = field(default_factory=dict)

    def find(self, op: Operation, name: str) -> Operation | None:
        """What `@name` means where `op` stands: in its device, then in the module."""
        owner: Operation | None = op
        while owner is not None:
            if isinstance(owner, DeviceOp | ModuleOp):
                found = self.symbols_of(owner).get(name)
                if found is not None:
                    return found
            owner = owner.parent_op()
        return None

    def symbols_of(self, table: Operation) -> dict[str, Operation]:
        """The operations directly inside `table` by the name they define."""
        known = self._symbols.get(table)
        if known is None:
            known = self._symbols[table] = {}
            for block in table.regions[0].blocks:
                for op in block.ops:
                    symbol = op.get_attr_or_prop("sym_name")
                    if isinstance(symbol, StringAttr):
                        known.setdefault(symbol.data, op)
        return known


def refuse(
    op: Operation, what: str, *, because: str | None = None, fix: str | None = None
) -> NoReturn:
    """Raise a `DesignError` at the line of `op`."""
    raise DesignError(what, at=source_line_of(op), because=because, fix=fix)


def line_text(op: Operation) -> str:
    """The line of another operation, for a message."""
    line = source_line_of(op)
    return "an unknown line" if line is None else str(line)


def model_round(op: Operation) -> DeviceModel:
    """The device model that `op` is for; npu1 where it stands outside of a device."""
    device = device_of(op)
    return NPU1 if device is None else device.model


def kind_of(tile: SSAValue, model: DeviceModel) -> TileKind | None:
    """The kind of tile that an operand stands for; None if it is not a tile."""
    owner = tile.owner
    if isinstance(owner, LogicalTileOp):
        return owner.kind
    return model.kind(owner.tile) if isinstance(owner, TileOp) else None


def tile_model_of(tile: SSAValue, model: DeviceModel) -> TileModel | None:
    """What the tile that an operand stands for offers."""
    kind = kind_of(tile, model)
    return None if kind is None else model.tile_models[kind]


def tile_text(tile: SSAValue) -> str:
    """`tile (0, 2)`, or `a logical core tile` while it has no place."""
    place: Tile | None = pinned_place_of(tile)
    if place is not None:
        return f"tile {place}"
    owner = tile.owner
    if isinstance(owner, LogicalTileOp) and owner.kind is not None:
        return f"a logical {owner.kind} tile"
    return "a value that is not a tile"


def element_bytes(memref: Attribute) -> int:
    """Bytes of one element; 0 for a type that tiles have no memory layout for."""
    if not isinstance(memref, MemRefType):
        return 0
    element = ELEMENT_TYPES.get(str(memref.element_type))
    return 0 if element is None or element.name == "index" else element.bytes


def check_element(op: Operation, what: str, memref: MemRefType[Attribute]) -> None:
    """Elements that the array has a memory layout for."""
    if element_bytes(memref) == 0:
        known = ", ".join(name for name in ELEMENT_TYPES if name != "index")
        refuse(op, f"{what} has elements of type {memref.element_type}", fix=f"one of {known}")


def plural(count: int, noun: str) -> str:
    """`1 buffer`, `2 buffers`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
