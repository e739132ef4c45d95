"""Flows become ways through the real stream switches."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from xdsl.rewriter import Rewriter

from ironbird.base.device import Bundle, DeviceModel, Tile
from ironbird.base.errors import DesignError
from ironbird.ir.aie import DeviceOp, FlowOp, SwitchboxOp, tile_of
from ironbird.ir.locations import source_line_of
from ironbird.passes.module_pass import ModulePass
from ironbird.passes.route_flows.emit_switches import emit_switches
from ironbird.passes.route_flows.existing_ways import ExistingWays
from ironbird.passes.route_flows.nets import Net, nets_of
from ironbird.passes.route_flows.pathfinder import Unroutable, find_trees, is_contested
from ironbird.passes.route_flows.switch_fabric import SwitchFabric, SwitchPort

__all__ = ["RouteFlows"]


@dataclass(frozen=True)
class RouteFlows(ModulePass):
    """Lead every flow through switches whose ports it has to itself, or shares with packets.

    Before:  `aie.flow` and `aie.packet_flow` between placed tiles. Switchboxes that are there
             stay as they are: flows that they lead are done, other circuits go round them.
    After:   `aie.switchbox` and `aie.shim_mux` for every tile on a way; no `aie.flow`. Packet flows
             stay, to say which ids are meant.
    Refuses: ports that do not exist; two circuits to one port; more streams between two switches
             than there are wires; more packet flows than a switch has arbiters, selects or rules;
             packet flows that switchboxes written by hand do not lead.
    """

    name: ClassVar[str] = "route-flows"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        ways = ExistingWays.of(device, model)
        flows = [op for op in device.body.block.ops if isinstance(op, FlowOp)]
        by_hand = any(isinstance(op, SwitchboxOp) for op in device.body.block.ops)
        if by_hand:
            for flow in list(flows):
                if ways.lead(*_ends(flow)):
                    flows.remove(flow)
                    Rewriter.erase_op(flow)
        fabric = SwitchFabric(model)
        nets = nets_of(device, model)
        if by_hand:
            nets = _circuits_beside(nets, ways)
        try:
            trees = find_trees(nets, fabric, frozenset(ways.driven))
        except Unroutable as failure:
            raise _no_way(failure, fabric, nets) from None
        emit_switches(device, trees, fabric)
        for flow in flows:
            Rewriter.erase_op(flow)


def _ends(flow: FlowOp) -> tuple[SwitchPort, SwitchPort]:
    source, dest = tile_of(flow.source), tile_of(flow.dest)
    if source is None or dest is None:
        raise DesignError(
            "a flow ends on a tile without a place",
            at=source_line_of(flow),
            fix="the pass place-tiles before route-flows",
        )
    return SwitchPort(source, *flow.source_port), SwitchPort(dest, *flow.dest_port)


def _circuits_beside(nets: list[Net], ways: ExistingWays) -> list[Net]:
    """The circuits among `nets`, which go round what is there. Packet flows have to be led already.

    Raises DesignError for a net that the switchboxes stand in the way of.
    """
    for net in nets:
        if net.packet_id is not None:
            if not ways.take_packets(net.source, net.packet_id):
                raise DesignError(
                    f"{net.name} is led by no switchbox",
                    at=net.at,
                    because="packets are not routed in a device with switchboxes",
                    fix="packet rules for it, or flows without switchboxes",
                )
            continue
        if net.slave in ways.rules:
            raise DesignError(
                f"{net.name} starts where a switchbox takes packets",
                at=net.at,
                because="a port sends a circuit or packets, not both",
            )
        for port, master in zip(net.destinations, net.masters, strict=True):
            if master in ways.driven:
                raise DesignError(
                    f"{net.name} ends in {port}, which a switchbox feeds already",
                    at=net.at,
                    because="a port takes one circuit, or any number of packet flows",
                    fix="another DMA channel for one of them",
                )
    return [net for net in nets if net.packet_id is None]


def _no_way(failure: Unroutable, fabric: SwitchFabric, all_nets: list[Net]) -> DesignError:
    """Who wants the ports that are too few."""
    if failure.net is not None:
        net = failure.net
        ends = ", ".join(str(port) for port in net.destinations)
        return DesignError(f"{net.name} has no way to {ends}", at=net.at)
    crowded = {
        (port.tile, port.bundle) for port, users in failure.users.items() if is_contested(users)
    }
    users_of = {side: list(_users(failure.users, *side)) for side in crowded}
    tile, bundle = max(crowded, key=lambda side: (len(users_of[side]), side))
    nets = [net for net in all_nets if net in users_of[tile, bundle]]
    wires = sum(port.bundle is bundle for port in fabric.outputs[tile])
    return DesignError(
        f"too many streams leave tile {tile} to the {bundle.lower()}",
        at=nets[0].at,
        because=f"{wires} wires; {len(nets)} streams: {', '.join(net.name for net in nets)}",
        fix="workers or shim tiles in other columns, or fewer fifos across this one",
    )


def _users(users: dict[SwitchPort, list[Net]], tile: Tile, bundle: Bundle) -> Iterator[Net]:
    for port, nets in users.items():
        if (port.tile, port.bundle) == (tile, bundle):
            yield from nets
