"""A plan's sequence as register writes, in the place of the tasks of its module.

What mlir-aie's `dma-tasks-to-npu` and `dma-to-npu` make: a block write of a descriptor's words, the
patch of its address, the controller id of a channel that is to send a token, the word for its start
queue. Differences: a chain is written when it is started, not when it is configured; words for a
core or a memory tile name the address as the chip's DMA sees it; a burst length is not kept by the
plan, and is the longest. Refuses descriptors that no words hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import (
    DenseIntOrFPElementsAttr,
    IntegerAttr,
    MemRefType,
    ModuleOp,
    StringAttr,
    SymbolRefAttr,
    TensorType,
    UnitAttr,
    i32,
)
from xdsl.dialects.memref import GetGlobalOp, GlobalOp
from xdsl.ir import Block, Operation, SSAValue
from xdsl.rewriter import InsertPoint, Rewriter

from ironbird.base.device import Direction, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.base.npu1_registers import (
    CHANNEL_CONTROL,
    REGISTER_MAPS,
    START_QUEUE,
    WORD_BYTES,
    address_of,
)
from ironbird.ir.aie import DeviceOp, RuntimeSequenceOp
from ironbird.ir.aiex import (
    NpuAddressPatchOp,
    NpuBlockwriteOp,
    NpuMaskwrite32Op,
    NpuSyncOp,
    NpuWrite32Op,
)
from ironbird.plan.descriptor_words import words_of_fields
from ironbird.plan.placed_parts import PlacedParts
from ironbird.plan.plan import (
    AwaitToken,
    ChannelName,
    Descriptor,
    HostBuffer,
    PhysicalPlan,
    SetLock,
    StartTask,
    WriteBuffer,
)
from ironbird.plan.register_numbers import RegisterNumbers

# The packet ids of tile controllers by row, as mlir-aie's assign-tile-controller-ids gives them.
_CONTROLLER_IDS = (15, 26, 27, 29, 30, 31)
# mlir-aie writes the lower five bits of the field: a packet id has no more.
_CONTROLLER_MASK = CHANNEL_CONTROL.encode({"controller_id": 0x1F})[0]
_WORD = 2**32


def with_register_sequence(lowered: ModuleOp, plan: PhysicalPlan) -> ModuleOp:
    """`lowered` with the sequence that `plan` was built from as register writes.

    lowered: what the plan was built from; not changed. Raises DesignError for a descriptor that
             registers cannot hold.
    """
    module = lowered.clone()
    for device in module.body.block.ops:
        if not isinstance(device, DeviceOp):
            continue
        for op in device.body.block.ops:
            if isinstance(op, RuntimeSequenceOp) and op.sym_name.data == plan.sequence.name:
                _Writer(plan, device, op).rewrite()
                return module
    return module


@dataclass
class _Writer:
    """Appends the operations of one sequence to `block`."""

    plan: PhysicalPlan
    device: DeviceOp
    sequence: RuntimeSequenceOp
    block: Block = field(init=False)
    globals: dict[tuple[int, ...], str] = field(default_factory=dict)
    held: dict[tuple[Tile, int], int] = field(default_factory=dict)

    def rewrite(self) -> None:
        """Put register writes in the place of what the sequence does."""
        old = self.sequence.body.block
        self.block = Block(arg_types=old.arg_types)
        for argument, former in zip(self.block.args, old.args, strict=True):
            argument.name_hint = former.name_hint
        for program in self.plan.channels:
            self._hold(program.first)
        for step in self.plan.sequence.steps:
            match step:
                case StartTask():
                    self._start(step)
                case AwaitToken():
                    self._await(step.channel)
                case WriteBuffer():
                    self._write_buffer(step)
                case SetLock():
                    lock = self.plan.locks[step.lock]
                    offset = REGISTER_MAPS[self._kind(lock.tile)].lock_offset(lock.id)
                    self._write_in_tile(lock.tile, offset, step.value)
        self.sequence.body.detach_block(old)
        self.sequence.body.add_block(self.block)

    def _start(self, step: StartTask) -> None:
        registers = REGISTER_MAPS[self._kind(step.channel.tile)]
        for index in self._chain(step.first):
            descriptor = self.plan.descriptors[index]
            if self.held.get((descriptor.tile, descriptor.id)) != index:
                self._write_descriptor(descriptor)
        self._hold(step.first)
        channel = step.channel
        if step.token:
            control = registers.control_offset(channel.direction, channel.index)
            controller = _CONTROLLER_IDS[channel.tile.row]
            (word,) = CHANNEL_CONTROL.encode({"controller_id": controller})
            address = self._constant(address_of(channel.tile, control))
            value, mask = self._constant(word), self._constant(_CONTROLLER_MASK)
            self._add(NpuMaskwrite32Op(address, value, mask))
        (word,) = START_QUEUE.encode(
            {
                "descriptor": self.plan.descriptors[step.first].id,
                "repeat_count": step.repeat_count - 1,
                "token": int(step.token),
            }
        )
        queue = registers.queue_offset(channel.direction, channel.index)
        value = self._constant(word)
        self._add(NpuWrite32Op(self._constant(address_of(channel.tile, queue)), value))

    def _write_descriptor(self, descriptor: Descriptor) -> None:
        kind = self._kind(descriptor.tile)
        parts = PlacedParts(self.device, list(self.plan.buffers), list(self.plan.locks))
        numbers = RegisterNumbers(parts, self.device.model)
        after = descriptor.next
        following = self.plan.descriptors[after].id if after is not None else None
        try:
            fields = numbers.fields_of(descriptor, following)
            words = words_of_fields(kind, fields)
        except ValueError as unheld:
            raise DesignError(
                f"descriptor {descriptor.id} of tile {descriptor.tile} cannot be written as words",
                at=descriptor.at,
                because=str(unheld),
            ) from None
        offset = REGISTER_MAPS[kind].descriptor_offset(descriptor.id)
        address = address_of(descriptor.tile, offset)
        self._add(NpuBlockwriteOp(self._global(words), address))
        if isinstance(descriptor.memory, HostBuffer):
            plus = self._constant(fields.pattern.offset * WORD_BYTES)
            patched = address + WORD_BYTES
            self._add(NpuAddressPatchOp(patched, descriptor.memory.argument, plus))

    def _await(self, channel: ChannelName) -> None:
        direction = int(channel.direction is Direction.MM2S)
        numbers = (channel.tile.column, channel.tile.row, direction, channel.index, 1, 1)
        self._add(NpuSyncOp(*(self._constant(number) for number in numbers)))

    def _write_buffer(self, step: WriteBuffer) -> None:
        buffer = self.plan.buffers[step.buffer]
        first = buffer.address + step.offset_bytes
        if first % WORD_BYTES or len(step.content) % WORD_BYTES:
            raise DesignError(
                f"{len(step.content)} bytes are written to byte {first} of tile {buffer.tile}",
                at=step.at,
                because=f"registers and memory are written in words of {WORD_BYTES} bytes",
            )
        for start in range(0, len(step.content), WORD_BYTES):
            word = int.from_bytes(step.content[start : start + WORD_BYTES], "little")
            self._write_in_tile(buffer.tile, first + start, word)

    def _write_in_tile(self, tile: Tile, offset: int, value: int) -> None:
        address = self._constant(offset)
        self._add(NpuWrite32Op(address, self._constant(value), column=tile.column, row=tile.row))

    def _global(self, words: Sequence[int]) -> SSAValue:
        """The words as a global of the device; equal ones share it."""
        key = tuple((word + _WORD // 2) % _WORD - _WORD // 2 for word in words)
        type_ = MemRefType(i32, [len(words)])
        name = self.globals.get(key)
        if name is None:
            name = self.globals[key] = f"blockwrite_data_{len(self.globals)}"
            content = DenseIntOrFPElementsAttr.from_list(TensorType(i32, [len(words)]), key)
            made = GlobalOp.get(
                StringAttr(name),
                type_,
                content,
                sym_visibility=StringAttr("private"),
                constant=UnitAttr(),
            )
            Rewriter.insert_op(made, InsertPoint.before(self.sequence))
        return self._add(GetGlobalOp(SymbolRefAttr(name), type_)).results[0]

    def _constant(self, number: int) -> SSAValue:
        signed = (number + _WORD // 2) % _WORD - _WORD // 2
        return self._add(ConstantOp(IntegerAttr(signed, i32))).results[0]

    def _add(self, op: Operation) -> Operation:
        self.block.add_op(op)
        return op

    def _kind(self, tile: Tile) -> TileKind:
        return self.device.model.kind(tile)

    def _hold(self, first: int) -> None:
        for index in self._chain(first):
            descriptor = self.plan.descriptors[index]
            self.held[descriptor.tile, descriptor.id] = index

    def _chain(self, first: int) -> list[int]:
        members: list[int] = []
        following: int | None = first
        while following is not None and following not in members:
            members.append(following)
            following = self.plan.descriptors[following].next
        return members
