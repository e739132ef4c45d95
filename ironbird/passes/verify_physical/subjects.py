"""The parts of a lowered device that rules talk about, with the author's names for them."""

from collections.abc import Iterator
from dataclasses import dataclass

from xdsl.dialects.builtin import MemRefType
from xdsl.ir import Block, Operation, OpResult, SSAValue

from ironbird.base.device import Direction, Tile
from ironbird.base.errors import DesignError
from ironbird.ir.aie import (
    BufferOp,
    CoreOp,
    DeviceOp,
    DmaBdOp,
    DmaProgram,
    DmaStartOp,
    LockOp,
    NextBdOp,
    tile_of,
)
from ironbird.ir.aiex import DmaConfigureTaskOp
from ironbird.ir.integers import number_of
from ironbird.ir.locations import name_of_location, source_line_of
from ironbird.passes.element_bytes import element_bytes_of
from ironbird.passes.lower_sequence.sequences import sequence_ops


@dataclass(frozen=True)
class DescriptorSubject:
    """A descriptor with the channel that runs it.

    in_task: whether the runtime sequence configures it.
    """

    bd: DmaBdOp
    tile: Tile
    direction: Direction
    channel: int
    in_task: bool

    @property
    def name(self) -> str:
        """`a descriptor of ObjectFifo 'x' (MM2S 0 of tile (0, 2))`."""
        named = name_of_location(self.bd)
        owner = self.bd.parent_op()
        if named is None and isinstance(owner, DmaConfigureTaskOp):
            named = name_of_location(owner)
        of_fifo = f" of ObjectFifo {named!r}" if named is not None else ""
        return f"a descriptor{of_fifo} ({self.direction} {self.channel} of tile {self.tile})"

    @property
    def block(self) -> Block:
        """The block the descriptor stands in, with its lock operations."""
        block = self.bd.parent_block()
        assert block is not None
        return block

    @property
    def element_bytes(self) -> int:
        """Size of one element of the buffer."""
        assert isinstance(self.bd.buffer.type, MemRefType)
        return element_bytes_of(self.bd.buffer.type.element_type)


def buffers(device: DeviceOp) -> list[BufferOp]:
    """The buffers of `device`."""
    return [op for op in device.body.block.ops if isinstance(op, BufferOp)]


def locks(device: DeviceOp) -> list[LockOp]:
    """The locks of `device`."""
    return [op for op in device.body.block.ops if isinstance(op, LockOp)]


def cores(device: DeviceOp) -> list[CoreOp]:
    """The cores of `device`."""
    return [op for op in device.body.block.ops if isinstance(op, CoreOp)]


def programs(device: DeviceOp) -> list[DmaProgram]:
    """The DMA programs of `device`."""
    return [op for op in device.body.block.ops if isinstance(op, DmaProgram)]


def starts(program: DmaProgram) -> list[DmaStartOp]:
    """The channels that `program` starts."""
    return [op for op in program.walk() if isinstance(op, DmaStartOp)]


def descriptors(device: DeviceOp) -> Iterator[DescriptorSubject]:
    """Every descriptor of every channel, those of tasks last."""
    for program in programs(device):
        tile = place(program.tile, program)
        for start in starts(program):
            for bd in _chain(start.dest):
                channel = number_of(start.channel_index)
                yield DescriptorSubject(bd, tile, start.direction, channel, False)
    for task in sequence_ops(device, DmaConfigureTaskOp):
        tile = place(task.tile, task)
        for bd in _chain(task.body.blocks[0]):
            yield DescriptorSubject(bd, tile, task.dma_direction, number_of(task.channel), True)


def place(tile: SSAValue, user: Operation) -> Tile:
    """Where `tile` is. Refuses a logical tile."""
    found = tile_of(tile)
    if found is None:
        raise DesignError(
            f"{user.name} stands on a tile without a place",
            at=source_line_of(user),
            fix="the pass place-tiles",
        )
    return found


def buffer_name(op: BufferOp) -> str:
    """`buffer 'x_buff_0'`, with its fifo where it has one."""
    symbol = repr(op.sym_name.data) if op.sym_name is not None else "without a name"
    fifo = name_of_location(op)
    return f"buffer {symbol} of ObjectFifo {fifo!r}" if fifo is not None else f"buffer {symbol}"


def lock_name(op: LockOp) -> str:
    """`lock 'x_prod_lock_0'`."""
    return f"lock {op.sym_name.data!r}" if op.sym_name is not None else "a lock without a name"


def buffer_bytes(op: BufferOp) -> int:
    """Size of a buffer."""
    type_ = op.buffer.type
    assert isinstance(type_, MemRefType)
    count = 1
    for size in type_.get_shape():
        count *= size
    return count * element_bytes_of(type_.element_type)


def constant(value: SSAValue) -> int | None:
    """The number that `value` always is, or None."""
    if isinstance(value, OpResult) and value.op.name == "arith.constant":
        return number_of(value.op.properties["value"])
    return None


def _chain(first: Block) -> Iterator[DmaBdOp]:
    block, seen = first, set[Block]()
    while block not in seen:
        seen.add(block)
        bd = next((op for op in block.ops if isinstance(op, DmaBdOp)), None)
        if bd is None:
            return
        yield bd
        if not isinstance(block.last_op, NextBdOp):
            return
        block = block.last_op.dest
