"""Rules of the stream switches: ports, circuits, arbiters and packet rules."""

from collections.abc import Iterator

from xdsl.ir import Operation, OpResult

from ironbird.base.device import Bundle, DeviceModel, Tile
from ironbird.base.errors import DesignError
from ironbird.ir.aie import (
    AmselOp,
    ConnectOp,
    DeviceOp,
    MastersetOp,
    PacketRulesOp,
    RuleOp,
    SwitchboxOp,
)
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.passes.route_flows.packet_switching import ARBITERS, MSELS, RULES_PER_INPUT
from ironbird.passes.route_flows.switch_fabric import SwitchFabric, SwitchPort
from ironbird.passes.verify_physical.subjects import place


def connections_exist(device: DeviceOp, model: DeviceModel) -> None:
    """A circuit leads from an input that the switch has to an output that the input may feed."""
    fabric = SwitchFabric(model)
    for tile, op in _configured(device):
        if not isinstance(op, ConnectOp):
            continue
        slave, master = SwitchPort(tile, *op.source_port), SwitchPort(tile, *op.dest_port)
        for port, exists in ((slave, fabric.has_input(slave)), (master, fabric.has_output(master))):
            if not exists:
                raise DesignError(
                    f"a circuit in the switch of tile {tile} uses {port.bundle} {port.channel}",
                    at=source_line_of(op),
                    because="the switch has no such port",
                )
        if master not in set(fabric.fed_by(slave)):
            raise DesignError(
                f"a circuit in the switch of tile {tile} leads from {slave.bundle} "
                f"{slave.channel} to {master.bundle} {master.channel}",
                at=source_line_of(op),
                because="the switch does not connect these two",
            )


def outputs_are_driven_once(device: DeviceOp, model: DeviceModel) -> None:
    """An output of a switch listens to one circuit, or to one arbiter."""
    drivers: dict[tuple[Tile, tuple[Bundle, int]], Operation] = {}
    for tile, op in _configured(device):
        if not isinstance(op, ConnectOp | MastersetOp):
            continue
        other = drivers.setdefault((tile, op.dest_port), op)
        if other is not op:
            bundle, channel = op.dest_port
            raise DesignError(
                f"{bundle} {channel} of the switch of tile {tile} is driven twice",
                at=source_line_of(op),
                because="an output listens to one circuit, or to one arbiter",
            )
        if isinstance(op, MastersetOp):
            arbiters = {_amsel(select)[0] for select in op.amsels}
            if len(arbiters) > 1:
                raise DesignError(
                    f"{op.dest_port[0]} {op.dest_port[1]} of the switch of tile {tile} listens to "
                    f"arbiters {', '.join(map(str, sorted(arbiters)))}",
                    at=source_line_of(op),
                    because="an output listens to one arbiter",
                )


def arbiters_and_rules_exist(device: DeviceOp, model: DeviceModel) -> None:
    """A switch has 6 arbiters of 4 selects, and 4 rules at an input, over 5 bits of id."""
    for tile, op in _configured(device):
        at = source_line_of(op)
        if isinstance(op, AmselOp):
            arbiter, msel = number_of(op.arbiter_id), number_of(op.msel)
            if not (0 <= arbiter < ARBITERS and 0 <= msel < MSELS):
                raise DesignError(
                    f"the switch of tile {tile} has no select {msel} of arbiter {arbiter}",
                    at=at,
                    because=f"arbiters are 0..{ARBITERS - 1}, selects 0..{MSELS - 1}",
                )
        if isinstance(op, PacketRulesOp):
            rules = [rule for rule in op.rules.block.ops if isinstance(rule, RuleOp)]
            bundle, channel = op.source_port
            if len(rules) > RULES_PER_INPUT:
                raise DesignError(
                    f"{bundle} {channel} of the switch of tile {tile} has "
                    f"{len(rules)} packet rules",
                    at=at,
                    because=f"an input has {RULES_PER_INPUT}",
                )
            for rule in rules:
                for what, number in (("mask", rule.mask), ("id", rule.value)):
                    if not 0 <= number_of(number) <= 31:
                        raise DesignError(
                            f"a packet rule of tile {tile} has {what} {number_of(number)}",
                            at=source_line_of(rule),
                            because="an id has 5 bits: 0..31",
                        )


def _configured(device: DeviceOp) -> Iterator[tuple[Tile, Operation]]:
    for box in device.body.block.ops:
        if isinstance(box, SwitchboxOp):
            tile = place(box.tile, box)
            for op in box.connections.block.ops:
                yield tile, op


def _amsel(value: object) -> tuple[int, int]:
    assert isinstance(value, OpResult)
    assert isinstance(value.op, AmselOp)
    return number_of(value.op.arbiter_id), number_of(value.op.msel)
