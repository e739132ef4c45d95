"""Ways between tiles: circuits, packet flows, cascades."""

from typing import ClassVar

from xdsl.dialects.builtin import IntegerAttr
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.irdl import irdl_op_definition, operand_def, opt_prop_def, prop_def, region_def

from ironbird.base.device import Bundle
from ironbird.ir.aie.device import EndOp
from ironbird.ir.assembly import INDEX, Format, FormattedOperation
from ironbird.ir.codes import BUNDLES, CASCADE_SIDES, Coded
from ironbird.ir.integers import Integer, as_bool, as_i32, i8, i32, number_of
from ironbird.ir.pieces import Attributes, Body, Number, Operand, Word

Port = tuple[Bundle, int]
"""A stream port: its bundle and its number there."""


def port_pieces(bundle: str = "bundle", channel: str = "channel") -> Format:
    """The pieces of `DMA : 0`."""
    return (Word(bundle, BUNDLES), " : ", Number(channel, i32))


@irdl_op_definition
class FlowOp(FormattedOperation):
    """A circuit from a port of one tile to a port of another."""

    name = "aie.flow"
    source = operand_def(INDEX)
    dest = operand_def(INDEX)
    source_bundle = prop_def(Coded(BUNDLES))
    source_channel = prop_def(Integer)
    dest_bundle = prop_def(Coded(BUNDLES))
    dest_channel = prop_def(Integer)
    FORMAT: ClassVar[Format] = (
        "(",
        Operand("source"),
        ", ",
        *port_pieces("source_bundle", "source_channel"),
        ", ",
        Operand("dest"),
        ", ",
        *port_pieces("dest_bundle", "dest_channel"),
        ")",
        Attributes(),
    )

    def __init__(
        self,
        source: SSAValue | Operation,
        source_port: Port,
        dest: SSAValue | Operation,
        dest_port: Port,
    ) -> None:
        super().__init__(
            operands=[source, dest],
            properties={
                "source_bundle": BUNDLES.attr(source_port[0]),
                "source_channel": as_i32(source_port[1]),
                "dest_bundle": BUNDLES.attr(dest_port[0]),
                "dest_channel": as_i32(dest_port[1]),
            },
        )

    @property
    def source_port(self) -> Port:
        """The port it starts from."""
        return BUNDLES.word(self.source_bundle), number_of(self.source_channel)

    @property
    def dest_port(self) -> Port:
        """The port it ends in."""
        return BUNDLES.word(self.dest_bundle), number_of(self.dest_channel)


class PacketEnd(FormattedOperation):
    """One end of a packet flow: a tile and one of its ports."""

    tile = operand_def(INDEX)
    bundle = prop_def(Coded(BUNDLES))
    channel = prop_def(Integer)
    FORMAT: ClassVar[Format] = (
        "<",
        Operand("tile"),
        ", ",
        *port_pieces(),
        ">",
        Attributes(),
    )

    def __init__(self, tile: SSAValue | Operation, port: Port) -> None:
        super().__init__(
            operands=[tile],
            properties={"bundle": BUNDLES.attr(port[0]), "channel": as_i32(port[1])},
        )

    @property
    def port(self) -> Port:
        """The port of the tile."""
        return BUNDLES.word(self.bundle), number_of(self.channel)


@irdl_op_definition
class PacketSourceOp(PacketEnd):
    """Where a packet flow starts."""

    name = "aie.packet_source"


@irdl_op_definition
class PacketDestOp(PacketEnd):
    """Where a packet flow ends; there may be several."""

    name = "aie.packet_dest"


@irdl_op_definition
class PacketFlowOp(FormattedOperation):
    """A way that packets with one id share with others."""

    name = "aie.packet_flow"
    id = prop_def(Integer, prop_name="ID")
    keep_pkt_header = opt_prop_def(Integer)
    priority_route = opt_prop_def(Integer)
    ports = region_def("single_block")
    FORMAT: ClassVar[Format] = (
        "(",
        Number("ID", i8),
        ") ",
        Body(EndOp),
        Attributes(),
    )

    def __init__(
        self,
        packet_id: int,
        source: PacketSourceOp,
        dests: list[PacketDestOp],
        *,
        keep_pkt_header: bool | None = None,
        priority_route: bool | None = None,
    ) -> None:
        super().__init__(
            properties={
                "ID": IntegerAttr(packet_id, i8),
                "keep_pkt_header": as_bool(keep_pkt_header),
                "priority_route": as_bool(priority_route),
            },
            regions=[Region(Block([source, *dests, EndOp()]))],
        )

    @property
    def packet_id(self) -> int:
        """The id of the packets."""
        return number_of(self.id)

    @property
    def source(self) -> PacketSourceOp:
        """Where the packets come from."""
        return next(op for op in self.ports.block.ops if isinstance(op, PacketSourceOp))

    @property
    def dests(self) -> list[PacketDestOp]:
        """Where they go."""
        return [op for op in self.ports.block.ops if isinstance(op, PacketDestOp)]


@irdl_op_definition
class CascadeFlowOp(FormattedOperation):
    """The cascade from a core to its neighbour."""

    name = "aie.cascade_flow"
    source_tile = operand_def(INDEX)
    dest_tile = operand_def(INDEX)
    FORMAT: ClassVar[Format] = (
        "(",
        Operand("source_tile"),
        ", ",
        Operand("dest_tile"),
        ")",
        Attributes(),
    )

    def __init__(self, source_tile: SSAValue | Operation, dest_tile: SSAValue | Operation) -> None:
        super().__init__(operands=[source_tile, dest_tile])


@irdl_op_definition
class ConfigureCascadeOp(FormattedOperation):
    """The sides that a core's cascade comes from and goes to."""

    name = "aie.configure_cascade"
    tile = operand_def(INDEX)
    input_dir = prop_def(Coded(CASCADE_SIDES), prop_name="inputDir")
    output_dir = prop_def(Coded(CASCADE_SIDES), prop_name="outputDir")
    FORMAT: ClassVar[Format] = (
        "(",
        Operand("tile"),
        ", ",
        Word("inputDir", CASCADE_SIDES),
        ", ",
        Word("outputDir", CASCADE_SIDES),
        ")",
        Attributes(),
    )

    def __init__(self, tile: SSAValue | Operation, input_dir: Bundle, output_dir: Bundle) -> None:
        super().__init__(
            operands=[tile],
            properties={
                "inputDir": CASCADE_SIDES.attr(input_dir),
                "outputDir": CASCADE_SIDES.attr(output_dir),
            },
        )
