"""Flows and stream switches: ports that a tile has, connections that its switch makes."""

from xdsl.ir import Operation, SSAValue

from ironbird.base.device import Bundle, TileKind, TileModel
from ironbird.ir.aie import (
    AmselOp,
    ConnectOp,
    FlowOp,
    MastersetOp,
    PacketFlowOp,
    PacketRulesOp,
    RuleOp,
    ShimMuxOp,
    SwitchboxOp,
)
from ironbird.ir.aie.flows import PacketEnd, Port
from ironbird.ir.aiex import BroadcastPacketOp, MulticastOp
from ironbird.ir.checks.descriptors import MAX_PACKET_ID
from ironbird.ir.checks.scope import Scope, kind_of, line_text, model_round, refuse, tile_text
from ironbird.ir.codes import BUNDLES
from ironbird.ir.integers import number_of

# A switch has 6 arbiters of 4 master selects, and 4 rules for each slave port (AM020 ch2).
ARBITERS = 6
MASTER_SELECTS = 4
RULES_PER_PORT = 4


def check_packet_flow(op: PacketFlowOp, scope: Scope) -> None:
    """An id that fits the header, one source, at least one destination."""
    if not 0 <= op.packet_id <= MAX_PACKET_ID:
        refuse(op, f"packet id {op.packet_id}", because=f"the ids are 0..{MAX_PACKET_ID}")
    ends = [inner for inner in op.ports.block.ops if isinstance(inner, PacketEnd)]
    sources = [end for end in ends if end.name == "aie.packet_source"]
    if len(sources) != 1:
        refuse(op, f"the packet flow of id {op.packet_id} has {len(sources)} sources")
    if len(ends) == 1:
        refuse(op, f"the packet flow of id {op.packet_id} has no destination")


def check_flow(op: FlowOp, scope: Scope) -> None:
    """DMA channels that the tiles at its ends have."""
    for tile, (bundle, channel) in (
        (op.source, op.source_port),
        (op.dest, op.dest_port),
    ):
        if bundle is Bundle.DMA:
            check_dma_port(op, tile, channel)


def check_source(op: MulticastOp | BroadcastPacketOp, scope: Scope) -> None:
    """A DMA channel that the tile has, where the streams begin."""
    if BUNDLES.word(op.bundle) is Bundle.DMA:
        check_dma_port(op, op.tile, number_of(op.channel))


def check_packet_end(op: PacketEnd, scope: Scope) -> None:
    """A DMA channel that the tile has."""
    bundle, channel = op.port
    if bundle is Bundle.DMA:
        check_dma_port(op, op.tile, channel)


def check_dma_port(op: Operation, tile: SSAValue, channel: int) -> None:
    """A channel number that the tile's DMA has."""
    model = model_round(op)
    kind = kind_of(tile, model)
    if kind is None:
        refuse(op, "a flow ends at a value that is not a tile")
    count = model.tile_models[kind].channels_each_way
    if not 0 <= channel < count:
        refuse(
            op,
            f"{tile_text(tile)} has no DMA channel {channel}",
            because=f"its channels are 0..{count - 1} in each direction",
        )


def check_switchbox(op: SwitchboxOp, scope: Scope) -> None:
    """Connections between ports that exist, each master port driven once."""
    kind = kind_of(op.tile, model_round(op))
    if kind is None:
        refuse(op, "a switchbox on a value that is not a tile")
    tile_model = model_round(op).tile_models[kind]
    driven: dict[Port, Operation] = {}
    for inner in op.connections.block.ops:
        if isinstance(inner, ConnectOp):
            _check_port(inner, inner.source_port, tile_model, op.tile, "slave")
            _check_port(inner, inner.dest_port, tile_model, op.tile, "master")
            _check_memory_tile_way(inner, kind)
        elif isinstance(inner, MastersetOp):
            _check_port(inner, inner.dest_port, tile_model, op.tile, "master")
            _check_arbiter(inner)
        elif isinstance(inner, PacketRulesOp):
            _check_port(inner, inner.source_port, tile_model, op.tile, "slave")
            continue
        if isinstance(inner, ConnectOp | MastersetOp):
            other = driven.setdefault(inner.dest_port, inner)
            if other is not inner:
                refuse(
                    inner,
                    f"port {_text(inner.dest_port)} of {tile_text(op.tile)} is driven twice",
                    because=f"first at {line_text(other)}",
                )


