"""Registers of npu1: fields and words agree both ways, addresses name what AM025 says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironbird.base.device import Direction, Tile, TileKind
from ironbird.base.npu1 import NPU1
from ironbird.base.npu1_registers import (
    CHANNEL_CONTROL,
    CORE_CONTROL,
    REGISTER_MAPS,
    START_QUEUE,
    ChannelControl,
    CoreControl,
    DescriptorWord,
    LockValue,
    OtherRegister,
    StartQueue,
    TileMemory,
    address_of,
    tile_and_offset,
)
from ironbird.base.register_fields import Field, WordLayout

LAYOUTS = {
    **{f"descriptor of a {kind} tile": REGISTER_MAPS[kind].descriptor for kind in TileKind},
    "start queue": START_QUEUE,
    "channel control": CHANNEL_CONTROL,
    "core control": CORE_CONTROL,
}


@pytest.mark.parametrize("name", LAYOUTS)
@given(drawn=st.data())
def test_fields_come_back_from_words(name: str, drawn: st.DataObject) -> None:
    layout = LAYOUTS[name]
    values = {
        field_name: drawn.draw(st.integers(field.range[0], field.range[-1]), label=field_name)
        for field_name, field in layout.fields.items()
    }
    words = layout.encode(values)
    assert layout.decode(words) == values
    assert layout.reserved_bits(words) == (0,) * layout.word_count


@pytest.mark.parametrize("name", LAYOUTS)
@given(drawn=st.data())
def test_words_come_back_from_fields_but_for_reserved_bits(name: str, drawn: st.DataObject) -> None:
    layout = LAYOUTS[name]
    count = layout.word_count
    words = drawn.draw(st.lists(st.integers(0, 2**32 - 1), min_size=count, max_size=count))
    reserved = layout.reserved_bits(words)
    kept = tuple(word & ~bits for word, bits in zip(words, reserved, strict=True))
    assert layout.encode(layout.decode(words)) == kept


def test_a_number_too_large_for_its_field_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^length is 16384; its field holds 0\.\.16383$"):
        REGISTER_MAPS[TileKind.CORE].descriptor.encode({"length": 2**14})


def test_fields_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^field b overlaps another one or leaves word 0$"):
        WordLayout(1, {"a": Field(0, 0, 8), "b": Field(0, 7, 2)})


# Addresses that mlir-aie's lowered sequences write, and what they are (AM025).
KNOWN = {
    (0, 0, 0x1D000): DescriptorWord(0, 0),
    (0, 0, 0x1D1FC): DescriptorWord(15, 7),
    (0, 0, 0x1D200): ChannelControl(Direction.S2MM, 0),
    (0, 0, 0x1D20C): StartQueue(Direction.S2MM, 1),
    (0, 0, 0x1D214): StartQueue(Direction.MM2S, 0),
    (0, 0, 0x14010): LockValue(1),
    (0, 0, 0x34000): OtherRegister("Timer_Control"),
    (0, 0, 0x3404C): OtherRegister("Event_Broadcast15"),
    (0, 0, 0): None,
    (1, 1, 0x7FFFC): TileMemory(0x7FFFC),
    (1, 1, 0xA05FC): DescriptorWord(47, 7),
    (1, 1, 0xA0600): ChannelControl(Direction.S2MM, 0),
    (1, 1, 0xA0634): StartQueue(Direction.MM2S, 0),
    (1, 1, 0xA065C): StartQueue(Direction.MM2S, 5),
    (1, 1, 0xC03F0): LockValue(63),
    (3, 5, 0xFFFC): TileMemory(0xFFFC),
    (3, 5, 0x1D014): DescriptorWord(0, 5),
    (3, 5, 0x1D018): None,
    (3, 5, 0x1DE04): StartQueue(Direction.S2MM, 0),
    (3, 5, 0x1F040): LockValue(4),
    (3, 5, 0x1F044): None,
    (3, 5, 0x20004): OtherRegister("program memory, word 1"),
    (3, 5, 0x32000): CoreControl(),
    (3, 5, 0x340D0): OtherRegister("core module's Trace_Control0"),
}


@pytest.mark.parametrize("place", KNOWN)
def test_an_address_names_its_register(place: tuple[int, int, int]) -> None:
    column, row, offset = place
    tile = Tile(column, row)
    assert tile_and_offset(address_of(tile, offset)) == (tile, offset)
    assert REGISTER_MAPS[NPU1.kind(tile)].register_at(offset) == KNOWN[place]


@pytest.mark.parametrize("kind", list(TileKind))
def test_the_map_agrees_with_the_device_model(kind: TileKind) -> None:
    registers, tile = REGISTER_MAPS[kind], NPU1.tile_models[kind]
    assert (
        registers.memory_bytes,
        registers.descriptor_count,
        registers.lock_count,
        registers.channels_each_way,
    ) == (tile.memory_bytes, tile.descriptor_count, tile.lock_count, tile.channels_each_way)
    for descriptor in range(tile.descriptor_count):
        offset = registers.descriptor_offset(descriptor)
        assert registers.register_at(offset) == DescriptorWord(descriptor, 0)
    for lock in range(tile.lock_count):
        assert registers.register_at(registers.lock_offset(lock)) == LockValue(lock)
    for direction in Direction:
        for channel in range(tile.channels_each_way):
            queue = registers.queue_offset(direction, channel)
            assert registers.register_at(queue) == StartQueue(direction, channel)
