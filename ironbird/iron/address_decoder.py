"""Addresses of the array as register names and back, as upstream's `AIEAddressDecoder` offers it.

The names of its methods are upstream's. What their dictionaries hold is not recorded, so the keys
are this package's; each method names them.
"""

from typing import Any

from ironbird.base.device import Tile
from ironbird.base.npu1 import NPU1
from ironbird.base.npu1_registers import address_of
from ironbird.base.register_fields import WORD_BITS, Field
from ironbird.base.register_names import (
    MODULES,
    NamedRegister,
    decode_address,
    region_at,
    registers,
)

_DELIMITER = "-" * 60


class AIEAddressDecoder:
    """Decodes the addresses of npu1. `database` is what `load_database` makes, by module."""

    def __init__(self) -> None:
        self.database = self.load_database()

    def load_database(self) -> dict[str, dict[str, Any]]:
        """`registers` of every module: their `name`, `offset` in bytes, and `bit_fields`.

        A bit field has a `name` and a `bit_range`, `"31:16"` or `"5"`.
        """
        return {
            module: {"registers": [_entry(each) for each in registers(module)]}
            for module in MODULES
        }

    def parse_address(self, address: int) -> dict[str, Any] | None:
        """What is at an address, or None where nothing of npu1 is known to be.

        Keys: `address`, `column`, `row`, `module`, `offset`; `register` as in the database, or None
        in a memory; `region` as `find_memory_region` gives it, or None.
        """
        found = decode_address(address)
        if found is None or (found.register is None and found.region is None):
            return None
        return {
            "address": address,
            "column": found.tile.column,
            "row": found.tile.row,
            "module": found.module,
            "offset": found.offset,
            "register": None if found.register is None else _entry(found.register),
            "region": self.find_memory_region(found.module, found.offset),
        }

    def find_register_by_offset(
        self, module_data: dict[str, Any], offset: int
    ) -> dict[str, Any] | None:
        """The register at an offset of a module of the database."""
        return next((each for each in module_data["registers"] if each["offset"] == offset), None)

    def find_memory_region(self, module_name: str, offset: int) -> dict[str, Any] | None:
        """The memory that an offset of a module lies in: `name`, `offset` and `size` in bytes."""
        found = region_at(module_name, offset)
        if found is None:
            return None
        return {"name": found.name, "offset": found.first, "size": found.size}

    def encode_address(
        self, col: int, row: int, register_name: str, module_name: str | None = None
    ) -> int | None:
        """The address of a tile's register; None if the tile has none of that name.

        module_name: needed where both modules of a core tile have such a register; else the first
        one's is meant.
        """
        if not (0 <= col < NPU1.columns and 0 <= row < NPU1.rows):
            return None
        kind = NPU1.kind(Tile(col, row))
        for module, of_kind in MODULES.items():
            if of_kind is not kind or module_name not in (None, module):
                continue
            for register in registers(module):
                if register.name == register_name:
                    return address_of(Tile(col, row), register.offset)
        return None

    def format_result(
        self,
        result: dict[str, Any],
        include_delimiters: bool = False,
        show_bit_fields: bool = False,
    ) -> str:
        """What `parse_address` found, as text; with a line of dashes before and after if wanted."""
        register, region = result["register"], result["region"]
        what = region["name"] if register is None else register["name"]
        lines = [
            f"0x{result['address']:08X}: tile ({result['column']}, {result['row']}), "
            f"{result['module']}, 0x{result['offset']:05X}: {what}"
        ]
        if show_bit_fields and register is not None:
            lines += [f"  {each['bit_range']}: {each['name']}" for each in register["bit_fields"]]
        return "\n".join([_DELIMITER, *lines, _DELIMITER] if include_delimiters else lines)


def bits_of(bit_range: str) -> Field:
    """The bits that `"31:16"` or `"5"` names. Raises ValueError for what names none."""
    high, _, low = bit_range.partition(":")
    first, last = int(low or high), int(high)
    if not 0 <= first <= last < WORD_BITS:
        raise ValueError(f"{bit_range!r} are no bits of a word: 31 to 0, the highest first")
    return Field(0, first, last - first + 1)


def _entry(register: NamedRegister) -> dict[str, Any]:
    return {
        "name": register.name,
        "offset": register.offset,
        "bit_fields": [
            {"name": name, "bit_range": _bit_range(bits)}
            for name, bits in sorted(register.fields.items(), key=lambda each: -each[1].low)
        ],
    }


def _bit_range(bits: Field) -> str:
    return str(bits.low) if bits.width == 1 else f"{bits.low + bits.width - 1}:{bits.low}"
