"""The memories of all tiles in one arena: buffers between red zones, a shadow for each byte."""

import bisect
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ironbird.plan.plan import PhysicalPlan

RED_ZONE_BYTES = 128
ARENA_MARGIN_BYTES = 64 * 1024
RED_ZONE_BYTE = 0xC5
OTHER_ZONE_BYTE = 0x3E
# Whole elements of either make a NaN (0xFF) or a plausible number (0x41), and differ in every byte.
POISON_BYTE = 0xFF
OTHER_POISON_BYTE = 0x41

UNWRITTEN, WRITTEN, OUTSIDE = 0, 1, 2

Bytes = npt.NDArray[np.uint8]


def rounded_up(byte_count: int) -> int:
    """To whole lines of 64 bytes."""
    return -(-byte_count // 64) * 64


def aligned_bytes(byte_count: int, filled_with: int = RED_ZONE_BYTE) -> Bytes:
    """Memory that starts at a multiple of 64, full of red zone."""
    raw = np.full(byte_count + 64, filled_with, dtype=np.uint8)
    skip = -raw.ctypes.data % 64
    return raw[skip : skip + byte_count]


def place_buffers(byte_counts: Sequence[int]) -> tuple[list[int], int]:
    """Where each buffer starts in an arena, and the arena's size."""
    offsets = []
    end = ARENA_MARGIN_BYTES
    for byte_count in byte_counts:
        offsets.append(end + RED_ZONE_BYTES)
        end = offsets[-1] + rounded_up(byte_count) + RED_ZONE_BYTES
    return offsets, end + ARENA_MARGIN_BYTES


class Memory:
    """Buffers by number; arguments of the sequence as ~number."""

    def __init__(
        self, plan: PhysicalPlan, arguments: Sequence[npt.NDArray[np.generic]], *, poison: bool
    ) -> None:
        self._byte_counts = [buffer.byte_count for buffer in plan.buffers]
        self._offsets, arena_bytes = place_buffers(self._byte_counts)
        self._arena = aligned_bytes(arena_bytes)
        self._shadow = np.full(arena_bytes, OUTSIDE, dtype=np.uint8)
        self._arguments = [array.reshape(-1).view(np.uint8) for array in arguments]
        self._argument_shadows: list[Bytes | None] = []
        for number, buffer in enumerate(plan.buffers):
            if buffer.initial is not None:
                self.bytes(number)[:] = np.frombuffer(buffer.initial, dtype=np.uint8)
            else:
                self.bytes(number)[:] = POISON_BYTE if poison else 0
            known = buffer.initial is not None or not poison
            self._shadow_of(number)[:] = WRITTEN if known else UNWRITTEN
        for argument, array in zip(plan.sequence.arguments, self._arguments, strict=True):
            followed = poison and argument.written and not argument.read
            self._argument_shadows.append(np.zeros(array.size, np.uint8) if followed else None)

    def bytes(self, memory: int) -> Bytes:
        """The bytes of a buffer or of an argument, in place."""
        if memory < 0:
            return self._arguments[~memory]
        start = self._offsets[memory]
        return self._arena[start : start + self._byte_counts[memory]]

    def shadow(self, memory: int) -> Bytes | None:
        """UNWRITTEN or WRITTEN for each byte, in place; None for an argument not followed."""
        return self._argument_shadows[~memory] if memory < 0 else self._shadow_of(memory)

    def fully_written(self, memory: int) -> bool:
        """Whether every byte was written, or the memory is not followed."""
        shadow = self.shadow(memory)
        return shadow is None or bool((shadow == WRITTEN).all())

    def buffer_at(self, address: int) -> int:
        """The buffer that a machine address lies in or just behind."""
        return bisect.bisect_right(self._offsets, address - self._arena.ctypes.data) - 1

    def address(self, buffer: int) -> int:
        """The machine address at which a buffer starts."""
        return self._arena.ctypes.data + self._offsets[buffer]

    def around(self, buffer: int, offset_bytes: int, count: int) -> Bytes:
        """Bytes of the arena from a place relative to a buffer, its red zones included."""
        start = self._offsets[buffer] + offset_bytes
        return self._arena[start : start + count]

    def shadow_around(self, buffer: int, offset_bytes: int, count: int) -> Bytes:
        """Shadows of the same bytes; OUTSIDE where no buffer is."""
        start = self._offsets[buffer] + offset_bytes
        return self._shadow[start : start + count]

    def forget(self, buffer: int, *, poison: bool) -> None:
        """Make a buffer as it was before anything was written."""
        self.bytes(buffer)[:] = POISON_BYTE if poison else 0
        self._shadow_of(buffer)[:] = UNWRITTEN if poison else WRITTEN

    def broken_zone(self, buffer: int) -> tuple[int, int]:
        """Changed red-zone bytes around a buffer: how many, and how far the first is from it."""
        size = self._byte_counts[buffer]
        before = self.around(buffer, -RED_ZONE_BYTES, RED_ZONE_BYTES)
        behind = self.around(buffer, size, rounded_up(size) + RED_ZONE_BYTES - size)
        places = np.concatenate(
            [
                np.flatnonzero(before != RED_ZONE_BYTE) - RED_ZONE_BYTES,
                np.flatnonzero(behind != RED_ZONE_BYTE) + size,
            ]
        )
        return len(places), int(places[0]) if len(places) else 0

    def mend_zone(self, buffer: int) -> None:
        """Make the red zones around a buffer whole again."""
        size = self._byte_counts[buffer]
        self.around(buffer, -RED_ZONE_BYTES, RED_ZONE_BYTES)[:] = RED_ZONE_BYTE
        self.around(buffer, size, rounded_up(size) + RED_ZONE_BYTES - size)[:] = RED_ZONE_BYTE

    def _shadow_of(self, buffer: int) -> Bytes:
        start = self._offsets[buffer]
        return self._shadow[start : start + self._byte_counts[buffer]]
