"""The fields of `aiex.npu.writebd` as the words of a descriptor.

The operation has one set of names for all tiles and numbers as the registers hold them; burst
lengths and addresses count bytes. Source: mlir-aie AIEDmaToNpu.cpp (WriteBdToBlockWrite).
"""

from collections.abc import Mapping

from ironbird.base.device import TileKind
from ironbird.base.npu1_registers import REGISTER_MAPS, WORD_BYTES

_NAMES = {
    "buffer_length": "length",
    "enable_packet": "enable_packet",
    "out_of_order_id": "out_of_order_id",
    "packet_id": "packet_id",
    "packet_type": "packet_type",
    "iteration_current": "iteration_current",
    "iteration_size": "iteration_wrap",
    "iteration_stride": "iteration_step",
    "next_bd": "next",
    "use_next_bd": "use_next",
    "valid_bd": "valid",
    "lock_rel_val": "lock_release_value",
    "lock_rel_id": "lock_release_id",
    "lock_acq_enable": "lock_acquire_enable",
    "lock_acq_val": "lock_acquire_value",
    "lock_acq_id": "lock_acquire_id",
    **{f"d{n}_size": f"d{n}_wrap" for n in range(3)},
    **{f"d{n}_stride": f"d{n}_step" for n in range(3)},
    **{f"d{n}_zero_before": f"d{n}_before" for n in range(3)},
    **{f"d{n}_zero_after": f"d{n}_after" for n in range(3)},
}
# AXI bursts in bytes, by the number in the field (AM025, shim DMA_BD word 4); 0 takes the longest.
_BURSTS = {64: 0, 128: 1, 256: 2, 0: 2}
_CACHEABLE = 2  # as mlir-aie writes it
# The shim's third dimension has no wrap: the length stops it.
_WITHOUT_FIELD = {TileKind.SHIM: {"d2_wrap"}, TileKind.CORE: {"d2_wrap"}}


def words_of_writebd(kind: TileKind, fields: Mapping[str, int]) -> tuple[int, ...]:
    """The words. Raises ValueError for a number that the tile's registers have no room for."""
    layout = REGISTER_MAPS[kind].descriptor
    if not 0 <= fields["bd_id"] < REGISTER_MAPS[kind].descriptor_count:
        raise ValueError(
            f"bd_id is {fields['bd_id']}; there are descriptors 0.."
            f"{REGISTER_MAPS[kind].descriptor_count - 1}"
        )
    values: dict[str, int] = {}
    for name, register_name in _NAMES.items():
        value = fields.get(name, 0)
        if register_name in layout.fields:
            values[register_name] = value
        elif value and register_name not in _WITHOUT_FIELD.get(kind, set()):
            raise ValueError(f"{name} is {value}, and a {kind} tile has no such field")
    if kind is not TileKind.SHIM:
        return layout.encode(values | {"address": fields["buffer_offset"] // WORD_BYTES})
    burst = fields.get("burst_length", 0)
    if burst not in _BURSTS:
        raise ValueError(f"burst_length is {burst}; it is 64, 128 or 256 bytes")
    values |= {"burst_length": _BURSTS[burst], "axi_cache": _CACHEABLE}
    return layout.encode(values | {"address_low": fields["buffer_offset"]})
