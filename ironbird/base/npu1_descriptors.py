"""The buffer descriptors of npu1 as register words, by kind of tile.

Lengths, addresses, steps and padding count 32-bit words; shim addresses count bytes. Steps and the
iteration's wrap hold their number minus 1; a wrap holds its number, 0 for none. The same field has
the same name in every kind. Source: AM025 (DMA_BD registers of the memory module, the memory tile
and the shim); AM020 ch2, ch3 and ch5.
"""

from collections.abc import Mapping

from ironbird.base.device import TileKind
from ironbird.base.register_fields import Field, WordLayout


def _packet_fields(word: int) -> dict[str, Field]:
    """The header, where core and shim tiles have it."""
    return {
        "packet_type": Field(word, 16, 3),
        "packet_id": Field(word, 19, 5),
        "out_of_order_id": Field(word, 24, 6),
        "enable_packet": Field(word, 30, 1),
    }


def _locks_and_next(word: int) -> dict[str, Field]:
    """The last word of a descriptor of a core or shim tile."""
    return {
        "lock_acquire_id": Field(word, 0, 4),
        "lock_acquire_value": Field(word, 5, 7, signed=True),
        "lock_acquire_enable": Field(word, 12, 1),
        "lock_release_id": Field(word, 13, 4),
        "lock_release_value": Field(word, 18, 7, signed=True),
        "valid": Field(word, 25, 1),
        "use_next": Field(word, 26, 1),
        "next": Field(word, 27, 4),
        "tlast_suppress": Field(word, 31, 1),
    }


_CORE = WordLayout(
    6,
    {
        "length": Field(0, 0, 14),
        "address": Field(0, 14, 14),
        **_packet_fields(1),
        "enable_compression": Field(1, 31, 1),
        "d0_step": Field(2, 0, 13),
        "d1_step": Field(2, 13, 13),
        "d2_step": Field(3, 0, 13),
        "d0_wrap": Field(3, 13, 8),
        "d1_wrap": Field(3, 21, 8),
        "iteration_step": Field(4, 0, 13),
        "iteration_wrap": Field(4, 13, 6),
        "iteration_current": Field(4, 19, 6),
        **_locks_and_next(5),
    },
)

_MEMORY = WordLayout(
    8,
    {
        "length": Field(0, 0, 17),
        "out_of_order_id": Field(0, 17, 6),
        "packet_id": Field(0, 23, 5),
        "packet_type": Field(0, 28, 3),
        "enable_packet": Field(0, 31, 1),
        "address": Field(1, 0, 19),
        "use_next": Field(1, 19, 1),
        "next": Field(1, 20, 6),
        "d0_before": Field(1, 26, 6),
        "d0_step": Field(2, 0, 17),
        "d0_wrap": Field(2, 17, 10),
        "tlast_suppress": Field(2, 31, 1),
        "d1_step": Field(3, 0, 17),
        "d1_wrap": Field(3, 17, 10),
        "d1_before": Field(3, 27, 5),
        "d2_step": Field(4, 0, 17),
        "d2_wrap": Field(4, 17, 10),
        "d2_before": Field(4, 27, 4),
        "enable_compression": Field(4, 31, 1),
        "d3_step": Field(5, 0, 17),
        "d0_after": Field(5, 17, 6),
        "d1_after": Field(5, 23, 5),
        "d2_after": Field(5, 28, 4),
        "iteration_step": Field(6, 0, 17),
        "iteration_wrap": Field(6, 17, 6),
        "iteration_current": Field(6, 23, 6),
        "lock_acquire_id": Field(7, 0, 8),
        "lock_acquire_value": Field(7, 8, 7, signed=True),
        "lock_acquire_enable": Field(7, 15, 1),
        "lock_release_id": Field(7, 16, 8),
        "lock_release_value": Field(7, 24, 7, signed=True),
        "valid": Field(7, 31, 1),
    },
)

_SHIM = WordLayout(
    8,
    {
        "length": Field(0, 0, 32),
        "address_low": Field(1, 0, 32),
        "address_high": Field(2, 0, 16),
        **_packet_fields(2),
        "d0_step": Field(3, 0, 20),
        "d0_wrap": Field(3, 20, 10),
        "secure_access": Field(3, 30, 1),
        "d1_step": Field(4, 0, 20),
        "d1_wrap": Field(4, 20, 10),
        "burst_length": Field(4, 30, 2),
        "d2_step": Field(5, 0, 20),
        "axi_qos": Field(5, 20, 4),
        "axi_cache": Field(5, 24, 4),
        "stream_id": Field(5, 28, 4),
        "iteration_step": Field(6, 0, 20),
        "iteration_wrap": Field(6, 20, 6),
        "iteration_current": Field(6, 26, 6),
        **_locks_and_next(7),
    },
)

DESCRIPTOR_LAYOUTS: Mapping[TileKind, WordLayout] = {
    TileKind.CORE: _CORE,
    TileKind.MEMORY: _MEMORY,
    TileKind.SHIM: _SHIM,
}
"""Words of a descriptor by kind of tile."""
