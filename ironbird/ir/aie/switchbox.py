"""Stream switches as configured: connections, packet rules, the shim's multiplexer, wires."""

from collections.abc import Sequence
from typing import ClassVar

from xdsl.dialects.builtin import IntegerAttr, UnitAttr
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.irdl import (
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    region_def,
    result_def,
    var_operand_def,
)

from ironbird.base.device import Bundle
from ironbird.ir.aie.device import EndOp
from ironbird.ir.aie.flows import Port, port_pieces
from ironbird.ir.assembly import INDEX, Format, FormattedOperation, Types
from ironbird.ir.codes import BUNDLES, Coded
from ironbird.ir.integers import Integer, as_bool, as_i32, i8, i32, number_of
from ironbird.ir.pieces import Attributes, Body, Number, Operand, Operands, Word


class Switch(FormattedOperation):
    """A stream switch of a tile with its connections."""

    tile = operand_def(INDEX)
    connections = region_def("single_block")
    result = result_def(INDEX)
    RESULT_TYPES: ClassVar[Types] = (INDEX,)
    FORMAT: ClassVar[Format] = (
        "(",
        Operand("tile"),
        ") ",
        Body(EndOp),
        Attributes(),
    )

    def __init__(self, tile: SSAValue | Operation, connections: Sequence[Operation] = ()) -> None:
        super().__init__(
            operands=[tile],
            result_types=[INDEX],
            regions=[Region(Block([*connections, EndOp()]))],
        )


@irdl_op_definition
class SwitchboxOp(Switch):
    """The stream switch of a tile."""

    name = "aie.switchbox"


@irdl_op_definition
class ShimMuxOp(Switch):
    """The multiplexer between a shim's DMA and its stream switch."""

    name = "aie.shim_mux"


@irdl_op_definition
class ConnectOp(FormattedOperation):
    """A circuit inside a switch: `aie.connect<South : 0, DMA : 0>`."""

    name = "aie.connect"
    source_bundle = prop_def(Coded(BUNDLES))
    source_channel = prop_def(Integer)
    dest_bundle = prop_def(Coded(BUNDLES))
    dest_channel = prop_def(Integer)
    FORMAT: ClassVar[Format] = (
        "<",
        *port_pieces("source_bundle", "source_channel"),
        ", ",
        *port_pieces("dest_bundle", "dest_channel"),
        ">",
        Attributes(),
    )

    def __init__(self, source_port: Port, dest_port: Port) -> None:
        super().__init__(
            properties={
                "source_bundle": BUNDLES.attr(source_port[0]),
                "source_channel": as_i32(source_port[1]),
                "dest_bundle": BUNDLES.attr(dest_port[0]),
                "dest_channel": as_i32(dest_port[1]),
            }
        )

    @property
    def source_port(self) -> Port:
        """The slave port it takes from."""
        return BUNDLES.word(self.source_bundle), number_of(self.source_channel)

    @property
    def dest_port(self) -> Port:
        """The master port it drives."""
        return BUNDLES.word(self.dest_bundle), number_of(self.dest_channel)


@irdl_op_definition
class AmselOp(FormattedOperation):
    """One of the 6 x 4 pairs of arbiter and master select that packets go through."""

    name = "aie.amsel"
    arbiter_id = prop_def(Integer, prop_name="arbiterID")
    msel = prop_def(Integer)
    result = result_def(INDEX)
    RESULT_TYPES: ClassVar[Types] = (INDEX,)
    FORMAT: ClassVar[Format] = (
        "<",
        Number("arbiterID", i8),
        "> (",
        Number("msel", i8),
        ")",
        Attributes(),
    )

    def __init__(self, arbiter_id: int, msel: int) -> None:
        super().__init__(
            properties={"arbiterID": IntegerAttr(arbiter_id, i8), "msel": IntegerAttr(msel, i8)},
            result_types=[INDEX],
        )


