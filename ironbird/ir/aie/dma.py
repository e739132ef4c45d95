"""DMA programs: the channels of a tile, their chains of descriptors."""

from collections.abc import Sequence
from typing import ClassVar, Self

from xdsl.dialects.builtin import StringAttr
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.irdl import (
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    region_def,
    result_def,
    successor_def,
    traits_def,
    var_region_def,
)
from xdsl.parser import Parser
from xdsl.printer import Printer
from xdsl.traits import IsTerminator, NoTerminator, SymbolOpInterface

from ironbird.base.device import Direction
from ironbird.ir.aie.attributes import PacketInfoAttr
from ironbird.ir.assembly import INDEX, Format, FormattedOperation, Parts, Types, print_remaining
from ironbird.ir.codes import DIRECTIONS, Coded
from ironbird.ir.integers import (
    TRUE,
    Integer,
    as_bool,
    as_i32,
    as_i64,
    as_text,
    i1,
    i32,
    i64,
    number_of,
)
from ironbird.ir.pieces import Attributes, Body, Number, Operand, Successors, SymbolName, Word

ZERO_I32 = as_i32(0)


class DmaProgram(FormattedOperation):
    """The DMA program of one tile: blocks of `aie.dma_start` and of descriptors."""

    tile = operand_def(INDEX)
    body = region_def()
    result = result_def(INDEX)
    RESULT_TYPES: ClassVar[Types] = (INDEX,)
    FORMAT: ClassVar[Format] = (
        "(",
        Operand("tile"),
        ") ",
        Body(),
        Attributes(),
    )

    def __init__(self, tile: SSAValue | Operation, body: Region | None = None) -> None:
        super().__init__(
            operands=[tile],
            result_types=[INDEX],
            regions=[Region(Block()) if body is None else body],
        )


@irdl_op_definition
class MemOp(DmaProgram):
    """The DMA program of a core tile."""

    name = "aie.mem"


@irdl_op_definition
class MemtileDmaOp(DmaProgram):
    """The DMA program of a memory tile."""

    name = "aie.memtile_dma"


@irdl_op_definition
class ShimDmaOp(DmaProgram):
    """The DMA program of a shim tile."""

    name = "aie.shim_dma"


@irdl_op_definition
class DmaStartOp(FormattedOperation):
    """Start a channel with the chain at `dest`; go on at `chain`.

    repeat_count: runs of the chain beyond the first.
    """

    name = "aie.dma_start"
    channel_dir = prop_def(Coded(DIRECTIONS))
    channel_index = prop_def(Integer)
    repeat_count = prop_def(Integer, default_value=ZERO_I32)
    pad_value = opt_prop_def(Integer)
    dest = successor_def()
    chain = successor_def()
    valid = result_def(i1)
    traits = traits_def(IsTerminator())
    RESULT_TYPES: ClassVar[Types] = (i1,)

    def __init__(
        self,
        channel_dir: Direction | str,
        channel_index: int,
        dest: Block,
        chain: Block,
        repeat_count: int = 0,
    ) -> None:
        super().__init__(
            properties={
                "channel_dir": DIRECTIONS.attr(channel_dir),
                "channel_index": as_i32(channel_index),
                "repeat_count": as_i32(repeat_count),
            },
            successors=[dest, chain],
            result_types=[i1],
        )

    @property
    def direction(self) -> Direction:
        """Which way the channel moves."""
        return DIRECTIONS.word(self.channel_dir)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        with parser.in_parens():
            Word("channel_dir", DIRECTIONS).parse(parser, parts)
            parser.parse_characters(",")
            Number("channel_index", i32).parse(parser, parts)
            parser.parse_characters(",")
            Successors(2).parse(parser, parts)
            if parser.parse_optional_characters(",") is not None:
                parser.parse_characters("repeat_count")
                parser.parse_characters("=")
                Number("repeat_count", i32).parse(parser, parts)
        Attributes().parse(parser, parts)
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        with printer.in_parens():
            printer.print_string(f"{self.direction}, {number_of(self.channel_index)}, ")
            printer.print_list(self.successors, printer.print_block_name)
            if self.repeat_count != ZERO_I32:
                printer.print_string(f", repeat_count = {number_of(self.repeat_count)}")
        print_remaining(printer, self, ("channel_dir", "channel_index", "repeat_count"))


@irdl_op_definition
class NextBdOp(FormattedOperation):
    """Go on with the descriptor at `dest`; a block without one before ends the chain."""

    name = "aie.next_bd"
    dest = successor_def()
    traits = traits_def(IsTerminator())
    FORMAT: ClassVar[Format] = (" ", Successors(1), Attributes())

    def __init__(self, dest: Block) -> None:
        super().__init__(successors=[dest])


@irdl_op_definition
class DmaBdPacketOp(FormattedOperation):
    """Give the descriptor of the block a packet header."""

    name = "aie.dma_bd_packet"
    packet_type = prop_def(Integer)
    packet_id = prop_def(Integer)
    FORMAT: ClassVar[Format] = (
        "(",
        Number("packet_type", i32),
        ", ",
        Number("packet_id", i32),
        ")",
        Attributes(),
    )

    def __init__(self, packet_type: int, packet_id: int) -> None:
        super().__init__(
            properties={"packet_type": as_i32(packet_type), "packet_id": as_i32(packet_id)}
        )


