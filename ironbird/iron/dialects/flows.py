"""Ways between tiles placed by hand: circuits, packet flows, cascades, names of shim channels."""

from typing import Any

from xdsl.ir import SSAValue

from ironbird.base.device import Bundle, Direction
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.descriptors import packet_header
from ironbird.iron.dialects.region import (
    Built,
    RegionKind,
    located,
    region_of,
    value_of,
)
from ironbird.iron.dialects.tiles import PlacedTile, annotate, device_block, has_annotation
from ironbird.iron.dialects.words import CascadeDir

MOST_PACKET_ID = 31


class PlacedFlow(Built):
    """A circuit from a port of one tile to a port of another."""

    op: aie.FlowOp

    @property
    def source(self) -> SSAValue:
        """The tile it starts on."""
        return self.op.source

    @property
    def dest(self) -> SSAValue:
        """The tile it ends on."""
        return self.op.dest

    @property
    def source_port(self) -> tuple[Bundle, int]:
        """The port it starts from."""
        return self.op.source_port

    @property
    def dest_port(self) -> tuple[Bundle, int]:
        """The port it ends in."""
        return self.op.dest_port


@builder
def flow(
    source: Any,
    source_bundle: Any = None,
    source_channel: int | None = None,
    dest: Any = None,
    dest_bundle: Any = None,
    dest_channel: int | None = None,
    *,
    source_annot: str | None = None,
    dest_annot: str | None = None,
    loc: Any = None,
    ip: Any = None,
) -> PlacedFlow:
    """A circuit from a port of one tile to a port of another; DMA 0 where none is named."""
    trace = region_of("flow", RegionKind.DEVICE)
    if dest is None:
        raise DesignError("flow without dest", at=author_line(), fix="flow(source, dest=tile)")
    made = aie.FlowOp(
        value_of(source, "the source of flow"),
        port_of(source_bundle, source_channel),
        value_of(dest, "the destination of flow"),
        port_of(dest_bundle, dest_channel),
    )
    annotate(made, source_annot or dest_annot)
    return PlacedFlow(trace.emit(made))


class packetflow(Built):
    """A way for packets with the id `pkt_id`.

    dests: `{"dest": tile, "port": WireBundle.DMA, "channel": 0}`, or a list of such.
    """

    op: aie.PacketFlowOp

    def __init__(
        self,
        pkt_id: int,
        source: Any,
        source_port: Any = None,
        source_channel: int | None = None,
        dests: Any = None,
        keep_pkt_header: bool | None = None,
        *,
        priority_route: bool | None = None,
        loc: Any = None,
        ip: Any = None,
    ) -> None:
        trace = region_of("packetflow", RegionKind.DEVICE)
        if not 0 <= pkt_id <= MOST_PACKET_ID:
            raise DesignError(
                f"packetflow({pkt_id})",
                at=author_line(),
                because=f"an id has 5 bits: 0 to {MOST_PACKET_ID}",
            )
        listed = dests if isinstance(dests, list | tuple) else [dests]
        start = port_of(source_port, source_channel)
        made = aie.PacketFlowOp(
            pkt_id,
            aie.PacketSourceOp(value_of(source, "the source of packetflow"), start),
            [_destination(each) for each in listed],
            keep_pkt_header=keep_pkt_header,
            priority_route=priority_route,
        )
        located([made], author_line())
        super().__init__(trace.emit(made))


@builder
def cascade_flow(source_tile: Any, dest_tile: Any, *, loc: Any = None, ip: Any = None) -> Built:
    """The cascade from a core to its neighbour in the south or in the east."""
    trace = region_of("cascade_flow", RegionKind.DEVICE)
    made = aie.CascadeFlowOp(
        value_of(source_tile, "the source of cascade_flow"),
        value_of(dest_tile, "the destination of cascade_flow"),
    )
    return Built(trace.emit(made))


@builder
def configure_cascade(
    tile: Any,
    inputDir: CascadeDir | str,
    outputDir: CascadeDir | str,
    **_place: Any,
) -> Built:
    """The sides that a core's cascade comes from and goes to."""
    trace = region_of("configure_cascade", RegionKind.DEVICE)
    made = aie.ConfigureCascadeOp(
        value_of(tile, "the tile of configure_cascade"), Bundle(inputDir), Bundle(outputDir)
    )
    return Built(trace.emit(made))


class ShimDmaAllocation(Built):
    """A name for a channel of a shim tile, for the sequence to use."""

    op: aie.ShimDmaAllocationOp

    @property
    def sym_name(self) -> str:
        """The name."""
        return self.op.sym_name.data


@builder
def shim_dma_allocation(
    sym_name: str,
    tile: Any,
    channel_dir: Any,
    channel_index: int,
    *,
    plio: bool = False,
    packet: Any = None,
    loc: Any = None,
    ip: Any = None,
) -> ShimDmaAllocation:
    """Name a channel of a shim tile."""
    trace = region_of(f"shim_dma_allocation({sym_name!r})", RegionKind.DEVICE)
    made = aie.ShimDmaAllocationOp(
        sym_name,
        value_of(tile, "the tile of shim_dma_allocation"),
        Direction(channel_dir),
        channel_index,
        plio=plio,
        packet=packet_header(packet),
    )
    return ShimDmaAllocation(trace.emit(made))


@builder
def find_matching_flows(
    tiles: list[PlacedTile],
    filter_source: bool = False,
    filter_dest: bool = False,
    source_annot: str | None = None,
    dest_annot: str | None = None,
    device: Any = None,
) -> list[PlacedFlow]:
    """The flows that start or end on any of `tiles`.

    filter_source, filter_dest: only those that start there, or only those that end there.
    """
    places = [tile.ssa for tile in tiles]

    def matches(op: aie.FlowOp) -> bool:
        starts, ends = op.source in places, op.dest in places
        if filter_source or filter_dest:
            return (starts or not filter_source) and (ends or not filter_dest)
        return starts or ends

    return [
        PlacedFlow(op)
        for op in device_block(device, "find_matching_flows")
        if isinstance(op, aie.FlowOp)
        and matches(op)
        and has_annotation(op, source_annot or dest_annot)
    ]


def port_of(bundle: Any, channel: int | None) -> tuple[Bundle, int]:
    """A stream port; DMA 0 where nothing is said."""
    try:
        found = Bundle.DMA if bundle is None else Bundle(bundle)
    except ValueError:
        raise DesignError(
            f"there is no stream port {bundle!r}",
            at=author_line(),
            because=f"the ports are {', '.join(Bundle)}",
            fix="WireBundle.DMA",
        ) from None
    return found, 0 if channel is None else int(channel)


def _destination(given: Any) -> aie.PacketDestOp:
    unknown = set(given) - {"dest", "port", "channel"} if isinstance(given, dict) else {"?"}
    if unknown or "dest" not in given:
        raise DesignError(
            f"a destination of packetflow is {given!r}",
            at=author_line(),
            fix='{"dest": tile, "port": WireBundle.DMA, "channel": 0}',
        )
    return aie.PacketDestOp(
        value_of(given["dest"], "a destination of packetflow"),
        port_of(given.get("port"), given.get("channel")),
    )
