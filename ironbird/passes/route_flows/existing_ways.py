"""Circuits that the switchboxes of a module make already.

mlir-aie leaves the `aie.flow` of a broadcast's other destinations beside the switchboxes that lead
it, so a flow next to switchboxes may say nothing new.
"""

from dataclasses import dataclass, field

from ironbird.base.device import Bundle, DeviceModel, TileKind
from ironbird.ir.aie import ConnectOp, DeviceOp, ShimMuxOp, SwitchboxOp, tile_of
from ironbird.passes.route_flows.switch_fabric import SwitchFabric, SwitchPort


@dataclass(frozen=True)
class ExistingWays:
    """From each input of a switch, the outputs that a circuit connects it to.

    into_switch: the switch input that a port of a shim's DMA comes in by.
    out_of_mux:  the port of a shim's DMA that an output of its switch leads to.
    """

    fabric: SwitchFabric
    circuits: dict[SwitchPort, list[SwitchPort]] = field(default_factory=dict)
    into_switch: dict[SwitchPort, SwitchPort] = field(default_factory=dict)
    out_of_mux: dict[SwitchPort, SwitchPort] = field(default_factory=dict)

    @classmethod
    def of(cls, device: DeviceOp, model: DeviceModel) -> "ExistingWays":
        """The circuits of `device`."""
        ways = cls(SwitchFabric(model))
        for op in device.body.block.ops:
            if not isinstance(op, SwitchboxOp | ShimMuxOp):
                continue
            tile = tile_of(op.tile)
            assert tile is not None
            for connect in op.connections.block.ops:
                if not isinstance(connect, ConnectOp):
                    continue
                source = SwitchPort(tile, *connect.source_port)
                dest = SwitchPort(tile, *connect.dest_port)
                if isinstance(op, SwitchboxOp):
                    ways.circuits.setdefault(source, []).append(dest)
                elif source.bundle is Bundle.NORTH:
                    ways.out_of_mux[SwitchPort(tile, Bundle.SOUTH, source.channel)] = dest
                else:
                    ways.into_switch[source] = SwitchPort(tile, Bundle.SOUTH, dest.channel)
        return ways

    def lead(self, source: SwitchPort, destination: SwitchPort) -> bool:
        """Whether words from `source` come out at `destination`."""
        reached: set[SwitchPort] = set()
        slaves = [self.into_switch.get(source, source)]
        while slaves:
            slave = slaves.pop()
            for master in self.circuits.get(slave, []):
                if master in reached:
                    continue
                reached.add(master)
                across = self.fabric.across(master) if self.fabric.is_wire(master) else None
                if across is not None:
                    slaves.append(across)
        is_shim = self.fabric.model.kind(destination.tile) is TileKind.SHIM
        if is_shim and destination.bundle is Bundle.DMA:
            return any(self.out_of_mux.get(master) == destination for master in reached)
        return destination in reached