@irdl_op_definition
class DmaOp(FormattedOperation):
    """A channel with one region for each descriptor of its chain."""

    name = "aie.dma"
    channel_dir = prop_def(Coded(DIRECTIONS))
    channel_index = prop_def(Integer)
    loop = prop_def(Integer, default_value=TRUE)
    repeat_count = prop_def(Integer, default_value=ZERO_I32)
    pad_value = opt_prop_def(Integer)
    sym_name = opt_prop_def(StringAttr)
    bds = var_region_def()
    valid = result_def(i1)
    traits = traits_def(NoTerminator())
    RESULT_TYPES: ClassVar[Types] = (i1,)

    def __init__(
        self,
        channel_dir: Direction | str,
        channel_index: int,
        bds: Sequence[Region],
        *,
        loop: bool = True,
        repeat_count: int = 0,
        sym_name: str | None = None,
    ) -> None:
        super().__init__(
            properties={
                "channel_dir": DIRECTIONS.attr(channel_dir),
                "channel_index": as_i32(channel_index),
                "loop": as_bool(loop),
                "repeat_count": as_i32(repeat_count),
                "sym_name": as_text(sym_name),
            },
            regions=[list(bds)],
            result_types=[i1],
        )

    @property
    def direction(self) -> Direction:
        """Which way the channel moves."""
        return DIRECTIONS.word(self.channel_dir)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        with parser.in_parens():
            Word("channel_dir", DIRECTIONS).parse(parser, parts)
            parser.parse_characters(",")
            Number("channel_index", i32).parse(parser, parts)
        Attributes().parse(parser, parts)
        parts.regions.extend(
            parser.parse_comma_separated_list(parser.Delimiter.SQUARE, parser.parse_region)
        )
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        printer.print_string(f"({self.direction}, {number_of(self.channel_index)})")
        print_remaining(printer, self, ("channel_dir", "channel_index"))
        printer.print_string(" [")
        printer.print_list(self.bds, printer.print_region)
        printer.print_string("]")


@irdl_op_definition
class BdChainOp(FormattedOperation):
    """A chain of descriptors with buffers as parameters, for the sequence to start."""

    name = "aie.bd_chain"
    sym_name = prop_def(StringAttr)
    body = region_def()
    traits = traits_def(SymbolOpInterface())

    def __init__(self, sym_name: str, body: Region) -> None:
        super().__init__(properties={"sym_name": StringAttr(sym_name)}, regions=[body])

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        SymbolName().parse(parser, parts)
        arguments = parser.parse_comma_separated_list(parser.Delimiter.PAREN, parser.parse_argument)
        parts.regions.append(parser.parse_region(arguments))
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_symbol_name(self.sym_name.data)
        block = self.body.first_block
        assert block is not None
        with printer.in_parens():
            printer.print_list(block.args, printer.print_block_argument)
        printer.print_string(" ")
        printer.print_region(self.body, print_entry_block_args=False)


@irdl_op_definition
class ShimDmaAllocationOp(FormattedOperation):
    """A name for a channel of a shim tile, for the sequence to use."""

    name = "aie.shim_dma_allocation"
    tile = operand_def(INDEX)
    sym_name = prop_def(StringAttr)
    channel_dir = prop_def(Coded(DIRECTIONS))
    channel_index = prop_def(Integer)
    plio = prop_def(Integer, default_value=as_bool(False))
    packet = opt_prop_def(PacketInfoAttr)
    traits = traits_def(SymbolOpInterface())

    def __init__(
        self,
        sym_name: str,
        tile: SSAValue | Operation,
        channel_dir: Direction | str,
        channel_index: int,
        *,
        plio: bool = False,
        packet: PacketInfoAttr | None = None,
    ) -> None:
        super().__init__(
            operands=[tile],
            properties={
                "sym_name": StringAttr(sym_name),
                "channel_dir": DIRECTIONS.attr(channel_dir),
                "channel_index": as_i64(channel_index),
                "plio": as_bool(plio),
                "packet": packet,
            },
        )

    @property
    def direction(self) -> Direction:
        """Which way the channel moves."""
        return DIRECTIONS.word(self.channel_dir)

    @classmethod
    def parse(cls, parser: Parser) -> Self:
        parts = Parts()
        SymbolName().parse(parser, parts)
        with parser.in_parens():
            Operand("tile").parse(parser, parts)
            parser.parse_characters(",")
            Word("channel_dir", DIRECTIONS).parse(parser, parts)
            parser.parse_characters(",")
            Number("channel_index", i64).parse(parser, parts)
            if parser.parse_optional_characters(",") is not None:
                parts.properties["packet"] = parse_packet(parser)
        Attributes().parse(parser, parts)
        return cls.from_parts(parts)

    def print(self, printer: Printer) -> None:
        printer.print_string(" ")
        printer.print_symbol_name(self.sym_name.data)
        with printer.in_parens():
            printer.print_ssa_value(self.tile)
            printer.print_string(f", {self.direction}, {number_of(self.channel_index)}")
            if self.packet is not None:
                printer.print_string(", ")
                self.packet.print_parameters(printer)
        print_remaining(printer, self, ("sym_name", "channel_dir", "channel_index", "packet"))


def parse_packet(parser: Parser) -> PacketInfoAttr:
    """Read `<pkt_type = 0, pkt_id = 3>`."""
    return PacketInfoAttr.new(PacketInfoAttr.parse_parameters(parser))