@irdl_op_definition
class MastersetOp(FormattedOperation):
    """A master port that sends what its selects choose."""

    name = "aie.masterset"
    amsels = var_operand_def(INDEX)
    dest_bundle = prop_def(Coded(BUNDLES))
    dest_channel = prop_def(Integer)
    keep_pkt_header = opt_prop_def(Integer)
    is_ctrl_pkt_overlay = opt_prop_def(UnitAttr)
    result = result_def(INDEX)
    RESULT_TYPES: ClassVar[Types] = (INDEX,)
    FORMAT: ClassVar[Format] = (
        "(",
        *port_pieces("dest_bundle", "dest_channel"),
        ", ",
        Operands("amsels"),
        ")",
        Attributes(),
    )

    def __init__(
        self,
        dest_port: Port,
        amsels: Sequence[SSAValue | Operation],
        *,
        keep_pkt_header: bool | None = None,
        is_ctrl_pkt_overlay: bool = False,
    ) -> None:
        super().__init__(
            operands=[list(amsels)],
            properties={
                "dest_bundle": BUNDLES.attr(dest_port[0]),
                "dest_channel": as_i32(dest_port[1]),
                "keep_pkt_header": as_bool(keep_pkt_header),
                "is_ctrl_pkt_overlay": UnitAttr() if is_ctrl_pkt_overlay else None,
            },
            result_types=[INDEX],
        )

    @property
    def dest_port(self) -> Port:
        """The master port."""
        return BUNDLES.word(self.dest_bundle), number_of(self.dest_channel)


@irdl_op_definition
class PacketRulesOp(FormattedOperation):
    """What a slave port does with a packet, by the first rule that its id meets."""

    name = "aie.packet_rules"
    source_bundle = prop_def(Coded(BUNDLES))
    source_channel = prop_def(Integer)
    is_ctrl_pkt_overlay = opt_prop_def(UnitAttr)
    rules = region_def("single_block")
    FORMAT: ClassVar[Format] = (
        "(",
        *port_pieces("source_bundle", "source_channel"),
        ") ",
        Body(EndOp),
        Attributes(),
    )

    def __init__(
        self,
        source_port: Port,
        rules: Sequence["RuleOp"] = (),
        *,
        is_ctrl_pkt_overlay: bool = False,
    ) -> None:
        super().__init__(
            properties={
                "source_bundle": BUNDLES.attr(source_port[0]),
                "source_channel": as_i32(source_port[1]),
                "is_ctrl_pkt_overlay": UnitAttr() if is_ctrl_pkt_overlay else None,
            },
            regions=[Region(Block([*rules, EndOp()]))],
        )

    @property
    def source_port(self) -> Port:
        """The slave port."""
        return BUNDLES.word(self.source_bundle), number_of(self.source_channel)


@irdl_op_definition
class RuleOp(FormattedOperation):
    """Packets whose id masked by `mask` is `value` go through `amsel`."""

    name = "aie.rule"
    amsel = operand_def(INDEX)
    mask = prop_def(Integer)
    value = prop_def(Integer)
    FORMAT: ClassVar[Format] = (
        "(",
        Number("mask", i8),
        ", ",
        Number("value", i8),
        ", ",
        Operand("amsel"),
        ")",
        Attributes(),
    )

    def __init__(self, mask: int, value: int, amsel: SSAValue | Operation) -> None:
        super().__init__(
            operands=[amsel],
            properties={"mask": IntegerAttr(mask, i8), "value": IntegerAttr(value, i8)},
        )


@irdl_op_definition
class PlioOp(FormattedOperation):
    """The programmable-logic interface of a column; npu1 has none."""

    name = "aie.plio"
    col = prop_def(Integer)
    result = result_def(INDEX)
    RESULT_TYPES: ClassVar[Types] = (INDEX,)
    FORMAT: ClassVar[Format] = ("(", Number("col", i32), ")", Attributes())


@irdl_op_definition
class WireOp(FormattedOperation):
    """A physical bundle of wires between two switches, or a switch and its tile."""

    name = "aie.wire"
    source = operand_def(INDEX)
    dest = operand_def(INDEX)
    source_bundle = prop_def(Coded(BUNDLES))
    dest_bundle = prop_def(Coded(BUNDLES))
    FORMAT: ClassVar[Format] = (
        "(",
        Operand("source"),
        " : ",
        Word("source_bundle", BUNDLES),
        ", ",
        Operand("dest"),
        " : ",
        Word("dest_bundle", BUNDLES),
        ")",
        Attributes(),
    )

    def __init__(
        self,
        source: SSAValue | Operation,
        source_bundle: Bundle,
        dest: SSAValue | Operation,
        dest_bundle: Bundle,
    ) -> None:
        super().__init__(
            operands=[source, dest],
            properties={
                "source_bundle": BUNDLES.attr(source_bundle),
                "dest_bundle": BUNDLES.attr(dest_bundle),
            },
        )
