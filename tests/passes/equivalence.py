"""Whether two lowered devices are the same hardware program, whatever their text looks like.

`parts_of` spells out what counts: tiles, buffers, locks, circuits, chains of descriptors, shim
channels. `differences` compares them part by part. Cores are compared by what they do
(`core_trace`). Left out: ids of controllers and the packet flow of the control network, which
mlir-aie adds to every design and nothing in the design asks for; SSA names; order of the text.
"""

from collections.abc import Iterator

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Block, Operation, SSAValue

from ironbird.ir.aie import (
    BufferOp,
    ConfigureCascadeOp,
    CoreOp,
    DeviceOp,
    DmaBdOp,
    DmaProgram,
    DmaStartOp,
    FlowOp,
    LockOp,
    NextBdOp,
    ShimDmaAllocationOp,
    TileOp,
    UseLockOp,
    tile_of,
)
from ironbird.ir.integers import number_of
from ironbird.passes.lower_object_fifos.held_objects import constant_of

Parts = dict[str, dict[str, str]]
"""For each kind of part, what is known of each by its name."""


def devices_in(module: ModuleOp) -> list[DeviceOp]:
    """The devices of a module, in order."""
    return [op for op in module.walk() if isinstance(op, DeviceOp)]


def parts_of(device: DeviceOp) -> Parts:
    """Everything of `device` that the hardware would notice, but for the cores' programs."""
    parts: Parts = {
        kind: {}
        for kind in ("tile", "buffer", "lock", "circuit", "channel", "shim", "cascade", "core")
    }
    for op in device.body.block.ops:
        match op:
            case TileOp():
                parts["tile"][str(op.tile)] = str(op.allocation_scheme)
            case BufferOp():
                parts["buffer"][_buffer_name(op)] = (
                    f"{op.buffer.type} on {tile_of(op.tile)} address {op.address} "
                    f"bank {op.mem_bank} = {op.initial_value}"
                )
            case LockOp():
                parts["lock"][_lock_name(op)] = f"id {op.lock_id} init {op.init}"
            case FlowOp():
                dest = f"{tile_of(op.dest)} {op.dest_port[0]} {op.dest_port[1]}"
                source = f"{tile_of(op.source)} {op.source_port[0]} {op.source_port[1]}"
                parts["circuit"][dest] = source
            case ShimDmaAllocationOp():
                channel = f"{tile_of(op.tile)} {op.direction} {number_of(op.channel_index)}"
                parts["shim"][op.sym_name.data] = channel
            case ConfigureCascadeOp():
                sides = f"{op.input_dir} {op.output_dir}"
                parts["cascade"][str(tile_of(op.tile))] = sides
            case DmaProgram():
                for channel, chain in _chains(op):
                    parts["channel"][f"{tile_of(op.tile)} {channel}"] = chain
            case CoreOp():
                parts["core"][str(tile_of(op.tile))] = f"{op.stack_size} {op.link_files}"
    return parts


def differences(expected: DeviceOp, found: DeviceOp) -> list[str]:
    """One line per part that is missing, too many or other than expected."""
    lines = []
    wanted, got = parts_of(expected), parts_of(found)
    for kind in wanted:
        for name in sorted(wanted[kind].keys() | got[kind].keys()):
            want, have = wanted[kind].get(name), got[kind].get(name)
            if want != have:
                lines.append(f"{kind} {name}: expected {want}, found {have}")
    return lines


def _chains(program: DmaProgram) -> Iterator[tuple[str, str]]:
    for start in program.walk():
        if not isinstance(start, DmaStartOp):
            continue
        lines = [f"repeat {number_of(start.repeat_count)}"]
        order: list[Block] = []
        block: Block | None = start.dest
        while block is not None and block not in order and _descriptor(block) is not None:
            order.append(block)
            lines.append(_block_text(block))
            block = block.last_op.dest if isinstance(block.last_op, NextBdOp) else None
        lines.append(f"then {order.index(block)}" if block in order else "then stop")
        yield f"{start.direction} {number_of(start.channel_index)}", "; ".join(lines)


def _descriptor(block: Block) -> DmaBdOp | None:
    return next((op for op in block.ops if isinstance(op, DmaBdOp)), None)


def _block_text(block: Block) -> str:
    words = []
    for op in block.ops:
        if isinstance(op, UseLockOp):
            words.append(f"{op.lock_action} {_lock_of(op.lock)} {constant_of(op.value)}")
        elif isinstance(op, DmaBdOp):
            padding = op.pad_dimensions
            words.append(
                f"{_buffer_of(op.buffer)}[{op.offset_elements}:{op.length_elements}] "
                f"{op.dimensions} pad {padding.pairs() if padding is not None else ()} "
                f"id {op.bd_id} next {op.next_bd_id} packet {op.packet}"
            )
    return ", ".join(words)


def _buffer_of(value: SSAValue) -> str:
    assert isinstance(value.owner, BufferOp)
    return _buffer_name(value.owner)


def _buffer_name(op: BufferOp) -> str:
    return op.sym_name.data if op.sym_name is not None else _numbered(op, BufferOp)


def _lock_of(value: SSAValue) -> str:
    assert isinstance(value.owner, LockOp)
    return _lock_name(value.owner)


def _lock_name(op: LockOp) -> str:
    """A lock's name and its tile; a lock without a name is counted on its tile."""
    name = op.sym_name.data if op.sym_name is not None else _numbered(op, LockOp)
    return f"{name} on {tile_of(op.tile)}"


def _numbered(op: BufferOp | LockOp, kind: type[Operation]) -> str:
    block = op.parent_block()
    assert block is not None
    nameless = [
        other
        for other in block.ops
        if isinstance(other, kind) and other.sym_name is None and other.tile is op.tile  # type: ignore[attr-defined]
    ]
    return f"number {nameless.index(op)}"
