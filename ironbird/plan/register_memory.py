"""Addresses of a tile as buffers of the plan, for sequences and descriptors that name addresses."""

from collections.abc import Iterator, Sequence

from ironbird.base.device import Tile
from ironbird.base.errors import DesignError
from ironbird.base.npu1_registers import WORD_BYTES, RegisterMap
from ironbird.base.source_line import SourceLine
from ironbird.plan.placed_parts import PlacedParts
from ironbird.plan.plan import WriteBuffer


def buffer_at(parts: PlacedParts, tile: Tile, first: int, byte_count: int) -> int | None:
    """The buffer of `tile` that holds all of the bytes from `first` on; None if none does.

    Of several at one place it is the smallest, of equal ones the first.
    """
    holding = [
        index
        for index, buffer in enumerate(parts.buffers)
        if buffer.tile == tile
        and buffer.address <= first
        and first + byte_count <= buffer.address + buffer.byte_count
    ]
    return min(holding, key=lambda index: parts.buffers[index].byte_count, default=None)


def buffers_of(parts: PlacedParts, tile: Tile) -> str:
    """The buffers of `tile` with their places, for messages."""
    places = [
        f"{buffer.name!r} at {buffer.address:#x}..{buffer.address + buffer.byte_count:#x}"
        for buffer in parts.buffers
        if buffer.tile == tile
    ]
    return ", ".join(places) or "none"


def memory_writes(
    parts: PlacedParts,
    registers: RegisterMap,
    tile: Tile,
    offset: int,
    words: Sequence[int],
    mask: int,
    at: SourceLine | None,
) -> Iterator[WriteBuffer]:
    """Words into the memory of `tile`, cut at the edges of buffers and of the mask's bytes."""
    for first, run in _byte_runs(offset, words, mask, at):
        left = run
        while left:
            place = first + len(run) - len(left)
            index = buffer_at(parts, tile, place, 1)
            if index is None or place >= registers.memory_bytes:
                raise DesignError(
                    f"the sequence writes byte {place:#x} of the memory of tile {tile}",
                    at=at,
                    because=f"no buffer is there; the tile has {buffers_of(parts, tile)}",
                )
            buffer = parts.buffers[index]
            count = min(len(left), buffer.address + buffer.byte_count - place)
            yield WriteBuffer(
                buffer=index, offset_bytes=place - buffer.address, content=left[:count], at=at
            )
            left = left[count:]


def _byte_runs(
    offset: int, words: Sequence[int], mask: int, at: SourceLine | None
) -> Iterator[tuple[int, bytes]]:
    """The bytes to write, from which place on, in runs without a gap."""
    content = b"".join(word.to_bytes(WORD_BYTES, "little") for word in words)
    kept = mask.to_bytes(WORD_BYTES, "little")
    if any(byte not in (0x00, 0xFF) for byte in kept):
        raise DesignError(
            f"the sequence writes some bits of a byte of memory at {offset:#x}",
            at=at,
            because=f"the mask is {mask:#x}; the plan writes whole bytes",
        )
    start: int | None = None
    for position in range(len(content) + 1):
        written = position < len(content) and kept[position % WORD_BYTES] == 0xFF
        if written and start is None:
            start = position
        elif not written and start is not None:
            yield offset + start, content[start:position]
            start = None
