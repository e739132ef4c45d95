"""Ways placed by hand: circuits, packet flows, cascades between neighbouring cores."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from xdsl.ir import Operation

from ironbird.base.device import Bundle, Direction
from ironbird.base.errors import DesignError
from ironbird.base.source_line import SourceLine, author_line
from ironbird.ir import aie
from ironbird.ir.locations import location_of
from ironbird.iron.device import AIETileType, Tile, own_tile
from ironbird.iron.device_body import DeviceBody
from ironbird.iron.names import next_serial
from ironbird.iron.sequence_trace import current_sequence
from ironbird.iron.taplib.pattern import TensorAccessPattern
from ironbird.iron.task import Task, TaskGroup
from ironbird.iron.transfer import refuse_scratchpad_parameters, start_transfer

if TYPE_CHECKING:
    from ironbird.iron.worker import Worker


class HandPlacedFlow:
    """What circuits and packet flows share: two tiles, their ports, and a name at the shim.

    shim_symbol: names the shim's DMA channel, so that the sequence can `fill` or `drain` the flow.
    """

    def __init__(
        self,
        src: Tile,
        dst: Tile,
        src_port: Bundle,
        src_channel: int,
        dst_port: Bundle,
        dst_channel: int,
        shim_symbol: str | None,
    ) -> None:
        self.created_at = author_line()
        self.serial = next_serial()
        self.src, self.src_port = own_tile(src), (Bundle(src_port), src_channel)
        self.dst, self.dst_port = own_tile(dst), (Bundle(dst_port), dst_channel)
        self.shim_symbol = shim_symbol
        if shim_symbol is not None and not (_on_shim(src) or _on_shim(dst)):
            raise DesignError(
                f"a flow from {src!r} to {dst!r} with shim_symbol={shim_symbol!r}",
                at=self.created_at,
                because="neither end is on the shim",
            )

    def allocation(self, body: DeviceBody) -> list[Operation]:
        """The name of the shim's channel, if the flow has one and no other flow gave it."""
        if self.shim_symbol is None:
            return []
        sends = _on_shim(self.src)
        tile, (_, channel) = (self.src, self.src_port) if sends else (self.dst, self.dst_port)
        direction = Direction.MM2S if sends else Direction.S2MM
        made = aie.ShimDmaAllocationOp(
            self.shim_symbol, body.tile(tile, self.created_at), direction, channel
        )
        known = [op for op in body.wiring if isinstance(op, aie.ShimDmaAllocationOp)]
        if any(op.is_structurally_equivalent(made) for op in known):
            return []
        return [_located(made, self.created_at)]

    @property
    def header(self) -> tuple[int, int] | None:
        """(type, id) of the packets that the host sends into the flow; None for a circuit."""
        return None

    def fill(
        self,
        source: Any,
        tap: TensorAccessPattern | None = None,
        wait: bool = False,
        packet: tuple[int, int] | None = None,
        offset_parameter: Any = None,
        group: TaskGroup | None = None,
        managed: bool = True,
        length_parameter: Any = None,
        length_unit: Any = None,
    ) -> Task:
        """In the sequence: send a tensor into the flow; arguments as for a fifo's `fill`.

        packet: the header that is sent first; a packet flow's own unless it is given.
        """
        what = self._transfer_named("fill", offset_parameter, length_parameter, length_unit)
        header = self.header if packet is None else packet
        return self._transfer(what, source, tap, wait, header, group, managed)

    def drain(
        self,
        dest: Any,
        tap: TensorAccessPattern | None = None,
        wait: bool = False,
        packet: tuple[int, int] | None = None,
        offset_parameter: Any = None,
        group: TaskGroup | None = None,
        managed: bool = True,
        length_parameter: Any = None,
        length_unit: Any = None,
    ) -> Task:
        """In the sequence: store what arrives; arguments as for a fifo's `drain`."""
        what = self._transfer_named("drain", offset_parameter, length_parameter, length_unit)
        return self._transfer(what, dest, tap, wait, packet, group, managed)

    def _transfer_named(self, verb: str, *parameters: Any) -> str:
        """How messages name a transfer. Refuses one from the wrong side."""
        what = f"{verb}() of the flow made at {self.created_at}"
        refuse_scratchpad_parameters(what, *parameters)
        if self.shim_symbol is None or _on_shim(self.src) is not (verb == "fill"):
            raise DesignError(
                what,
                at=author_line(),
                because="the flow has no name at the shim"
                if self.shim_symbol is None
                else f"the shim is the flow's {'source' if verb == 'drain' else 'destination'}",
                fix="shim_symbol=..." if self.shim_symbol is None else None,
            )
        return what

    def _transfer(
        self,
        what: str,
        tensor: Any,
        tap: TensorAccessPattern | None,
        wait: bool,
        packet: tuple[int, int] | None,
        group: TaskGroup | None,
        managed: bool,
    ) -> Task:
        assert self.shim_symbol is not None
        return start_transfer(
            current_sequence(what),
            self.shim_symbol,
            what,
            tensor,
            tap,
            wait=wait,
            group=group,
            managed=managed,
            packet=packet,
        )