def check_shim_mux(op: ShimMuxOp, scope: Scope) -> None:
    """The multiplexer of a shim tile."""
    if kind_of(op.tile, model_round(op)) is not TileKind.SHIM:
        refuse(op, f"{tile_text(op.tile)} has no multiplexer", because="only shim tiles have one")


def _check_port(
    op: Operation, port: Port, tile_model: TileModel, tile: SSAValue, side: str
) -> None:
    bundle, channel = port
    ports = tile_model.inputs if side == "slave" else tile_model.outputs
    count = ports.get(bundle, 0)
    if 0 <= channel < count:
        return
    refuse(
        op,
        f"{tile_text(tile)} has no {side} port {_text(port)}",
        because=f"its {side} ports {bundle} are 0..{count - 1}"
        if count
        else f"a {tile_model.kind} tile has no {side} ports {bundle}",
    )


def _check_memory_tile_way(op: ConnectOp, kind: TileKind) -> None:
    """A memory tile passes the vertical through on one number only (AIETargetModel.cpp)."""
    if kind is not TileKind.MEMORY:
        return
    (source, source_channel), (dest, dest_channel) = op.source_port, op.dest_port
    straight = {source, dest} == {Bundle.NORTH, Bundle.SOUTH} or source is dest is Bundle.DMA
    if (straight and source_channel != dest_channel) or (
        source is dest and source in (Bundle.NORTH, Bundle.SOUTH)
    ):
        refuse(
            op,
            f"a memory tile does not connect {_text(op.source_port)} to {_text(op.dest_port)}",
            because="its switch passes North and South through on the same number only",
        )


def _check_arbiter(op: MastersetOp) -> None:
    arbiters = {number_of(_amsel(op, value).arbiter_id) for value in op.amsels}
    if len(arbiters) > 1:
        refuse(
            op,
            f"master port {_text(op.dest_port)} has the arbiters {sorted(arbiters)}",
            because="a master port belongs to one arbiter",
        )


def check_rule(op: RuleOp, scope: Scope) -> None:
    """A rule leads to an arbiter."""
    _amsel(op, op.amsel)


def _amsel(op: Operation, value: SSAValue) -> AmselOp:
    if not isinstance(value.owner, AmselOp):
        refuse(op, f"{op.name} names a value that is no aie.amsel")
    return value.owner


def check_amsel(op: AmselOp, scope: Scope) -> None:
    """An arbiter and a master select that exist."""
    arbiter, select = number_of(op.arbiter_id), number_of(op.msel)
    if not 0 <= arbiter < ARBITERS:
        refuse(op, f"arbiter {arbiter}", because=f"a switch has the arbiters 0..{ARBITERS - 1}")
    if not 0 <= select < MASTER_SELECTS:
        refuse(
            op,
            f"master select {select}",
            because=f"an arbiter has the selects 0..{MASTER_SELECTS - 1}",
        )


def check_packet_rules(op: PacketRulesOp, scope: Scope) -> None:
    """No more rules than a slave port has."""
    count = sum(isinstance(inner, RuleOp) for inner in op.rules.block.ops)
    if count > RULES_PER_PORT:
        refuse(
            op,
            f"slave port {_text(op.source_port)} has {count} packet rules",
            because=f"a port has room for {RULES_PER_PORT}",
        )


def _text(port: Port) -> str:
    return f"{port[0]} : {port[1]}"
