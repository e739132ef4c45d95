"""Shorthand for ways with several ends becomes flows."""

from dataclasses import dataclass
from typing import ClassVar

from xdsl.ir import Operation

from ironbird.base.device import DeviceModel
from ironbird.ir.aie import DeviceOp, FlowOp, PacketDestOp, PacketFlowOp, PacketSourceOp
from ironbird.ir.aie.flows import Port
from ironbird.ir.aiex import BpDestOp, BpIdOp, BroadcastPacketOp, MulticastOp, MultiDestOp
from ironbird.ir.codes import BUNDLES
from ironbird.ir.integers import number_of
from ironbird.passes.lower_sequence.sequences import erase, insert_before
from ironbird.passes.module_pass import ModulePass


@dataclass(frozen=True)
class LowerMulticasts(ModulePass):
    """Write out `aiex.multicast` and `aiex.broadcast_packet`.

    Before:  one operation names a port and all the ends of its ways.
    After:   an `aie.flow` for each end of a multicast; for each id of a broadcast an
             `aie.packet_flow` to all its ends.
    """

    name: ClassVar[str] = "lower-multicasts"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        for op in list(device.body.block.ops):
            match op:
                case MulticastOp():
                    made: list[Operation] = [
                        FlowOp(op.tile, _port(op), end.tile, end.port)
                        for end in op.ports.block.ops
                        if isinstance(end, MultiDestOp)
                    ]
                case BroadcastPacketOp():
                    made = [
                        _packet_flow(op, each)
                        for each in op.ports.block.ops
                        if isinstance(each, BpIdOp)
                    ]
                case _:
                    continue
            for each_made in made:
                for inner in each_made.walk():
                    inner.location = op.location
            insert_before(op, *made)
            erase(op)


def _packet_flow(op: BroadcastPacketOp, each: BpIdOp) -> PacketFlowOp:
    ends = [
        PacketDestOp(end.tile, end.port)
        for end in each.ports.block.ops
        if isinstance(end, BpDestOp)
    ]
    return PacketFlowOp(number_of(each.id), PacketSourceOp(op.tile, _port(op)), ends)


def _port(op: MulticastOp | BroadcastPacketOp) -> Port:
    return BUNDLES.word(op.bundle), number_of(op.channel)
