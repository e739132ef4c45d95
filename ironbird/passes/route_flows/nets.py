"""What has to be connected: one net for each source of a circuit or of packets with one id."""

from dataclasses import dataclass

from xdsl.ir import Operation, SSAValue

from ironbird.base.device import Bundle, DeviceModel, TileKind
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir.aie import DeviceOp, FlowOp, PacketFlowOp, tile_of
from ironbird.ir.integers import Integer, number_of
from ironbird.ir.locations import name_of_location, source_line_of
from ironbird.passes.route_flows.switch_fabric import (
    SwitchFabric,
    SwitchPort,
    shim_input,
    shim_output,
)


@dataclass(frozen=True)
class Net:
    """A stream from one port to one or more.

    source, destinations:    ports of tiles as the design names them.
    slave, masters:          the switch input and the switch outputs they stand for.
    packet_id:               None for a circuit.
    name, at:                the author's fifo and line, for messages.
    """

    source: SwitchPort
    destinations: tuple[SwitchPort, ...]
    slave: SwitchPort
    masters: tuple[SwitchPort, ...]
    packet_id: int | None
    keep_header: bool
    priority: bool
    op: Operation

    @property
    def name(self) -> str:
        """`ObjectFifo 'x'`, or the flow by its ports."""
        fifo = name_of_location(self.op)
        if fifo is not None:
            return f"ObjectFifo {fifo!r}"
        kind = "flow" if self.packet_id is None else f"packet flow {self.packet_id}"
        return f"the {kind} from {self.source}"

    @property
    def at(self) -> SourceLine | None:
        """The author's line."""
        return source_line_of(self.op)


def nets_of(device: DeviceOp, model: DeviceModel) -> list[Net]:
    """The nets of `device`: circuits in the order of their first flow, then packet flows."""
    fabric = SwitchFabric(model)
    circuits: dict[SwitchPort, list[FlowOp]] = {}
    packets: dict[tuple[SwitchPort, int], list[PacketFlowOp]] = {}
    for op in device.body.block.ops:
        if isinstance(op, FlowOp):
            source = _port(op.source, op.source_port, op)
            circuits.setdefault(source, []).append(op)
        elif isinstance(op, PacketFlowOp):
            source = _port(op.source.tile, op.source.port, op)
            packets.setdefault((source, op.packet_id), []).append(op)
    nets = [_circuit(source, flows, fabric) for source, flows in circuits.items()]
    nets += [_packets(source, flows, fabric) for (source, _), flows in packets.items()]
    _check_sources(nets)
    _check_destinations(nets)
    return nets


def _circuit(source: SwitchPort, flows: list[FlowOp], fabric: SwitchFabric) -> Net:
    destinations = tuple(_port(flow.dest, flow.dest_port, flow) for flow in flows)
    return Net(
        source=source,
        destinations=destinations,
        slave=_input_of(source, flows[0], fabric),
        masters=tuple(
            _output_of(port, flow, fabric) for port, flow in zip(destinations, flows, strict=True)
        ),
        packet_id=None,
        keep_header=False,
        priority=False,
        op=flows[0],
    )


def _packets(source: SwitchPort, flows: list[PacketFlowOp], fabric: SwitchFabric) -> Net:
    """The net of all flows with one id from one source."""
    first = flows[0]
    if not 0 <= first.packet_id <= 31:
        raise DesignError(
            f"packet id {first.packet_id} does not fit a packet header",
            at=source_line_of(first),
            because="an id has 5 bits: 0..31",
        )
    ends = [(_port(dest.tile, dest.port, flow), flow) for flow in flows for dest in flow.dests]
    return Net(
        source=source,
        destinations=tuple(port for port, _ in ends),
        slave=_input_of(source, first, fabric),
        masters=tuple(_output_of(port, flow, fabric) for port, flow in ends),
        packet_id=first.packet_id,
        keep_header=any(_is_set(flow.keep_pkt_header) for flow in flows),
        priority=any(_is_set(flow.priority_route) for flow in flows),
        op=first,
    )


def _is_set(flag: Integer | None) -> bool:
    return flag is not None and number_of(flag) != 0


def _port(tile: SSAValue, port: tuple[Bundle, int], op: Operation) -> SwitchPort:
    place = tile_of(tile)
    if place is None:
        raise DesignError(
            "a flow ends on a tile without a place",
            at=source_line_of(op),
            fix="the pass place-tiles before route-flows",
        )
    return SwitchPort(place, *port)


def _is_shim_dma(port: SwitchPort, fabric: SwitchFabric) -> bool:
    return port.bundle is Bundle.DMA and fabric.model.kind(port.tile) is TileKind.SHIM


def _input_of(port: SwitchPort, op: Operation, fabric: SwitchFabric) -> SwitchPort:
    if _is_shim_dma(port, fabric):
        _check_shim_channel(port, op, fabric)
        return shim_input(port)
    if not fabric.has_input(port):
        raise _no_such_port(port, fabric.model.model(port.tile).inputs, "starts from", op)
    return port


def _output_of(port: SwitchPort, op: Operation, fabric: SwitchFabric) -> SwitchPort:
    if _is_shim_dma(port, fabric):
        _check_shim_channel(port, op, fabric)
        return shim_output(port)
    if not fabric.has_output(port):
        raise _no_such_port(port, fabric.model.model(port.tile).outputs, "ends in", op)
    return port


def _check_shim_channel(port: SwitchPort, op: Operation, fabric: SwitchFabric) -> None:
    channels = fabric.model.model(port.tile).channels_each_way
    if port.channel >= channels:
        raise _no_such_port(port, {Bundle.DMA: channels}, "uses", op)


def _no_such_port(
    port: SwitchPort, ports: dict[Bundle, int], verb: str, op: Operation
) -> DesignError:
    there = ", ".join(f"{count} {bundle}" for bundle, count in ports.items())
    return DesignError(
        f"a flow {verb} {port}, which does not exist",
        at=source_line_of(op),
        because=f"for that, tile {port.tile} has {there}",
    )


def _check_sources(nets: list[Net]) -> None:
    """A port sends either a circuit or packets."""
    first: dict[SwitchPort, Net] = {}
    for net in nets:
        other = first.setdefault(net.slave, net)
        if (net.packet_id is None) != (other.packet_id is None):
            raise DesignError(
                f"{net.name} and {other.name} both start from {net.source}",
                at=net.at,
                because="a port sends a circuit or packets, not both",
                fix="another DMA channel for one of them",
            )


def _check_destinations(nets: list[Net]) -> None:
    """A circuit has its destination alone; packets may share one among themselves."""
    users: dict[SwitchPort, Net] = {}
    for net in nets:
        for port, master in zip(net.destinations, net.masters, strict=True):
            other = users.setdefault(master, net)
            if other is net and net.masters.count(master) == 1:
                continue
            if net.packet_id is None or other.packet_id is None or other is net:
                raise DesignError(
                    f"{net.name} and {_other_name(other, net)} both end in {port}",
                    at=net.at,
                    because="a port takes one circuit, or any number of packet flows",
                    fix="another DMA channel for one of them",
                )
            if net.keep_header != other.keep_header:
                raise DesignError(
                    f"{net.name} and {other.name} both end in {port}, "
                    "but only one keeps its packet headers",
                    at=net.at,
                    because="a port keeps the headers of all packets or of none",
                    fix="keep_pkt_header on both or on neither",
                )


def _other_name(other: Net, net: Net) -> str:
    return "another of its destinations" if other is net else other.name
