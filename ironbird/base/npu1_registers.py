"""The registers of npu1 that a runtime sequence writes: where they are, what their bits mean.

Addresses are bytes: column << 25 | row << 20 | offset in the tile. Sources: AM025 (AMD, AIE-ML
register reference); AM020 chapters 2, 3 and 5; mlir-aie AIETargetModel.cpp (bases and strides).
A register that is only named here has no meaning to the simulator: a write to it is refused by that
name, and one at any other address by its number.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ironbird.base.device import Direction, Tile, TileKind
from ironbird.base.npu1_descriptors import DESCRIPTOR_LAYOUTS
from ironbird.base.register_fields import Field, WordLayout

COLUMN_SHIFT, ROW_SHIFT = 25, 20
OFFSET_MASK = (1 << ROW_SHIFT) - 1
_ROW_MASK = (1 << (COLUMN_SHIFT - ROW_SHIFT)) - 1

WORD_BYTES = 4
DESCRIPTOR_STRIDE_BYTES = 0x20
LOCK_STRIDE_BYTES = 0x10
CHANNEL_STRIDE_BYTES = 8

# A memory tile's DMA sees three memories of 512 KiB in a row, and their locks: those of its west
# neighbour, its own, those of its east neighbour (mlir-aie AIETargetModel.cpp).
MEMORY_WINDOW_BYTES = 0x80000
MEMORY_WINDOW_LOCKS = 64

START_QUEUE = WordLayout(
    1, {"descriptor": Field(0, 0, 6), "repeat_count": Field(0, 16, 8), "token": Field(0, 31, 1)}
)
"""repeat_count: runs after the first. token: whether the end of the task sends one."""

CHANNEL_CONTROL = WordLayout(
    1,
    {
        "reset": Field(0, 1, 1),
        "enable_out_of_order": Field(0, 3, 1),
        "controller_id": Field(0, 8, 8),
    },
)
"""controller_id: the packet id that tokens of the channel carry."""

CORE_CONTROL = WordLayout(1, {"enable": Field(0, 0, 1), "reset": Field(0, 1, 1)})


@dataclass(frozen=True)
class TileMemory:
    """A word of the tile's own memory, at `offset` bytes."""

    offset: int


@dataclass(frozen=True)
class DescriptorWord:
    """Word number `word` of descriptor `id`."""

    id: int
    word: int


@dataclass(frozen=True)
class ChannelControl:
    """The control word of a DMA channel: `CHANNEL_CONTROL`."""

    direction: Direction
    channel: int


@dataclass(frozen=True)
class StartQueue:
    """Where a DMA channel is given tasks: `START_QUEUE`."""

    direction: Direction
    channel: int


@dataclass(frozen=True)
class LockValue:
    """The value of lock `id`."""

    id: int


@dataclass(frozen=True)
class CoreControl:
    """The control word of a core: `CORE_CONTROL`."""


@dataclass(frozen=True)
class OtherRegister:
    """A register without a meaning here."""

    name: str


Register = (
    TileMemory
    | DescriptorWord
    | ChannelControl
    | StartQueue
    | LockValue
    | CoreControl
    | OtherRegister
)


@dataclass(frozen=True, kw_only=True)
class RegisterMap:
    """Where one kind of tile has its registers, as byte offsets in the tile.

    memory_bytes: of the tile's own memory, which starts at offset 0.
    control:      the control word of channel 0 by direction; its start queue is the next word.
    others:       first offset and number of words of registers that are only named.
    """

    memory_bytes: int
    descriptors: int
    descriptor_count: int
    locks: int
    lock_count: int
    control: Mapping[Direction, int]
    channels_each_way: int
    core_control: int | None = None
    others: Mapping[str, tuple[int, int]]
    descriptor: WordLayout

    def register_at(self, offset: int) -> Register | None:
        """What a write to `offset` reaches; None where nothing is known to be."""
        if offset < self.memory_bytes:
            return TileMemory(offset)
        index, inside = divmod(offset - self.descriptors, DESCRIPTOR_STRIDE_BYTES)
        word = inside // WORD_BYTES
        if 0 <= index < self.descriptor_count and word < self.descriptor.word_count:
            return DescriptorWord(index, word)
        index, inside = divmod(offset - self.locks, LOCK_STRIDE_BYTES)
        if 0 <= index < self.lock_count and inside == 0:
            return LockValue(index)
        for direction, first in self.control.items():
            index, inside = divmod(offset - first, CHANNEL_STRIDE_BYTES)
            if 0 <= index < self.channels_each_way:
                kind = ChannelControl if inside < WORD_BYTES else StartQueue
                return kind(direction, index)
        if offset == self.core_control:
            return CoreControl()
        return self._other_at(offset)

    def _other_at(self, offset: int) -> OtherRegister | None:
        for name, (first, word_count) in self.others.items():
            index = (offset - first) // WORD_BYTES
            if 0 <= index < word_count:
                return OtherRegister(f"{name}{index}" if word_count > 1 else name)
        return None

    def descriptor_offset(self, descriptor: int) -> int:
        """The first byte of a descriptor."""
        return self.descriptors + descriptor * DESCRIPTOR_STRIDE_BYTES

    def lock_offset(self, lock: int) -> int:
        """The value of a lock."""
        return self.locks + lock * LOCK_STRIDE_BYTES

    def control_offset(self, direction: Direction, channel: int) -> int:
        """The control word of a channel."""
        return self.control[direction] + channel * CHANNEL_STRIDE_BYTES

    def queue_offset(self, direction: Direction, channel: int) -> int:
        """The start queue of a channel."""
        return self.control_offset(direction, channel) + WORD_BYTES


