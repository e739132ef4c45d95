"""Where trace packets leave the array: one channel of a shim, and the descriptor it runs."""

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.ir import SSAValue

from ironbird.base.device import Bundle, DeviceModel, Direction, Tile
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine
from ironbird.ir.aie import (
    DeviceOp,
    FlowOp,
    PacketDestOp,
    PacketFlowOp,
    PacketSourceOp,
    ShimDmaAllocationOp,
    TileOp,
    TraceHostConfigOp,
    TraceOp,
    TracePacketOp,
    tile_of,
)
from ironbird.ir.codes import DIRECTIONS
from ironbird.ir.integers import number_of
from ironbird.ir.locations import named_location, source_line_of
from ironbird.passes.lower_sequence.sequences import insert_before
from ironbird.passes.lower_traces.unit import TraceUnit

# mlir-aie takes the shim's last descriptor.
DESCRIPTOR = 15
PACKET_IDS = range(1, 32)


def packet_ids(device: DeviceOp, traces: list[TraceOp]) -> dict[TraceOp, int]:
    """The id of each trace's packets: its own, or free ones by column and row from 1 up."""
    given = {op: _given_id(op) for op in traces}
    flows = (op for op in device.body.block.ops if isinstance(op, PacketFlowOp))
    taken = {op.packet_id for op in flows} | {each for each in given.values() if each is not None}
    free = iter([each for each in PACKET_IDS if each not in taken])
    ids: dict[TraceOp, int] = {}
    for op in sorted(traces, key=lambda each: tile_of(each.tile) or Tile(0, 0)):
        found = given[op]
        if found is None:
            found = next(free, None)
        if found is None:
            raise DesignError(
                f"no packet id is left for trace @{op.sym_name.data}",
                at=source_line_of(op),
                because=f"the ids are {PACKET_IDS[0]}..{PACKET_IDS[-1]}",
            )
        ids[op] = found
    return ids


def _given_id(op: TraceOp) -> int | None:
    for inner in op.body.block.ops:
        if isinstance(inner, TracePacketOp) and inner.id is not None:
            return number_of(inner.id)
    return None


@dataclass(frozen=True)
class Egress:
    """The shim and channel that take the packets, into how many bytes of the host."""

    tile: Tile
    channel: int
    byte_count: int
    reuses_last_argument: bool
    asked_column: int

    @classmethod
    def of(
        cls,
        device: DeviceOp,
        host: TraceHostConfigOp,
        units: list[TraceUnit],
        earlier: dict[str, "Egress"],
    ) -> "Egress":
        """The egress that `host` asks for, with a packet flow to it from every unit.

        earlier: the egress of each unit that another sequence starts; added to.
        """
        at = source_line_of(host)
        column = number_of(host.egress_shim_col)
        asked = [each for each in earlier.values() if each.asked_column == column]
        if asked:
            tile, channel = asked[0].tile, asked[0].channel
        else:
            tile, channel = _free_channel(device, column, device.model, at)
        egress = cls(
            tile=tile,
            channel=channel,
            byte_count=number_of(host.buffer_size),
            reuses_last_argument=number_of(host.reuse_output_buffer) != 0,
            asked_column=column,
        )
        if egress.byte_count <= 0 or egress.byte_count % 32 != 0:
            raise DesignError(
                f"a trace buffer of {egress.byte_count} bytes",
                at=at,
                because="trace packets have 32 bytes",
                fix=f"{max(32, -(-egress.byte_count // 32) * 32)}",
            )
        shim = _tile_value(device, tile)
        for unit in units:
            other = earlier.setdefault(unit.name, egress)
            if other.asked_column != column:
                raise DesignError(
                    f"trace @{unit.name} leaves through column {other.asked_column} for one "
                    f"sequence and through column {column} for another",
                    at=at,
                    because="its packets would go to both, and wait at the one that nobody reads",
                    fix="one egress_shim_col",
                )
            if other is not egress:
                continue
            flow = PacketFlowOp(
                unit.packet_id,
                PacketSourceOp(unit.tile_value, (Bundle.TRACE, unit.source_channel)),
                [PacketDestOp(shim, (Bundle.DMA, egress.channel))],
                keep_pkt_header=True,
            )
            flow.location = named_location(unit.name, unit.at)
            insert_before(device.end, flow)
        return egress


def _free_channel(
    device: DeviceOp, column: int, model: DeviceModel, at: SourceLine | None
) -> tuple[Tile, int]:
    """The last S2MM channel of the shim in `column` that nothing else feeds, as mlir-aie takes 1.

    Column 0 is what a program asks for that names none: if it is full, the next one with room.
    """
    if not 0 <= column < model.columns:
        raise DesignError(
            f"traces leave at column {column}",
            at=at,
            because=f"{model.name} has columns 0..{model.columns - 1}",
        )
    columns = [column] if column else range(model.columns)
    users = {each: _users(device, Tile(each, 0)) for each in columns}
    for each in columns:
        tile = Tile(each, 0)
        for channel in reversed(range(model.model(tile).channels_each_way)):
            if channel not in users[each]:
                return tile, channel
    raise DesignError(
        f"no S2MM channel of {_tiles(columns)} is left for trace packets",
        at=at,
        because="; ".join(
            f"channel {channel} of tile ({each}, 0) takes {who}"
            for each in columns
            for channel, who in sorted(users[each].items())
        ),
        fix="a device of more columns, or fewer drains"
        if len(users) == model.columns
        else "egress_shim_col = another column",
    )


def _tiles(columns: Sequence[int]) -> str:
    if len(columns) == 1:
        return f"tile ({columns[0]}, 0)"
    return f"the shim tiles in columns {columns[0]}..{columns[-1]}"


def _users(device: DeviceOp, tile: Tile) -> dict[int, str]:
    """Who feeds or names which S2MM channel of a shim."""
    users: dict[int, str] = {}
    for op in device.body.walk():
        match op:
            case FlowOp() if tile_of(op.dest) == tile and op.dest_port[0] is Bundle.DMA:
                users[op.dest_port[1]] = _label(op)
            case PacketDestOp() if tile_of(op.tile) == tile and op.port[0] is Bundle.DMA:
                users[op.port[1]] = _label(op)
            case ShimDmaAllocationOp() if tile_of(op.tile) == tile:
                if DIRECTIONS.word(op.channel_dir) is Direction.S2MM:
                    users[number_of(op.channel_index)] = op.sym_name.data
    return users


def _label(op: FlowOp | PacketDestOp) -> str:
    at = source_line_of(op)
    return "a flow" + (f" of {at}" if at is not None else "")


def _tile_value(device: DeviceOp, tile: Tile) -> SSAValue:
    for op in device.body.block.ops:
        if isinstance(op, TileOp) and op.tile == tile:
            return op.result
    made = TileOp(tile.column, tile.row)
    first = device.body.block.first_op
    assert first is not None
    insert_before(first, made)
    return made.result
