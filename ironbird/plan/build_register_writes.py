"""Register-level operations of a runtime sequence as writes to the register file.

Refuses numbers that are known only at run time, and addresses that name no register.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from xdsl.dialects.builtin import (
    DenseArrayBase,
    DenseIntOrFPElementsAttr,
    StringAttr,
    SymbolRefAttr,
)
from xdsl.ir import Operation as MlirOperation
from xdsl.ir import OpResult, SSAValue

from ironbird.base.device import Direction, Tile
from ironbird.base.errors import DesignError
from ironbird.base.npu1_registers import (
    OFFSET_MASK,
    REGISTER_MAPS,
    START_QUEUE,
    WORD_BYTES,
    tile_and_offset,
)
from ironbird.base.source_line import SourceLine
from ironbird.ir.codes import DIRECTIONS
from ironbird.ir.integers import number_of
from ironbird.plan.build_core_program import constant_of
from ironbird.plan.plan import AwaitToken, ChannelName, Step
from ironbird.plan.register_descriptors import Patch
from ironbird.plan.register_file import RegisterFile, shim_descriptor_at
from ironbird.plan.writebd_words import words_of_writebd

_WORD = 2**32
WRITES_OF_WORDS = ("aiex.npu.write32", "aiex.npu.maskwrite32", "aiex.npu.push_queue")
"""Operations that may belong to resets at the start of a sequence."""
_CONTROL_OPCODES = {0: "write", 1: "read", 2: "block write", 3: "write, increment"}
_CONTROL_WRITES = (0, 2)


@dataclass(frozen=True)
class RegisterWrites:
    """Hands operations on to `registers`."""

    registers: RegisterFile

    def steps(self, op: MlirOperation, at: SourceLine | None) -> Iterator[Step] | None:
        """The steps that `op` causes; None if it is no register-level operation."""
        reader = _READERS.get(op.name)
        return reader(self, op, at) if reader is not None else None

    def _write32(self, op: MlirOperation, at: SourceLine | None) -> Iterator[Step]:
        address, value = (_number(each, op, at) for each in op.operands)
        tile, offset = self._place(op, address, at)
        yield from self.registers.write(tile, offset, [value % _WORD], at)

    def _maskwrite32(self, op: MlirOperation, at: SourceLine | None) -> Iterator[Step]:
        address, value, mask = (_number(each, op, at) for each in op.operands)
        tile, offset = self._place(op, address, at)
        yield from self.registers.write(tile, offset, [value % _WORD], at, mask % _WORD)

    def _blockwrite(self, op: MlirOperation, at: SourceLine | None) -> Iterator[Step]:
        words = self._global_words(op.operands[0], at)
        tile, offset = self._place(op, number_of(op.properties["address"]), at)
        yield from self.registers.write(tile, offset, words, at)

    def _address_patch(self, op: MlirOperation, at: SourceLine | None) -> Iterator[Step]:
        *address_operand, plus = (_number(each, op, at) for each in op.operands)
        address = address_operand[0] if address_operand else number_of(op.properties["addr"])
        tile, offset = tile_and_offset(address % _WORD)
        found = shim_descriptor_at(self.registers.model, tile, offset)
        if found is None or found[1] != 1:
            raise DesignError(
                f"address_patch names {address % _WORD:#x}",
                at=at,
                because="only word 1 of a shim tile's descriptor takes the address of an argument",
            )
        patch = Patch(number_of(op.properties["arg_idx"]), plus)
        self.registers.descriptors.patch(tile, found[0], patch, at)
        yield from ()

    def _push_queue(self, op: MlirOperation, at: SourceLine | None) -> Iterator[Step]:
        repeat_count, descriptor = (_number(each, op, at) for each in op.operands)
        properties = op.properties
        channel = ChannelName(
            Tile(number_of(properties["column"]), number_of(properties["row"])),
            DIRECTIONS.word(properties["direction"]),
            number_of(properties["channel"]),
        )
        try:
            kind = self.registers.model.kind(channel.tile)
            (word,) = START_QUEUE.encode(
                {
                    "descriptor": descriptor,
                    "repeat_count": repeat_count,
                    "token": int(number_of(properties["issue_token"]) != 0),
                }
            )
        except ValueError as outside:
            raise DesignError(
                f"a push to the queue of {channel}", at=at, because=str(outside)
            ) from None
        offset = REGISTER_MAPS[kind].queue_offset(channel.direction, channel.index)
        yield from self.registers.write(channel.tile, offset, [word], at)

    def _writebd(self, op: MlirOperation, at: SourceLine | None) -> Iterator[Step]:
        fields = {name: number_of(value) for name, value in op.properties.items()}
        tile = Tile(fields["column"], fields["row"])
        try:
            kind = self.registers.model.kind(tile)
            words = words_of_writebd(kind, fields)
        except ValueError as outside:
            raise DesignError(
                f"a write of descriptor {fields['bd_id']} of tile {tile}",
                at=at,
                because=str(outside),
            ) from None
        offset = REGISTER_MAPS[kind].descriptor_offset(fields["bd_id"])
        yield from self.registers.write(tile, offset, words, at)

    def _control_packet(self, op: MlirOperation, at: SourceLine | None) -> Iterator[Step]:
        """A packet to a tile's controller, as the write that it causes there.

        The way of the packet is not part of the plan: assumed is that the tools' overlay of control
        packets leads to every tile, and that it arrives at once.
        """
        opcode = number_of(op.properties["opcode"])
        content = op.properties.get("data")
        if opcode not in _CONTROL_WRITES or not isinstance(content, DenseArrayBase):
            raise DesignError(
                f"a control packet of opcode {opcode} ({_CONTROL_OPCODES.get(opcode, 'unknown')})",
                at=at,
                because="only writes have a part in the simulation: nobody takes the answer of a "
                "read",
                fix="opcode 0 (write) or 2 (block write), with data",
            )
        tile, offset = tile_and_offset(number_of(op.properties["address"]) % _WORD)
        words = [int(word) % _WORD for word in content.iter_values()]
        yield from self.registers.write(tile, offset, words, at)

    def _sync(self, op: MlirOperation, at: SourceLine | None) -> Iterator[Step]:
        """One token of the channel of every tile in the rectangle."""
        column, row, direction, channel, columns, rows = (
            _number(each, op, at) for each in op.operands
        )
        way = {0: Direction.S2MM, 1: Direction.MM2S}.get(direction)
        if way is None:
            raise DesignError(
                f"aiex.npu.sync names direction {direction}",
                at=at,
                because="it is 0, into memory (S2MM), or 1, out of memory (MM2S)",
            )
        if columns < 1 or rows < 1:
            raise DesignError(
                f"aiex.npu.sync waits for {columns} columns and {rows} rows",
                at=at,
                because="there is at least one of each",
            )
        self.registers.descriptors.waited()
        for each_column in range(column, column + columns):
            for each_row in range(row, row + rows):
                yield AwaitToken(
                    channel=ChannelName(Tile(each_column, each_row), way, channel), at=at
                )

    def _place(self, op: MlirOperation, address: int, at: SourceLine | None) -> tuple[Tile, int]:
        """Where an address is: in a named buffer (counted in words), a tile, or the array.

        Source: mlir-aie AIEXDialect.cpp, getAbsoluteAddress of the write operations.
        """
        name = op.properties.get("buffer")
        if isinstance(name, SymbolRefAttr):
            parts = self.registers.table.parts
            buffer = parts.buffers[parts.buffer_named(name.root_reference.data, at)]
            offset = address * WORD_BYTES
            if not 0 <= offset < buffer.byte_count:
                raise DesignError(
                    f"{op.name} writes word {address} of {buffer.name!r}",
                    at=at,
                    because=f"the buffer has {buffer.byte_count // WORD_BYTES}",
                )
            return buffer.tile, buffer.address + offset
        column, row = op.properties.get("column"), op.properties.get("row")
        if column is not None and row is not None:
            return Tile(number_of(column), number_of(row)), address % _WORD & OFFSET_MASK
        return tile_and_offset(address % _WORD)

    def _global_words(self, value: SSAValue, at: SourceLine | None) -> list[int]:
        """The content of the `memref.global` that `value` is, as 32-bit words."""
        source = value.op if isinstance(value, OpResult) else None
        if source is None or source.name != "memref.get_global":
            raise DesignError(
                "a block write takes its words from something other than a memref.global", at=at
            )
        reference = source.properties["name"]
        assert isinstance(reference, SymbolRefAttr)
        symbol = reference.root_reference.data
        for each in self.registers.table.parts.device.body.block.ops:
            name = each.properties.get("sym_name")
            if each.name == "memref.global" and name == StringAttr(symbol):
                return _words_of(each, symbol, at)
        raise DesignError(f"there is no memref.global @{symbol}", at=at)


def _words_of(op: MlirOperation, symbol: str, at: SourceLine | None) -> list[int]:
    initial = op.properties.get("initial_value")
    if not isinstance(initial, DenseIntOrFPElementsAttr):
        raise DesignError(
            f"the words of memref.global @{symbol} are known only at run time",
            at=at,
            because="it has no initial value",
        )
    numbers = np.asarray(initial.get_values(), dtype=np.int64)
    count = int(np.prod([int(size) for size in initial.type.get_shape()], dtype=np.int64))
    return [int(number) % _WORD for number in np.broadcast_to(numbers.reshape(-1), (count,))]


def _number(value: SSAValue, op: MlirOperation, at: SourceLine | None) -> int:
    number = constant_of(value)
    if number is None:
        raise DesignError(
            f"{op.name} takes a number that is known only at run time",
            at=at,
            because="the sequence is compiled once, with every number in it",
        )
    return number


_READERS: dict[
    str, Callable[[RegisterWrites, MlirOperation, SourceLine | None], Iterator[Step]]
] = {
    "aiex.npu.write32": RegisterWrites._write32,
    "aiex.npu.maskwrite32": RegisterWrites._maskwrite32,
    "aiex.npu.blockwrite": RegisterWrites._blockwrite,
    "aiex.npu.address_patch": RegisterWrites._address_patch,
    "aiex.npu.push_queue": RegisterWrites._push_queue,
    "aiex.npu.writebd": RegisterWrites._writebd,
    "aiex.npu.sync": RegisterWrites._sync,
    "aiex.control_packet": RegisterWrites._control_packet,
}
