"""`aiex.npu.dma_memcpy_nd`: a whole transfer between a host buffer and a fifo, in one operation."""

from collections.abc import Sequence
from typing import Self

from xdsl.dialects.builtin import MemRefType, SymbolRefAttr
from xdsl.ir import Operation, SSAValue
from xdsl.irdl import (
    AttrSizedOperandSegments,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    var_operand_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer

from ironbird.ir.aie.attributes import PacketInfoAttr
from ironbird.ir.aie.dma import parse_packet
from ironbird.ir.aie.dma_bd import (
    parse_numbers_or_values,
    print_numbers_or_values,
    static_numbers,
)
from ironbird.ir.assembly import FormattedOperation, Parts, print_remaining
from ironbird.ir.integers import FALSE, Integer, Integers, as_bool, as_i64, as_symbol
from ironbird.ir.pieces import Attributes

ZERO_I64 = as_i64(0)


@irdl_op_definition
class NpuDmaMemcpyNdOp(FormattedOperation):
    """Move the elements at `offsets` + a four-dimensional layout between `memref` and `metadata`.

    Offsets, sizes and strides are in elements, outermost first; `id` is the descriptor.
    """

    name = "aiex.npu.dma_memcpy_nd"
    memref = operand_def(MemRefType)
    offsets = var_operand_def()
    sizes = var_operand_def()
    strides = var_operand_def()
    static_offsets = prop_def(Integers)
    static_sizes = prop_def(Integers)
    static_strides = prop_def(Integers)
    metadata = prop_def(SymbolRefAttr)
    id = prop_def(Integer)
    packet = opt_prop_def(PacketInfoAttr)
    issue_token = opt_prop_def(Integer)
    burst_length = opt_prop_def(Integer)
    d0_zero_before = opt_prop_def(Integer)
    d0_zero_after = opt_prop_def(Integer)
    d1_zero_before = opt_prop_def(Integer)
    d1_zero_after = opt_prop_def(Integer)
    d2_zero_before = opt_prop_def(Integer)
    d2_zero_after = opt_prop_def(Integer)
    offset_parameter = opt_prop_def(SymbolRefAttr)
    offset_state_table_idx = opt_prop_def(Integer)
    irdl_options = (AttrSizedOperandSegments(as_property=True),)

    def __init__(
        self,
        memref: SSAValue | Operation,
        metadata: str,
        bd_id: int,
        offsets: Sequence[int | SSAValue],
        sizes: Sequence[int | SSAValue],
        strides: Sequence[int | SSAValue],
        *,
        issue_token: bool = False,
        burst_length: int = 0,
        packet: PacketInfoAttr | None = None,
    ) -> None:
        lists = (offsets, sizes, strides)
        super().__init__(
            operands=[
                memref,
                *([each for each in one if isinstance(each, SSAValue)] for one in lists),
            ],
            properties={
                "static_offsets": static_numbers(offsets),
                "static_sizes": static_numbers(sizes),
                "static_strides": static_numbers(strides),
                "metadata": as_symbol(metadata),
                "id": as_i64(bd_id),
                "issue_token": as_bool(issue_token or None),
                "burst_length": as_i64(burst_length or None),
                "packet": packet,
            },
        )

    @property
    def metadata_name(self) -> str:
        """The name of the fifo or allocation."""
        name: str = self.metadata.root_reference.data
        return name

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        with parser.in_parens():
            memref = parser.parse_unresolved_operand()
            for name in ("offsets", "sizes", "strides"):
                parse_numbers_or_values(parser, parts, name, f"static_{name}")
            if parser.parse_optional_characters(",") is not None:
                parser.parse_characters("packet")
                parser.parse_characters("=")
                parts.properties["packet"] = parse_packet(parser)
        Attributes().parse(parser, parts)
        for name, default in _DEFAULTS.items():
            if parts.attributes.get(name) == default:
                del parts.attributes[name]
        parser.parse_characters(":")
        parts.operands["memref"] = [parser.resolve_operand(memref, parser.parse_type())]
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        printer.print_string("(")
        printer.print_ssa_value(self.memref)
        print_numbers_or_values(printer, self.static_offsets, self.offsets)
        print_numbers_or_values(printer, self.static_sizes, self.sizes)
        print_numbers_or_values(printer, self.static_strides, self.strides)
        if self.packet is not None:
            printer.print_string(", packet = ")
            self.packet.print_parameters(printer)
        printer.print_string(")")
        print_remaining(
            printer, self, ("static_offsets", "static_sizes", "static_strides", "packet")
        )
        printer.print_string(" : ")
        printer.print_attribute(self.memref.type)


_DEFAULTS = {
    "issue_token": FALSE,
    "burst_length": ZERO_I64,
    **{f"d{d}_zero_{side}": ZERO_I64 for d in range(3) for side in ("before", "after")},
}
