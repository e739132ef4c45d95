"""DMA programs written by hand: channels of one tile, each a chain of descriptors with locks."""

from collections.abc import Sequence
from typing import Literal

from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerAttr, i32
from xdsl.ir import Block, Operation, Region

from ironbird.base.device import Direction
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aie
from ironbird.ir.locations import location_of
from ironbird.iron.bd_iteration import BdIteration
from ironbird.iron.buffer import Buffer
from ironbird.iron.device import AIETileType, Tile, own_tile
from ironbird.iron.device_body import DeviceBody
from ironbird.iron.lock import Acquire, Release

Next = Literal["self"] | int | None


class Bd:
    """One descriptor: `length` elements of `buffer` from `offset`, None for all that follow.

    next: "self" to run again, the number of another descriptor of the channel, None to stop.
    packet: (type, id) of the header that is sent first. iteration: its steps from run to run.
    """

    def __init__(
        self,
        buffer: Buffer,
        offset: int = 0,
        length: int | None = None,
        acquires: Sequence[Acquire] = (),
        releases: Sequence[Release] = (),
        next: Next = "self",
        packet: tuple[int, int] | None = None,
        *,
        iteration: BdIteration | None = None,
    ) -> None:
        self.created_at = author_line()
        self.iteration = iteration
        self.buffer = buffer
        self.offset = offset
        self.length = buffer.array.element_count - offset if length is None else length
        self.acquires = list(acquires)
        self.releases = list(releases)
        self.next = next
        self.packet = packet
        if offset < 0 or self.length < 1 or offset + self.length > buffer.array.element_count:
            raise DesignError(
                f"Bd(offset={offset}, length={self.length}) of a buffer of {buffer.array}",
                at=self.created_at,
                because=f"the buffer has {buffer.array.element_count} elements",
            )


class DmaChannel:
    """One channel: a direction, a number, and its descriptors; the first one runs first."""

    def __init__(self, direction: Direction | str, channel: int, bds: Sequence[Bd]) -> None:
        self.created_at = author_line()
        self.direction = Direction(direction)
        self.channel = channel
        self.bds = list(bds)
        for number, bd in enumerate(self.bds):
            if isinstance(bd.next, int) and not 0 <= bd.next < len(self.bds):
                raise DesignError(
                    f"descriptor {number} of a DmaChannel goes on with number {bd.next}",
                    at=bd.created_at,
                    because=f"the channel has descriptors 0 to {len(self.bds) - 1}",
                )
        if not self.bds:
            raise DesignError("a DmaChannel without descriptors", at=self.created_at)


class TileDma:
    """The DMA program of one tile."""

    def __init__(self, tile: Tile, channels: Sequence[DmaChannel]) -> None:
        self.created_at = author_line()
        self.tile = own_tile(tile)
        self.channels = list(channels)

    def operation(self, body: DeviceBody) -> Operation:
        """`aie.mem`, `aie.memtile_dma` or `aie.shim_dma`, by the kind of the tile."""
        region = Region(Block())
        entry = region.block
        for channel in self.channels:
            entry = self._emit_channel(body, region, entry, channel)
        entry.add_op(aie.EndOp())
        kinds = {AIETileType.MemTile: aie.MemtileDmaOp, AIETileType.ShimNOCTile: aie.ShimDmaOp}
        kind = kinds.get(self.tile.tile_type or AIETileType.CoreTile, aie.MemOp)
        made = kind(body.tile(self.tile, self.created_at), region)
        for op in made.walk():
            if op is made or isinstance(op, aie.EndOp):
                op.location = location_of(self.created_at)
        return made

    def _emit_channel(
        self, body: DeviceBody, region: Region, entry: Block, channel: DmaChannel
    ) -> Block:
        """One channel's start in `entry`, its descriptors in blocks; returns the next entry."""
        blocks = [Block() for _ in channel.bds]
        after = Block()
        region.add_block(blocks)
        region.add_block(after)
        start = aie.DmaStartOp(channel.direction, channel.channel, blocks[0], after)
        start.location = location_of(channel.created_at)
        entry.add_op(start)
        ends: Block | None = None
        for block, bd in zip(blocks, channel.bds, strict=True):
            if bd.next is None and ends is None:
                ends = Block([aie.EndOp()])
                region.insert_block(ends, len(region.blocks) - 1)
            following = block if bd.next == "self" else ends if bd.next is None else blocks[bd.next]
            assert following is not None
            self._emit_descriptor(body, block, bd, following)
        return after

    def _emit_descriptor(self, body: DeviceBody, block: Block, bd: Bd, following: Block) -> None:
        transfer = aie.DmaBdOp(
            body.buffer(bd.buffer),
            bd.offset,
            bd.length,
            packet=None if bd.packet is None else aie.PacketInfoAttr.of(bd.packet[1], bd.packet[0]),
            iteration=None if bd.iteration is None else bd.iteration.attribute(),
        )
        steps: list[Operation] = []
        for use in (*bd.acquires, None, *bd.releases):
            if use is None:
                steps.append(transfer)
                continue
            count = arith.ConstantOp(IntegerAttr(use.value, i32))
            steps += [count, aie.UseLockOp(body.lock(use.lock), use.action, count)]
        steps.append(aie.NextBdOp(following))
        for step in steps:
            step.location = location_of(bd.created_at)
        block.add_ops(steps)
