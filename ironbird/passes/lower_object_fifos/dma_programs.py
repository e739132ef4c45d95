"""Chains become the DMA programs of their tiles: `aie.mem` and `aie.memtile_dma`."""

from collections.abc import Iterable, Sequence

from xdsl.dialects import arith
from xdsl.dialects.builtin import i32
from xdsl.ir import Block, Operation, SSAValue

from ironbird.base.device import DeviceModel, Tile, TileKind
from ironbird.ir.aie import (
    DeviceOp,
    DmaBdOp,
    DmaProgram,
    DmaStartOp,
    EndOp,
    MemOp,
    MemtileDmaOp,
    NextBdOp,
    UseLockOp,
    tile_of,
)
from ironbird.ir.codes import LockAction
from ironbird.ir.locations import named_location
from ironbird.passes.lower_object_fifos.descriptors import Chain, Descriptor


def program_on(
    tile: Tile, tile_value: SSAValue, device: DeviceOp, model: DeviceModel
) -> DmaProgram:
    """The DMA program of `tile`: the one written by hand, or a new one outside any block."""
    for op in device.body.block.ops:
        if isinstance(op, DmaProgram) and tile_of(op.tile) == tile:
            return op
    kind = MemtileDmaOp if model.kind(tile) is TileKind.MEMORY else MemOp
    program = kind(tile_value)
    _entry(program).add_op(EndOp())
    return program


def write_chains(program: DmaProgram, chains: Sequence[Chain]) -> None:
    """Start `chains` in order, after those that `program` starts already."""
    program.location = named_location(chains[0].fifo_name, chains[0].at)
    constants = _Constants(_entry(program))
    end = _end_of(program)
    start_block = _first_start_block(program, end)
    for index, chain in enumerate(chains):
        is_last = index == len(chains) - 1
        next_start = end if is_last else Block()
        blocks = [Block() for _ in chain.descriptors]
        start = DmaStartOp(
            chain.direction, chain.channel, blocks[0], next_start, repeat_count=chain.repeat_count
        )
        _locate([start], chain)
        start_block.add_op(start)
        followers = [*blocks[1:], blocks[0] if chain.loops else end]
        for block, descriptor, follower in zip(blocks, chain.descriptors, followers, strict=True):
            ops = _descriptor_ops(descriptor, follower, constants)
            _locate(ops, chain)
            block.add_ops(ops)
        new_blocks = blocks if is_last else [*blocks, next_start]
        program.body.insert_block_before(new_blocks, end)
        start_block = next_start


def _end_of(program: DmaProgram) -> Block:
    """The block that ends the program and holds nothing else; where chains that stop lead."""
    last = program.body.last_block
    assert last is not None
    end = last.last_op
    assert isinstance(end, EndOp)
    if last is not program.body.first_block:
        return last
    last.detach_op(end)
    block = Block([end])
    program.body.add_block(block)
    return block


def _first_start_block(program: DmaProgram, end: Block) -> Block:
    """Where the next `aie.dma_start` goes: the entry, or a new block behind the last start."""
    starts = [op for op in program.walk() if isinstance(op, DmaStartOp) and op.chain is end]
    if not starts:
        return _entry(program)
    block = Block()
    starts[-1].successors = [starts[-1].dest, block]
    program.body.insert_block_before(block, end)
    return block


def _descriptor_ops(
    descriptor: Descriptor, follower: Block, constants: "_Constants"
) -> list[Operation]:
    ops: list[Operation] = []
    if descriptor.acquire is not None:
        ops.append(
            UseLockOp(
                descriptor.acquire,
                LockAction.ACQUIRE_GREATER_EQUAL,
                constants.value(descriptor.count),
            )
        )
    sizes = [size for size, _ in descriptor.layout] or None
    strides = [stride for _, stride in descriptor.layout] or None
    ops.append(
        DmaBdOp(
            descriptor.buffer,
            descriptor.offset,
            descriptor.length,
            sizes,
            strides,
            pad_dimensions=descriptor.padding or None,
        )
    )
    if descriptor.release is not None:
        ops.append(
            UseLockOp(descriptor.release, LockAction.RELEASE, constants.value(descriptor.count))
        )
    ops.append(NextBdOp(follower))
    return ops


class _Constants:
    """One `arith.constant` per number, at the top of the entry block in the order of first use."""

    def __init__(self, entry: Block) -> None:
        self.entry = entry
        self.made: dict[int, arith.ConstantOp] = {}

    def value(self, number: int) -> SSAValue:
        if number not in self.made:
            constant = arith.ConstantOp.from_int_and_width(number, i32)
            previous = list(self.made.values())[-1:]
            if previous:
                self.entry.insert_op_after(constant, previous[0])
            elif self.entry.first_op is not None:
                self.entry.insert_op_before(constant, self.entry.first_op)
            else:
                self.entry.add_op(constant)
            self.made[number] = constant
        return self.made[number].result


def _locate(ops: Iterable[Operation], chain: Chain) -> None:
    for op in ops:
        op.location = named_location(chain.fifo_name, chain.at)


def _entry(program: DmaProgram) -> Block:
    entry = program.body.first_block
    assert entry is not None
    return entry
