"""Control packets, and shorthand for ways with several ends."""

from typing import ClassVar

from xdsl.dialects.builtin import DenseArrayBase
from xdsl.irdl import irdl_op_definition, operand_def, opt_prop_def, prop_def, region_def

from ironbird.ir.aie.device import EndOp
from ironbird.ir.aie.flows import PacketEnd, port_pieces
from ironbird.ir.assembly import INDEX, Format, FormattedOperation
from ironbird.ir.codes import BUNDLES, Coded
from ironbird.ir.integers import Integer, i8
from ironbird.ir.pieces import Attributes, Body, Number, Operand

_FROM_PORT: Format = (
    "(",
    Operand("tile"),
    ", ",
    *port_pieces(),
    ") ",
    Body(EndOp),
    Attributes(),
)


@irdl_op_definition
class ControlPacketOp(FormattedOperation):
    """A register access that travels as a packet: opcode 0 writes, 1 reads, 2 writes a block."""

    name = "aiex.control_packet"
    address = prop_def(Integer)
    opcode = prop_def(Integer)
    stream_id = prop_def(Integer)
    length = opt_prop_def(Integer)
    data = opt_prop_def(DenseArrayBase)
    FORMAT: ClassVar[Format] = (Attributes(),)


@irdl_op_definition
class MulticastOp(FormattedOperation):
    """Circuits from one port to several."""

    name = "aiex.multicast"
    tile = operand_def(INDEX)
    bundle = prop_def(Coded(BUNDLES))
    channel = prop_def(Integer)
    ports = region_def("single_block")
    FORMAT: ClassVar[Format] = _FROM_PORT


@irdl_op_definition
class MultiDestOp(PacketEnd):
    """One end of a multicast."""

    name = "aiex.multi_dest"


@irdl_op_definition
class BroadcastPacketOp(FormattedOperation):
    """Packet flows from one port, each id to its own ends."""

    name = "aiex.broadcast_packet"
    tile = operand_def(INDEX)
    bundle = prop_def(Coded(BUNDLES))
    channel = prop_def(Integer)
    ports = region_def("single_block")
    FORMAT: ClassVar[Format] = _FROM_PORT


@irdl_op_definition
class BpIdOp(FormattedOperation):
    """The ends of one packet id of a broadcast."""

    name = "aiex.bp_id"
    id = prop_def(Integer, prop_name="ID")
    ports = region_def("single_block")
    FORMAT: ClassVar[Format] = (
        "(",
        Number("ID", i8),
        ") ",
        Body(EndOp),
        Attributes(),
    )


@irdl_op_definition
class BpDestOp(PacketEnd):
    """One end of one packet id."""

    name = "aiex.bp_dest"