class Flow(HandPlacedFlow):
    """A circuit from a port of one tile to a port of another."""

    def __init__(
        self,
        src: Tile,
        dst: Tile,
        *,
        src_port: Bundle = Bundle.DMA,
        src_channel: int = 0,
        dst_port: Bundle = Bundle.DMA,
        dst_channel: int = 0,
        shim_symbol: str | None = None,
        via: Any = None,
    ) -> None:
        super().__init__(src, dst, src_port, src_channel, dst_port, dst_channel, shim_symbol)
        _refuse_via(via, self)

    def operations(self, body: DeviceBody) -> list[Operation]:
        """`aie.flow`, and the shim's name."""
        made = aie.FlowOp(
            body.tile(self.src, self.created_at),
            self.src_port,
            body.tile(self.dst, self.created_at),
            self.dst_port,
        )
        return [_located(made, self.created_at), *self.allocation(body)]


class PacketDest:
    """A further destination of a packet flow."""

    def __init__(self, tile: Tile, port: Bundle = Bundle.DMA, channel: int = 0) -> None:
        self.tile = own_tile(tile)
        self.port = (Bundle(port), channel)


class PacketFlow(HandPlacedFlow):
    """A way that packets with one id share with others."""

    def __init__(
        self,
        pkt_id: int,
        src: Tile,
        dst: Tile,
        *,
        src_port: Bundle = Bundle.DMA,
        src_channel: int = 0,
        dst_port: Bundle = Bundle.DMA,
        dst_channel: int = 0,
        extra_dsts: Sequence[PacketDest] = (),
        keep_pkt_header: bool = False,
        shim_symbol: str | None = None,
        via: Any = None,
    ) -> None:
        super().__init__(src, dst, src_port, src_channel, dst_port, dst_channel, shim_symbol)
        _refuse_via(via, self)
        if not 0 <= pkt_id <= 31:
            raise DesignError(
                f"PacketFlow({pkt_id})", at=self.created_at, because="an id has 5 bits: 0 to 31"
            )
        self.pkt_id = pkt_id
        self.extra_dsts = list(extra_dsts)
        self.keep_pkt_header = keep_pkt_header

    @property
    def header(self) -> tuple[int, int]:
        """(type, id) of the packets that the host sends into the flow."""
        return 0, self.pkt_id

    def operations(self, body: DeviceBody) -> list[Operation]:
        """`aie.packet_flow`, and the shim's name."""
        at = self.created_at
        dests = [
            (self.dst, self.dst_port),
            *((extra.tile, extra.port) for extra in self.extra_dsts),
        ]
        made = aie.PacketFlowOp(
            self.pkt_id,
            aie.PacketSourceOp(body.tile(self.src, at), self.src_port),
            [aie.PacketDestOp(body.tile(tile, at), port) for tile, port in dests],
            keep_pkt_header=True if self.keep_pkt_header else None,
        )
        for op in made.walk():
            op.location = location_of(at)
        return [made, *self.allocation(body)]


class CascadeFlow:
    """The cascade from one core to its neighbour in the south or in the east."""

    def __init__(self, src_worker: "Worker", dst_worker: "Worker") -> None:
        self.created_at = author_line()
        self.src_worker = src_worker
        self.dst_worker = dst_worker
        src, dst = src_worker.tile, dst_worker.tile
        if (
            src.col is not None
            and src.row is not None
            and dst.col is not None
            and dst.row is not None
        ):
            step = (dst.col - src.col, dst.row - src.row)
            if step not in ((1, 0), (0, -1)):
                raise DesignError(
                    f"a cascade from {src!r} to {dst!r}",
                    at=self.created_at,
                    because="a core's cascade goes to its neighbour in the south or in the east",
                    fix="the other order, or tiles left open",
                )
        src_worker.cascades.append(self)

    def operation(self, body: DeviceBody) -> Operation:
        """`aie.cascade_flow`."""
        made = aie.CascadeFlowOp(
            body.tile(self.src_worker.tile, self.created_at),
            body.tile(self.dst_worker.tile, self.created_at),
        )
        return _located(made, self.created_at)


def _refuse_via(via: Any, flow: HandPlacedFlow) -> None:
    """Waypoints came with mlir-aie 1.4.5; the dialect that is read and printed here is older."""
    if via is not None:
        raise DesignError(
            f"a flow from {flow.src!r} to {flow.dst!r} with via=",
            at=flow.created_at,
            because="aie.flow has no text for the tiles that it goes through",
            fix="@switchbox(tile) of aie.dialects.aie, with connect(...) for each hop",
        )


def _on_shim(tile: Tile) -> bool:
    return tile.tile_type is AIETileType.ShimNOCTile


def _located(op: Operation, at: SourceLine) -> Operation:
    op.location = location_of(at)
    return op
