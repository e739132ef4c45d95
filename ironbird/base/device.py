"""The device model: what a tile of each kind has, and which tiles touch."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from ironbird.base.access_pattern import DescriptorLimits


class Tile(NamedTuple):
    """A place on the grid. Row 0 is the shim, row 1 the memory tiles, cores from row 2 up."""

    column: int
    row: int

    def __str__(self) -> str:
        return f"({self.column}, {self.row})"


class TileKind(StrEnum):
    """What stands at a place."""

    CORE = "core"
    MEMORY = "memory"
    SHIM = "shim"


class Bundle(StrEnum):
    """Groups of stream-switch ports, as MLIR spells them."""

    CORE = "Core"
    DMA = "DMA"
    FIFO = "FIFO"
    NORTH = "North"
    SOUTH = "South"
    EAST = "East"
    WEST = "West"
    TRACE = "Trace"
    TILE_CONTROL = "TileControl"
    NOC = "NOC"
    PLIO = "PLIO"


class Direction(StrEnum):
    """A DMA channel's direction: stream to memory, or memory to stream."""

    S2MM = "S2MM"
    MM2S = "MM2S"


@dataclass(frozen=True, kw_only=True)
class TileModel:
    """What one kind of tile offers.

    memory_bytes, bank_count: memory a DMA or core of the tile owns, in equal banks; 0 on the shim.
    channels_each_way:        DMA channels per direction.
    descriptor_count:         buffer descriptors shared by all channels.
    lock_count, max_lock_value: semaphores, values 0..max.
    task_queue_depth, max_repeat: tasks a channel can hold; runs of one task.
    outputs, inputs:          ports of the stream switch by bundle (masters, slaves).
    """

    kind: TileKind
    memory_bytes: int
    bank_count: int
    channels_each_way: int
    descriptor_count: int
    lock_count: int
    max_lock_value: int
    task_queue_depth: int
    max_repeat: int
    descriptor: DescriptorLimits
    outputs: dict[Bundle, int]
    inputs: dict[Bundle, int]

    @property
    def bank_bytes(self) -> int:
        """Size of one bank, bytes."""
        return self.memory_bytes // self.bank_count if self.bank_count else 0

    def descriptors_of_channel(self, channel: int) -> range:
        """Which descriptor ids a channel may use.

        A memory tile's even channels use the lower half, its odd channels the upper half
        (AM020 ch5; mlir-aie AIETargetModel.cpp).
        """
        if self.kind is not TileKind.MEMORY:
            return range(self.descriptor_count)
        half = self.descriptor_count // 2
        return range(half) if channel % 2 == 0 else range(half, self.descriptor_count)


@dataclass(frozen=True, kw_only=True)
class DeviceModel:
    """A device: its grid, its tiles, its clock presets.

    default_stack_bytes: a core's stack where the author names none.
    program_bytes:       program memory of one core.
    """

    name: str
    columns: int
    rows: int
    tile_models: dict[TileKind, TileModel]
    default_stack_bytes: int
    program_bytes: int

    def kind(self, tile: Tile) -> TileKind:
        """What stands at `tile`. Raises ValueError outside the grid."""
        if not (0 <= tile.column < self.columns and 0 <= tile.row < self.rows):
            raise ValueError(
                f"tile {tile} is outside {self.name}: columns 0..{self.columns - 1}, "
                f"rows 0..{self.rows - 1}"
            )
        if tile.row == 0:
            return TileKind.SHIM
        return TileKind.MEMORY if tile.row == 1 else TileKind.CORE

    def model(self, tile: Tile) -> TileModel:
        """What the tile at `tile` offers."""
        return self.tile_models[self.kind(tile)]

    def tiles(self, kind: TileKind) -> list[Tile]:
        """All tiles of a kind, column by column, lowest row first."""
        every = (Tile(column, row) for column in range(self.columns) for row in range(self.rows))
        return [tile for tile in every if self.kind(tile) is kind]

    def memories_reached_by(self, core: Tile) -> list[Tile]:
        """The tiles whose memory a core loads and stores directly: its own, west, north, south.

        A core reaches no memory to its east, and neither memory tiles nor the shim
        (mlir-aie AIETargetModel.cpp, isLegalMemAffinity for AIE2).
        """
        near = [
            core,
            Tile(core.column - 1, core.row),
            Tile(core.column, core.row + 1),
            Tile(core.column, core.row - 1),
        ]
        return [
            tile
            for tile in near
            if 0 <= tile.column < self.columns
            and 0 <= tile.row < self.rows
            and self.kind(tile) is TileKind.CORE
        ]

    def shared_memories(self, first: Tile, second: Tile) -> list[Tile]:
        """The memories that two cores both reach, `first`'s own before `second`'s own."""
        reached_by_second = set(self.memories_reached_by(second))
        both = [tile for tile in self.memories_reached_by(first) if tile in reached_by_second]
        return sorted(both, key=lambda tile: (tile != first, tile != second))
