"""Flows become ways through the real stream switches."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from xdsl.ir import SSAValue
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

    Before:  `aie.flow` and `aie.packet_flow` between placed tiles; or switchboxes, and
             no flow that they do not lead already.
    After:   `aie.switchbox` and `aie.shim_mux` for every tile on a way; no `aie.flow`. Packet flows
             stay, to say which ids are meant.
    Refuses: ports that do not exist; two circuits to one port; more streams between two switches
             than there are wires; more packet flows than a switch has arbiters, selects or rules.
    """

    name: ClassVar[str] = "route-flows"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        flows = [op for op in device.body.block.ops if isinstance(op, FlowOp)]
        if any(isinstance(op, SwitchboxOp) for op in device.body.block.ops):
            _drop_routed(device, flows, model)
            return
        fabric = SwitchFabric(model)
        nets = nets_of(device, model)
        try:
            trees = find_trees(nets, fabric)
        except Unroutable as failure:
            raise _no_way(failure, fabric, nets) from None
        emit_switches(device, trees, fabric)
        for flow in flows:
            Rewriter.erase_op(flow)


def _drop_routed(device: DeviceOp, flows: list[FlowOp], model: DeviceModel) -> None:
    """Drop the flows that the switchboxes lead already."""
    ways = ExistingWays.of(device, model)
    unrouted = []
    for flow in flows:
        source = _port_of(flow.source, flow.source_port)
        dest = _port_of(flow.dest, flow.dest_port)
        if ways.lead(source, dest):
            Rewriter.erase_op(flow)
        else:
            unrouted.append((flow, source, dest))
    if unrouted:
        flow, source, dest = unrouted[0]
        raise DesignError(
            "the device has switchboxes and flows that are not routed yet",
            at=source_line_of(flow),
            because=f"{len(unrouted)} flows, the first from {source} to {dest}; "
            "only a device without switchboxes is routed",
            fix="the flows alone, or switchboxes for all of them",
        )


def _port_of(tile: SSAValue, port: tuple[Bundle, int]) -> SwitchPort:
    place = tile_of(tile)
    if place is None:
        raise DesignError("a flow ends on a tile without a place", fix="the pass place-tiles first")
    return SwitchPort(place, *port)


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