def _events(base: int) -> dict[str, tuple[int, int]]:
    """Timer, events and trace unit of a module; every module has them in the same order."""
    return {
        "Timer_Control": (base, 1),
        "Event_Generate": (base + 0x08, 1),
        "Event_Broadcast": (base + 0x10, 16),
        "Event_Broadcast_Block": (base + 0x50, 16),
        "Trace_Control": (base + 0xD0, 2),
        "Trace_Status": (base + 0xD8, 1),
        "Trace_Event": (base + 0xE0, 2),
    }


def _prefixed(prefix: str, registers: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    return {f"{prefix} {name}": place for name, place in registers.items()}


REGISTER_MAPS: Mapping[TileKind, RegisterMap] = {
    TileKind.CORE: RegisterMap(
        memory_bytes=0x10000,
        descriptors=0x1D000,
        descriptor_count=16,
        descriptor=DESCRIPTOR_LAYOUTS[TileKind.CORE],
        locks=0x1F000,
        lock_count=16,
        control={Direction.S2MM: 0x1DE00, Direction.MM2S: 0x1DE10},
        channels_each_way=2,
        core_control=0x32000,
        others={
            "program memory, word ": (0x20000, 0x1000),
            **_prefixed("memory module's", _events(0x14000)),
            **_prefixed("core module's", _events(0x34000)),
            "Core_Status": (0x32004, 1),
            "Performance_Control": (0x31500, 4),
            "Performance_Counter": (0x31520, 4),
            "Stream_Switch_Master_Config": (0x3F000, 23),
            "Stream_Switch_Slave_Config": (0x3F100, 25),
            "Stream_Switch_Slave_Slot": (0x3F200, 100),
            "Stream_Switch_Event_Port_Selection_": (0x3FF00, 2),
        },
    ),
    TileKind.MEMORY: RegisterMap(
        memory_bytes=0x80000,
        descriptors=0xA0000,
        descriptor_count=48,
        descriptor=DESCRIPTOR_LAYOUTS[TileKind.MEMORY],
        locks=0xC0000,
        lock_count=64,
        control={Direction.S2MM: 0xA0600, Direction.MM2S: 0xA0630},
        channels_each_way=6,
        others={
            **_events(0x94000),
            "DMA_Event_Channel_Selection": (0xA06A0, 1),
            "Stream_Switch_Master_Config": (0xB0000, 17),
            "Stream_Switch_Slave_Config": (0xB0100, 18),
            "Stream_Switch_Slave_Slot": (0xB0200, 72),
            "Stream_Switch_Event_Port_Selection_": (0xB0F00, 2),
        },
    ),
    TileKind.SHIM: RegisterMap(
        memory_bytes=0,
        descriptors=0x1D000,
        descriptor_count=16,
        descriptor=DESCRIPTOR_LAYOUTS[TileKind.SHIM],
        locks=0x14000,
        lock_count=16,
        control={Direction.S2MM: 0x1D200, Direction.MM2S: 0x1D210},
        channels_each_way=2,
        others={
            **_events(0x34000),
            "Mux_Config": (0x1F000, 1),
            "Demux_Config": (0x1F004, 1),
            "Stream_Switch_Master_Config": (0x3F000, 23),
            "Stream_Switch_Slave_Config": (0x3F100, 24),
            "Stream_Switch_Slave_Slot": (0x3F200, 96),
            "Stream_Switch_Event_Port_Selection_": (0x3FF00, 2),
        },
    ),
}


def address_of(tile: Tile, offset: int) -> int:
    """The address of the array at which `offset` of a tile is."""
    return tile.column << COLUMN_SHIFT | tile.row << ROW_SHIFT | offset


def tile_and_offset(address: int) -> tuple[Tile, int]:
    """The tile that an address of the array is in, and the offset in it."""
    tile = Tile(address >> COLUMN_SHIFT, address >> ROW_SHIFT & _ROW_MASK)
    return tile, address & OFFSET_MASK
