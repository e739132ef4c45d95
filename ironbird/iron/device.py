"""The devices a program can name, and the tiles it can pin work to.

npu1 (Phoenix) in its four widths. The classes of other devices exist so that programs which choose
between them import; making one of them is refused by name.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import ClassVar

from ironbird.base import device as model
from ironbird.base.errors import DesignError
from ironbird.base.npu1 import DEVICES
from ironbird.base.source_line import SourceLine, author_line


class AIETileType(StrEnum):
    """The kinds of tile, as MLIR spells them."""

    CoreTile = "CoreTile"
    MemTile = "MemTile"
    ShimNOCTile = "ShimNOCTile"

    @property
    def kind(self) -> model.TileKind:
        """The kind in the device model."""
        return _KINDS[self]


_KINDS = {
    AIETileType.CoreTile: model.TileKind.CORE,
    AIETileType.MemTile: model.TileKind.MEMORY,
    AIETileType.ShimNOCTile: model.TileKind.SHIM,
}


class Tile:
    """A place on the grid, or a wish for one: `None` leaves the column or the row to placement.

    Two tiles are the same wish only if they are the same object.
    """

    def __init__(
        self,
        col: int | None = None,
        row: int | None = None,
        *,
        tile_type: AIETileType | None = None,
        allocation_scheme: str | None = None,
    ) -> None:
        self.col = col
        self.row = row
        self.tile_type = tile_type if tile_type is not None else _type_of_row(row)
        self.allocation_scheme = allocation_scheme

    def copy(self) -> "Tile":
        """A new wish with the same numbers."""
        return self.with_type(self.tile_type)

    def with_type(self, tile_type: AIETileType | None) -> "Tile":
        """A new wish with the same numbers and another kind."""
        return Tile(
            self.col, self.row, tile_type=tile_type, allocation_scheme=self.allocation_scheme
        )

    @property
    def is_pinned(self) -> bool:
        """Whether both numbers are given."""
        return self.col is not None and self.row is not None

    def __repr__(self) -> str:
        kind = f"<{self.tile_type}>" if self.tile_type is not None else ""
        column = "?" if self.col is None else self.col
        row = "?" if self.row is None else self.row
        return f"Tile{kind}({column}, {row})"


def _type_of_row(row: int | None) -> AIETileType | None:
    if row is None:
        return None
    return {0: AIETileType.ShimNOCTile, 1: AIETileType.MemTile}.get(row, AIETileType.CoreTile)


AnyShimTile = Tile(tile_type=AIETileType.ShimNOCTile)
AnyMemTile = Tile(tile_type=AIETileType.MemTile)
AnyComputeTile = Tile(tile_type=AIETileType.CoreTile)


def endpoint_tile(
    wish: Tile | None, allowed: tuple[AIETileType, ...], *, of: str, at: SourceLine
) -> Tile:
    """A tile of its own for one end of something, of the first allowed kind unless pinned.

    A pinned tile is kept as the object it is, so that its users share one place.
    """
    if wish is None:
        return Tile(tile_type=allowed[0])
    if wish.tile_type is not None and wish.tile_type not in allowed:
        raise DesignError(
            f"{of} cannot stand on {wish!r}",
            at=at,
            because=f"it needs {' or '.join(f'a {kind}' for kind in allowed)}",
        )
    if wish.tile_type is None:
        wish.tile_type = allowed[0]
    return own_tile(wish)


def own_tile(wish: Tile) -> Tile:
    """`wish`, or a copy of it if it is one of the three that stand for any tile of a kind."""
    return wish.copy() if wish in (AnyShimTile, AnyMemTile, AnyComputeTile) else wish


class Device:
    """A device by its MLIR name. `model` holds its numbers."""

    def __init__(self, device: str) -> None:
        if device not in DEVICES:
            raise _refused(device)
        self.model = DEVICES[device]

    @property
    def name(self) -> str:
        """As `aie.device(...)` prints it."""
        return self.model.name

    @property
    def cols(self) -> int:
        """Columns of the grid."""
        return self.model.columns

    @property
    def rows(self) -> int:
        """Rows of the grid, shim and memory tiles included."""
        return self.model.rows

    def get_tile_type(self, col: int, row: int) -> AIETileType:
        """What stands at a place."""
        kind = self.model.kind(model.Tile(col, row))
        return next(type_ for type_, known in _KINDS.items() if known is kind)

    def tile_iterator(self) -> Iterator[Tile]:
        """Every tile, column by column."""
        for column in range(self.cols):
            for row in range(self.rows):
                yield Tile(column, row)

    def get_shim_tiles(self) -> list[Tile]:
        """The shim tiles, west to east."""
        return self._tiles(model.TileKind.SHIM)

    def get_mem_tiles(self) -> list[Tile]:
        """The memory tiles, west to east."""
        return self._tiles(model.TileKind.MEMORY)

    def get_compute_tiles(self) -> list[Tile]:
        """The core tiles, column by column."""
        return self._tiles(model.TileKind.CORE)

    def is_mem_accessible(self, source_tile: Tile, tiles: list[Tile]) -> bool:
        """Whether the core at `source_tile` loads and stores the memory of each of `tiles`."""
        reached = self.model.memories_reached_by(self._place(source_tile))
        return all(self._place(tile) in reached for tile in tiles)

    def get_num_source_switchbox_connections(self, t: Tile) -> int:
        """DMA channels that send into the stream switch of a tile."""
        return self.model.model(self._place(t)).channels_each_way

    def get_num_dest_switchbox_connections(self, t: Tile) -> int:
        """DMA channels that receive from the stream switch of a tile."""
        return self.model.model(self._place(t)).channels_each_way

    def get_num_source_shim_mux_connections(self, t: Tile) -> int:
        """DMA channels that send into the mux of a shim tile."""
        return self.get_num_source_switchbox_connections(t)

    def get_num_dest_shim_mux_connections(self, t: Tile) -> int:
        """DMA channels that receive from the mux of a shim tile."""
        return self.get_num_dest_switchbox_connections(t)

    def get_num_connections(self, tile: Tile, output: bool) -> int:
        """DMA channels of a tile that send (`output`) or that receive."""
        if output:
            return self.get_num_source_switchbox_connections(tile)
        return self.get_num_dest_switchbox_connections(tile)

    def _tiles(self, kind: model.TileKind) -> list[Tile]:
        return [Tile(place.column, place.row) for place in self.model.tiles(kind)]

    def _place(self, tile: Tile) -> model.Tile:
        if tile.col is None or tile.row is None:
            raise DesignError(f"{tile!r} has no place yet", at=author_line(), fix="Tile(col, row)")
        return model.Tile(tile.col, tile.row)

    def __repr__(self) -> str:
        return f"Device({self.name})"


class _Named(Device):
    device_name: ClassVar[str]

    def __init__(self) -> None:
        super().__init__(self.device_name)


class NPU1(_Named):
    """Phoenix: 4 columns of 4 cores."""

    device_name = "npu1"


class NPU1Col1(_Named):
    """One column of Phoenix."""

    device_name = "npu1_1col"


class NPU1Col2(_Named):
    """Two columns of Phoenix."""

    device_name = "npu1_2col"


class NPU1Col3(_Named):
    """Three columns of Phoenix."""

    device_name = "npu1_3col"


class NPU2(_Named):
    """Strix; refused."""

    device_name = "npu2"


NPU2Col1, NPU2Col2, NPU2Col3, NPU2Col4, NPU2Col5, NPU2Col6, NPU2Col7 = (
    type(f"NPU2Col{n}", (_Named,), {"device_name": f"npu2_{n}col", "__doc__": "Strix; refused."})
    for n in range(1, 8)
)
XCVC1902, XCVE2302, XCVE2802 = (
    type(name.upper(), (_Named,), {"device_name": name, "__doc__": "Versal; refused."})
    for name in ("xcvc1902", "xcve2302", "xcve2802")
)


def create_class(class_name: str, device: str) -> type[Device]:
    """The class of a device, which makes it without arguments."""
    return type(class_name, (_Named,), {"device_name": str(device)})


def from_name(name: str, *, n_cols: int | None = None) -> Device:
    """The device of a name, `'npu'` or `'npu1'`, with its first `n_cols` columns."""
    if name not in ("npu", "npu1"):
        return Device(name)
    if n_cols is None or n_cols == 4:
        return NPU1()
    if n_cols not in (1, 2, 3):
        raise DesignError(
            f"npu1 has no variant of {n_cols} columns", at=author_line(), because="1 to 4 exist"
        )
    return Device(f"npu1_{n_cols}col")


def _refused(name: str) -> DesignError:
    return DesignError(
        f"device {name!r} is not modelled",
        at=author_line(),
        because=f"the simulator knows {', '.join(DEVICES)}",
        fix="NPU1()",
    )


_current: Device | None = None


def set_current_device(device: Device | None) -> Device | None:
    """Make `device` the one that programs build for when they ask; returns the previous one."""
    global _current
    previous, _current = _current, device
    return previous


def get_current_device(*, probe_runtime: bool = True) -> Device:
    """The device that was set, else the whole npu1. Nothing is probed."""
    return _current if _current is not None else NPU1()


def ensure_current_device(*, probe_runtime: bool = True) -> Device:
    """The current device, set from now on."""
    set_current_device(get_current_device())
    return get_current_device()
