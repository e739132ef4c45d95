"""Routes of the plan, read off the configured stream switches.

The switches say where words really go: a route is followed from each local source port through
circuits and packet rules to its destinations. Control packets of the tile controllers are left out:
they carry the task-complete tokens that `AwaitToken` stands for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from xdsl.ir import SSAValue

from ironbird.base.device import Bundle, Tile
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir.aie import (
    ConnectOp,
    DeviceOp,
    FlowOp,
    MastersetOp,
    PacketFlowOp,
    PacketRulesOp,
    RuleOp,
    ShimMuxOp,
    SwitchboxOp,
    tile_of,
)
from ironbird.ir.integers import number_of
from ironbird.ir.locations import source_line_of
from ironbird.plan.plan import Port, Route

_ACROSS = {
    Bundle.NORTH: (0, 1, Bundle.SOUTH),
    Bundle.SOUTH: (0, -1, Bundle.NORTH),
    Bundle.EAST: (1, 0, Bundle.WEST),
    Bundle.WEST: (-1, 0, Bundle.EAST),
}
_PACKET_IDS = range(32)


def build_routes(device: DeviceOp) -> tuple[Route, ...]:
    """Every route that the switches of `device` make, in the order of their sources."""
    for op in device.body.block.ops:
        if isinstance(op, FlowOp):
            raise DesignError(
                "this flow has no way through the stream switches yet",
                at=source_line_of(op),
                fix="the pass route-flows before the plan is built",
            )
    return tuple(_Switches.of(device).routes())


@dataclass(frozen=True)
class _Rule:
    """Packets whose id masked by `mask` is `value` go to `select`."""

    mask: int
    value: int
    select: SSAValue


@dataclass(frozen=True)
class _End:
    """Where a stream leaves the switches."""

    port: Port
    way: tuple[Port, ...]
    keeps_header: bool

    @property
    def hops(self) -> int:
        """Switches crossed, each left by one output."""
        return len(self.way)


@dataclass
class _Switches:
    """The configuration of all switches, from each input port to what it feeds."""

    circuits: dict[Port, list[Port]] = field(default_factory=dict)
    rules: dict[Port, list[_Rule]] = field(default_factory=dict)
    selected: dict[SSAValue, list[tuple[Port, bool]]] = field(default_factory=dict)
    into_mux: dict[Port, Port] = field(default_factory=dict)
    out_of_mux: dict[Port, Port] = field(default_factory=dict)
    lines: dict[Port, SourceLine | None] = field(default_factory=dict)
    packet_flows: dict[tuple[Port, int], SourceLine | None] = field(default_factory=dict)

    @classmethod
    def of(cls, device: DeviceOp) -> "_Switches":
        switches = cls()
        for op in device.body.block.ops:
            match op:
                case SwitchboxOp():
                    switches._read_switchbox(op)
                case ShimMuxOp():
                    switches._read_mux(op)
                case PacketFlowOp():
                    source = Port(_placed(op.source.tile), *op.source.port)
                    switches.packet_flows[source, op.packet_id] = source_line_of(op)
        return switches

    def routes(self) -> Iterator[Route]:
        for source, slave in self._local_sources():
            if source.bundle is Bundle.TILE_CONTROL:
                continue
            if slave in self.circuits:
                yield self._route(source, slave, None)
            for packet_id in self._ids_at(source, slave):
                yield self._route(source, slave, packet_id)

    def _route(self, source: Port, slave: Port, packet_id: int | None) -> Route:
        ends = sorted(self._ends(slave, packet_id, ()), key=lambda end: _order(end.port))
        at = self.lines.get(slave)
        if packet_id is not None:
            at = self.packet_flows.get((source, packet_id), at)
        if not ends:
            raise DesignError(f"the stream from {source} ends inside the stream switches", at=at)
        return Route(
            source=source,
            destinations=tuple(end.port for end in ends),
            hops=tuple(end.hops for end in ends),
            ways=tuple(end.way for end in ends),
            packet_id=packet_id,
            keep_header=packet_id is not None and any(end.keeps_header for end in ends),
            at=at,
        )

    def _ends(self, slave: Port, packet_id: int | None, before: tuple[Port, ...]) -> Iterator[_End]:
        """Where words from the input `slave` come out; `before` are the outputs behind them."""
        for master, keeps_header in self._masters(slave, packet_id):
            way = (*before, master)
            if master in self.out_of_mux:
                yield _End(self.out_of_mux[master], way, keeps_header)
            elif master.bundle not in _ACROSS or _leaves_array(master):
                yield _End(master, way, keeps_header)
            else:
                yield from self._ends(_across(master), packet_id, way)

    def _masters(self, slave: Port, packet_id: int | None) -> list[tuple[Port, bool]]:
        if packet_id is None or slave in self.circuits:
            return [(master, True) for master in self.circuits.get(slave, [])]
        for rule in self.rules.get(slave, []):
            if packet_id & rule.mask == rule.value:
                return self.selected.get(rule.select, [])
        return []

    def _ids_at(self, source: Port, slave: Port) -> list[int]:
        """The packet ids with a way from `slave`: the flows' ids where the module names them."""
        rules = self.rules.get(slave, [])
        named = sorted(packet_id for port, packet_id in self.packet_flows if port == source)
        return [
            packet_id
            for packet_id in named or _PACKET_IDS
            if any(packet_id & rule.mask == rule.value for rule in rules)
        ]

    def _local_sources(self) -> list[tuple[Port, Port]]:
        """Ports that words start from, with the switch input they enter by."""
        found = [(port, slave) for slave, port in self.into_mux.items()]
        for slave in {**self.circuits, **self.rules}:
            if slave.bundle not in _ACROSS:
                found.append((slave, slave))
        return sorted(found, key=lambda pair: _order(pair[0]))

    def _read_switchbox(self, box: SwitchboxOp) -> None:
        tile = _placed(box.tile)
        for op in box.connections.block.ops:
            match op:
                case ConnectOp():
                    slave = Port(tile, *op.source_port)
                    self.circuits.setdefault(slave, []).append(Port(tile, *op.dest_port))
                    self.lines[slave] = source_line_of(op)
                case MastersetOp():
                    master = Port(tile, *op.dest_port)
                    keep = _keeps_header(master, op)
                    for select in op.amsels:
                        self.selected.setdefault(select, []).append((master, keep))
                case PacketRulesOp():
                    slave = Port(tile, *op.source_port)
                    self.lines[slave] = source_line_of(op)
                    self.rules[slave] = [
                        _Rule(number_of(rule.mask), number_of(rule.value), rule.amsel)
                        for rule in op.rules.block.ops
                        if isinstance(rule, RuleOp)
                    ]

    def _read_mux(self, mux: ShimMuxOp) -> None:
        """The multiplexer's north side is the south side of the shim's switch."""
        tile = _placed(mux.tile)
        for op in mux.connections.block.ops:
            if not isinstance(op, ConnectOp):
                continue
            source_bundle, source_channel = op.source_port
            if source_bundle is Bundle.NORTH:
                master = Port(tile, Bundle.SOUTH, source_channel)
                self.out_of_mux[master] = Port(tile, *op.dest_port)
            else:
                slave = Port(tile, Bundle.SOUTH, op.dest_port[1])
                self.into_mux[slave] = Port(tile, source_bundle, source_channel)


def _keeps_header(master: Port, op: MastersetOp) -> bool:
    """A DMA gets packets without their header unless the master port is told to keep it.

    A switch passes the header on to the next switch and to a core in any case
    (mlir-aie AIERT.cpp: only ports to a DMA, or south from the shim, drop it).
    """
    if op.keep_pkt_header is not None and number_of(op.keep_pkt_header) != 0:
        return True
    return not (master.bundle is Bundle.DMA or _leaves_array(master))


def _leaves_array(master: Port) -> bool:
    return master.tile.row == 0 and master.bundle is Bundle.SOUTH


def _across(master: Port) -> Port:
    columns, rows, bundle = _ACROSS[master.bundle]
    tile = Tile(master.tile.column + columns, master.tile.row + rows)
    return Port(tile, bundle, master.channel)


def _order(port: Port) -> tuple[Tile, str, int]:
    return port.tile, port.bundle, port.channel


def _placed(value: SSAValue) -> Tile:
    tile = tile_of(value)
    if tile is None:
        raise DesignError("a stream switch stands on a tile without a place")
    return tile
