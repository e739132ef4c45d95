"""Register writes of a module, each with a comment that names the register and its fields.

The comment is an attribute of the operation, so that the module can be read again. Operations that
write to a buffer, or whose address is computed, get none.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, StringAttr
from xdsl.ir import Operation, SSAValue

from ironbird.base.device import Tile
from ironbird.base.npu1_registers import OFFSET_MASK, address_of
from ironbird.ir import aiex, parse_module, print_module
from ironbird.iron.address_decoder import AIEAddressDecoder, bits_of

COMMENT = "comment"

Address = tuple[int, int | None, int | None, int | None, int | None]
"""The address in the array, the value and the mask that are written, column and row if given."""


class MLIRModuleAnnotator:
    """Comments the register writes of modules."""

    def __init__(self) -> None:
        self.decoder = AIEAddressDecoder()

    def decode_bit_field_value(self, value: int, bit_range: str) -> int:
        """The number in some bits of a word, `"31:16"` or `"5"`."""
        bits = bits_of(bit_range)
        return (value & bits.mask) >> bits.low

    def format_bit_fields(
        self, value: int, bit_fields: Sequence[dict[str, Any]], mask: int | None = None
    ) -> list[str]:
        """`name=number` for every field; with a mask, for those that it has a bit of."""
        return [
            f"{each['name']}={self.decode_bit_field_value(value, each['bit_range'])}"
            for each in bit_fields
            if mask is None or mask & bits_of(each["bit_range"]).mask
        ]

    def generate_comment(
        self, decoded_info: dict[str, Any], value: int | None = None, mask: int | None = None
    ) -> str:
        """Tile and name of what `parse_address` found, and what the value puts into its fields."""
        register, region = decoded_info["register"], decoded_info["region"]
        what = register or region
        comment = f"({decoded_info['column']}, {decoded_info['row']}) {what['name']}"
        if register is None or value is None:
            return comment
        fields = self.format_bit_fields(value, register["bit_fields"], mask)
        return ": ".join([comment, ", ".join(fields)]) if fields else comment

    def get_address_from_op(self, op: Operation, target_model: object = None) -> Address:
        """Where an operation writes. Raises ValueError if that is not a number in the array.

        target_model: without effect; addresses are those of npu1.
        """
        if not isinstance(op, aiex.NpuWrite32Op | aiex.NpuMaskwrite32Op | aiex.NpuBlockwriteOp) or (
            op.buffer is not None
        ):
            raise ValueError(f"{op.name} does not write to an address of the array")
        value = mask = None
        if isinstance(op, aiex.NpuBlockwriteOp):
            address: int | None = op.address.value.data
        else:
            address, value = _number(op.address), _number(op.value)
            mask = _number(op.mask) if isinstance(op, aiex.NpuMaskwrite32Op) else None
        if address is None:
            raise ValueError(f"the address of {op.name} is computed")
        if op.column is None or op.row is None:
            return address, value, mask, None, None
        tile = Tile(op.column.value.data, op.row.value.data)
        return address_of(tile, address & OFFSET_MASK), value, mask, tile.column, tile.row

    def annotate_operation(self, op: Operation, target_model: object = None) -> bool:
        """Comment one operation; whether it writes something known."""
        try:
            address, value, mask, _, _ = self.get_address_from_op(op, target_model)
        except ValueError:
            return False
        decoded = self.decoder.parse_address(address)
        if decoded is None:
            return False
        op.attributes[COMMENT] = StringAttr(self.generate_comment(decoded, value, mask))
        return True

    def annotate_module(self, module: ModuleOp) -> int:
        """Comment every operation; how many got one."""
        return sum(self.annotate_operation(op) for op in module.walk())

    def annotate_file(self, input_path: str, output_path: str | None = None) -> int:
        """Comment a module's file; the result goes to `output_path`, or is printed."""
        text = Path(input_path).read_text(encoding="utf-8")
        module = parse_module(text, filename=str(input_path))
        count = self.annotate_module(module)
        if output_path is None:
            print(print_module(module))
        else:
            Path(output_path).write_text(print_module(module), encoding="utf-8")
        return count


def parse_address_arg(addr_str: str) -> int:
    """An address of the command line, `0x1D204` or `119300`."""
    try:
        return int(addr_str, 0)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{addr_str!r} is no address, such as 0x1D204") from None


def main() -> None:
    """The command line: addresses to decode, or a module to comment."""
    parser = argparse.ArgumentParser(description="register names of npu1 by address")
    parser.add_argument("addresses", nargs="*", type=parse_address_arg, metavar="ADDRESS")
    parser.add_argument("--annotate", metavar="MLIR", help="comment the writes of a module")
    parser.add_argument("--output", metavar="MLIR", help="where it goes; else it is printed")
    options = parser.parse_args()
    if options.annotate is not None:
        MLIRModuleAnnotator().annotate_file(options.annotate, options.output)
    decoder = AIEAddressDecoder()
    for address in options.addresses:
        found = decoder.parse_address(address)
        if found is None:
            print(f"0x{address:08X}: nothing that is known of npu1")
        else:
            print(decoder.format_result(found, show_bit_fields=True))


def _number(value: SSAValue) -> int | None:
    """What a constant holds, as a register does; None for a value that is computed."""
    made = value.owner
    if isinstance(made, arith.ConstantOp) and isinstance(made.value, IntegerAttr):
        return made.value.value.data & 0xFFFFFFFF
    return None
