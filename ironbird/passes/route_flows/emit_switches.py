"""Trees of ports as `aie.switchbox` and `aie.shim_mux` operations."""

from collections.abc import Iterator, Sequence

from xdsl.ir import Operation, SSAValue
from xdsl.rewriter import InsertPoint, Rewriter

from ironbird.base.device import Bundle, Tile, TileKind
from ironbird.ir.aie import (
    AmselOp,
    ConnectOp,
    DeviceOp,
    MastersetOp,
    PacketRulesOp,
    RuleOp,
    ShimMuxOp,
    SwitchboxOp,
    TileOp,
    tile_of,
)
from ironbird.passes.route_flows.nets import Net
from ironbird.passes.route_flows.packet_switching import PacketSwitch, switch_packets
from ironbird.passes.route_flows.pathfinder import Tree
from ironbird.passes.route_flows.switch_fabric import SwitchFabric, SwitchPort


def emit_switches(device: DeviceOp, trees: list[Tree], fabric: SwitchFabric) -> None:
    """Put the switches that `trees` cross at the end of `device`, tile by tile.

    A switch that is there already gets the new connections behind its own.
    """
    tiles = {op.tile: op for op in device.body.block.ops if isinstance(op, TileOp)}
    switches = {tile_of(op.tile): op for op in device.body.block.ops if isinstance(op, SwitchboxOp)}
    muxes = {tile_of(op.tile): op for op in device.body.block.ops if isinstance(op, ShimMuxOp)}
    used = sorted({port.tile for tree in trees for port in tree.feeder})
    for tile in used:
        if tile not in tiles:
            tiles[tile] = TileOp(*tile)
            _append(device, tiles[tile])
        place = tiles[tile].result
        if tile in switches:
            _extend(switches[tile], list(_switch(tile, trees)))
        else:
            _append(device, SwitchboxOp(place, list(_switch(tile, trees))))
        mux = list(_mux(tile, trees, fabric))
        if mux and tile in muxes:
            _extend(muxes[tile], mux)
        elif mux:
            _append(device, ShimMuxOp(place, mux))


def _extend(switch: SwitchboxOp | ShimMuxOp, circuits: Sequence[Operation]) -> None:
    """Add connections that `switch` has not yet, before its end."""
    block = switch.connections.block
    there = [(op.source_port, op.dest_port) for op in block.ops if isinstance(op, ConnectOp)]
    end = block.last_op
    assert end is not None
    for op in circuits:
        assert isinstance(op, ConnectOp)
        if (op.source_port, op.dest_port) not in there:
            block.insert_op_before(op, end)


def _switch(tile: Tile, trees: list[Tree]) -> Iterator[Operation]:
    ways: list[tuple[Net, SwitchPort, frozenset[SwitchPort]]] = []
    for tree in trees:
        here = {master: slave for master, slave in tree.feeder.items() if master.tile == tile}
        if tree.net.packet_id is None:
            for master, slave in sorted(here.items(), key=lambda pair: (pair[1], pair[0])):
                yield _connect(slave, master, tree.net)
            continue
        for slave in sorted(set(here.values())):
            outputs = frozenset(master for master, feeder in here.items() if feeder == slave)
            ways.append((tree.net, slave, outputs))
    if ways:
        yield from _packets(switch_packets(tile, ways))


def _connect(slave: SwitchPort, master: SwitchPort, net: Net) -> ConnectOp:
    connect = ConnectOp((slave.bundle, slave.channel), (master.bundle, master.channel))
    connect.location = net.op.location
    return connect


def _packets(switch: PacketSwitch) -> Iterator[Operation]:
    amsels: dict[tuple[int, int], SSAValue] = {}
    for arbiter, msel in sorted(switch.selects):
        amsel = AmselOp(arbiter, msel)
        amsels[arbiter, msel] = amsel.result
        yield amsel
    masters = sorted({port for outputs in switch.selects.values() for port in outputs})
    for master in masters:
        listed = [
            amsels[select] for select in sorted(switch.selects) if master in switch.selects[select]
        ]
        yield MastersetOp(
            (master.bundle, master.channel),
            listed,
            keep_pkt_header=True if master in switch.keeps else None,
            is_ctrl_pkt_overlay=master in switch.overlay,
        )
    for slave, rules in sorted(switch.rules.items()):
        made = [RuleOp(rule.mask, rule.value, amsels[rule.select]) for rule in rules]
        packet_rules = PacketRulesOp(
            (slave.bundle, slave.channel), made, is_ctrl_pkt_overlay=slave in switch.overlay
        )
        packet_rules.location = switch.nets[slave][0].op.location
        yield packet_rules


def _mux(tile: Tile, trees: list[Tree], fabric: SwitchFabric) -> Iterator[ConnectOp]:
    """The multiplexer's connections between the shim's DMA and the south side of its switch."""
    if fabric.model.kind(tile) is not TileKind.SHIM:
        return
    made: set[tuple[SwitchPort, SwitchPort]] = set()
    for tree in trees:
        net = tree.net
        ends = [(net.source, net.slave, True)]
        ends += [
            (port, out, False) for port, out in zip(net.destinations, net.masters, strict=True)
        ]
        for port, switch_port, is_source in ends:
            if port.tile != tile or port.bundle is not Bundle.DMA or (port, switch_port) in made:
                continue
            made.add((port, switch_port))
            dma, north = (Bundle.DMA, port.channel), (Bundle.NORTH, switch_port.channel)
            connect = ConnectOp(dma, north) if is_source else ConnectOp(north, dma)
            connect.location = net.op.location
            yield connect


def _append(device: DeviceOp, op: Operation) -> None:
    Rewriter.insert_op(op, InsertPoint.before(device.end))
