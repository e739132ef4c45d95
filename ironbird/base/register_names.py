"""The registers of npu1 by name and by address: what a reader of register writes wants to see.

Names are AM025's (AMD, AIE-ML register reference) where a register has a meaning here; those of
`OtherRegister` are this package's. Modules are those of AM025: a core tile has two.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from ironbird.base.device import Tile, TileKind
from ironbird.base.npu1 import NPU1
from ironbird.base.npu1_registers import (
    CHANNEL_CONTROL,
    CORE_CONTROL,
    REGISTER_MAPS,
    START_QUEUE,
    WORD_BYTES,
    RegisterMap,
    tile_and_offset,
)
from ironbird.base.register_fields import Field

_MODULES_OF = {
    TileKind.CORE: ("memory", "core"),
    TileKind.MEMORY: ("memory_tile",),
    TileKind.SHIM: ("shim",),
}
MODULES: Mapping[str, TileKind] = {
    module: kind for kind, modules in _MODULES_OF.items() for module in modules
}
"""The kind of tile that a module is part of."""

# In a core tile the core module, with its program memory, lies behind the memory module (AM025).
_CORE_MODULE = 0x20000


@dataclass(frozen=True)
class NamedRegister:
    """One word. offset: bytes in its tile. fields: those of its bits that have a meaning here."""

    name: str
    offset: int
    fields: Mapping[str, Field] = field(default_factory=dict)


@dataclass(frozen=True)
class MemoryRegion:
    """A stretch of memory in a module. first: its offset in the tile; both in bytes."""

    name: str
    first: int
    size: int


@dataclass(frozen=True)
class Decoded:
    """What an address of the array reaches; `register` and `region` are None for what is neither.

    offset: bytes in the tile.
    """

    tile: Tile
    module: str
    offset: int
    register: NamedRegister | None
    region: MemoryRegion | None


def decode_address(address: int) -> Decoded | None:
    """What is at an address; None outside the array."""
    tile, offset = tile_and_offset(address)
    if address < 0 or not (0 <= tile.column < NPU1.columns and 0 <= tile.row < NPU1.rows):
        return None
    module = module_at(NPU1.kind(tile), offset)
    return Decoded(tile, module, offset, register_at(module, offset), region_at(module, offset))


def module_at(kind: TileKind, offset: int) -> str:
    """The module of a tile that an offset lies in."""
    return _MODULES_OF[kind][-1 if offset >= _CORE_MODULE else 0]


def register_at(module: str, offset: int) -> NamedRegister | None:
    """The register at an offset of the module's tile."""
    return next((each for each in registers(module) if each.offset == offset), None)


def region_at(module: str, offset: int) -> MemoryRegion | None:
    """The memory that an offset lies in."""
    return next((each for each in regions(module) if 0 <= offset - each.first < each.size), None)


@cache
def registers(module: str) -> tuple[NamedRegister, ...]:
    """Every register of a module, by offset."""
    kind = MODULES[module]
    found = (each for each in _of_tile(kind) if module_at(kind, each.offset) == module)
    return tuple(sorted(found, key=lambda each: each.offset))


def regions(module: str) -> tuple[MemoryRegion, ...]:
    """The memories of a module."""
    if module == "core":
        first, words = REGISTER_MAPS[TileKind.CORE].others[_PROGRAM_MEMORY]
        return (MemoryRegion("program memory", first, words * WORD_BYTES),)
    size = REGISTER_MAPS[MODULES[module]].memory_bytes
    return (MemoryRegion("data memory", 0, size),) if size else ()


_PROGRAM_MEMORY = "program memory, word "


def _of_tile(kind: TileKind) -> Iterator[NamedRegister]:
    layout = REGISTER_MAPS[kind]
    for number in range(layout.descriptor_count):
        first = layout.descriptor_offset(number)
        for word in range(layout.descriptor.word_count):
            fields = {n: f for n, f in layout.descriptor.fields.items() if f.word == word}
            yield NamedRegister(f"DMA_BD{number}_{word}", first + word * WORD_BYTES, fields)
    for number in range(layout.lock_count):
        yield NamedRegister(f"Lock{number}_value", layout.lock_offset(number))
    yield from _channels(layout, "Task_Queue" if kind is TileKind.SHIM else "Start_Queue")
    if layout.core_control is not None:
        yield NamedRegister("Core_Control", layout.core_control, CORE_CONTROL.fields)
    for name, (first, count) in layout.others.items():
        if name == _PROGRAM_MEMORY:
            continue
        short = name.rpartition("'s ")[2]
        for index in range(count):
            shown = short.rstrip("_") if count == 1 else f"{short.rstrip('_')}_{index}"
            yield NamedRegister(shown, first + index * WORD_BYTES)


def _channels(layout: RegisterMap, queue: str) -> Iterator[NamedRegister]:
    for direction in layout.control:
        for channel in range(layout.channels_each_way):
            name = f"DMA_{direction.value}_{channel}"
            control = layout.control_offset(direction, channel)
            yield NamedRegister(f"{name}_Ctrl", control, CHANNEL_CONTROL.fields)
            start = layout.queue_offset(direction, channel)
            yield NamedRegister(f"{name}_{queue}", start, START_QUEUE.fields)
