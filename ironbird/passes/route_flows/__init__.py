"""Flows become ways through the real stream switches."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from xdsl.rewriter import Rewriter

from ironbird.base.device import Bundle, DeviceModel, Tile
from ironbird.base.errors import DesignError
from ironbird.ir.aie import DeviceOp, FlowOp, SwitchboxOp
from ironbird.passes.module_pass import ModulePass
from ironbird.passes.route_flows.emit_switches import emit_switches
from ironbird.passes.route_flows.nets import Net, nets_of
from ironbird.passes.route_flows.pathfinder import Unroutable, find_trees, is_contested
from ironbird.passes.route_flows.switch_fabric import SwitchFabric, SwitchPort

__all__ = ["RouteFlows"]


@dataclass(frozen=True)
class RouteFlows(ModulePass):
    """Lead every flow through switches whose ports it has to itself, or shares with packets.

    Before:  `aie.flow` and `aie.packet_flow` between placed tiles; or switchboxes and no flow, and
             then nothing changes.
    After:   `aie.switchbox` and `aie.shim_mux` for every tile on a way; no `aie.flow`. Packet flows
             stay, to say which ids are meant.
    Refuses: ports that do not exist; two circuits to one port; more streams between two switches
             than there are wires; more packet flows than a switch has arbiters, selects or rules.
    """

    name: ClassVar[str] = "route-flows"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        flows = [op for op in device.body.block.ops if isinstance(op, FlowOp)]
        if any(isinstance(op, SwitchboxOp) for op in device.body.block.ops):
            _refuse_half_routed(flows)
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


def _refuse_half_routed(flows: list[FlowOp]) -> None:
    if flows:
        raise DesignError(
            "the device has switchboxes and flows that are not routed yet",
            because=f"{len(flows)} flows; only a device without switchboxes is routed",
            fix="the flows alone, or switchboxes for all of them",
        )


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
