"""What the switchboxes of a module do already.

mlir-aie leaves the `aie.flow` of a broadcast's other destinations beside the switchboxes that lead
it, so a flow next to switchboxes may say nothing new; or it is still to be routed round them.
"""

from dataclasses import dataclass, field

from ironbird.base.device import Bundle, DeviceModel, TileKind
from ironbird.ir.aie import (
    ConnectOp,
    DeviceOp,
    MastersetOp,
    PacketRulesOp,
    RuleOp,
    ShimMuxOp,
    SwitchboxOp,
    tile_of,
)
from ironbird.ir.integers import number_of
from ironbird.passes.route_flows.switch_fabric import SwitchFabric, SwitchPort


@dataclass(frozen=True)
class ExistingWays:
    """The switches as they are configured.

    circuits:    from each input of a switch, the outputs that a circuit connects it to.
    rules:       for each input, the (mask, value) of the packet ids that it passes on.
    driven:      the outputs that something feeds.
    into_switch: the switch input that a port of a shim's DMA comes in by.
    out_of_mux:  the port of a shim's DMA that an output of its switch leads to.
    """

    fabric: SwitchFabric
    circuits: dict[SwitchPort, list[SwitchPort]] = field(default_factory=dict)
    rules: dict[SwitchPort, list[tuple[int, int]]] = field(default_factory=dict)
    driven: set[SwitchPort] = field(default_factory=set)
    into_switch: dict[SwitchPort, SwitchPort] = field(default_factory=dict)
    out_of_mux: dict[SwitchPort, SwitchPort] = field(default_factory=dict)

    @classmethod
    def of(cls, device: DeviceOp, model: DeviceModel) -> "ExistingWays":
        """The switches of `device`."""
        ways = cls(SwitchFabric(model))
        for op in device.body.block.ops:
            if isinstance(op, SwitchboxOp):
                ways._read_switch(op)
            elif isinstance(op, ShimMuxOp):
                ways._read_mux(op)
        return ways

    def _read_switch(self, box: SwitchboxOp) -> None:
        tile = tile_of(box.tile)
        assert tile is not None
        for op in box.connections.block.ops:
            if isinstance(op, ConnectOp):
                dest = SwitchPort(tile, *op.dest_port)
                self.circuits.setdefault(SwitchPort(tile, *op.source_port), []).append(dest)
                self.driven.add(dest)
            elif isinstance(op, MastersetOp):
                self.driven.add(SwitchPort(tile, *op.dest_port))
            elif isinstance(op, PacketRulesOp):
                self.rules[SwitchPort(tile, *op.source_port)] = [
                    (number_of(rule.mask), number_of(rule.value))
                    for rule in op.rules.block.ops
                    if isinstance(rule, RuleOp)
                ]

    def _read_mux(self, mux: ShimMuxOp) -> None:
        tile = tile_of(mux.tile)
        assert tile is not None
        for op in mux.connections.block.ops:
            if not isinstance(op, ConnectOp):
                continue
            source, dest = SwitchPort(tile, *op.source_port), SwitchPort(tile, *op.dest_port)
            if source.bundle is Bundle.NORTH:
                self.out_of_mux[SwitchPort(tile, Bundle.SOUTH, source.channel)] = dest
            else:
                self.into_switch[source] = SwitchPort(tile, Bundle.SOUTH, dest.channel)

    def take_packets(self, source: SwitchPort, packet_id: int) -> bool:
        """Whether packets with this id get past the first switch."""
        slave = self.into_switch.get(source, source)
        return slave in self.circuits or any(
            packet_id & mask == value for mask, value in self.rules.get(slave, [])
        )

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
