"""The register writes of a sequence that start the trace units and, at its end, stop them."""

from collections.abc import Iterable
from math import prod

from xdsl.dialects import arith
from xdsl.dialects.builtin import IntegerAttr, MemRefType
from xdsl.ir import Operation, SSAValue

from ironbird.base.device import Direction, Tile
from ironbird.base.errors import DesignError
from ironbird.base.npu1 import NPU1
from ironbird.base.npu1_registers import (
    CHANNEL_CONTROL,
    COLUMN_SHIFT,
    REGISTER_MAPS,
    START_QUEUE,
    WORD_BYTES,
)
from ironbird.base.trace_events import EVENTS, TracePacket
from ironbird.base.trace_registers import EVENT_BROADCAST_A, EVENT_GENERATE, REGISTERS
from ironbird.ir.aie import RuntimeSequenceOp, TraceHostConfigOp, TraceStartConfigOp
from ironbird.ir.aiex import (
    NpuAddressPatchOp,
    NpuMaskwrite32Op,
    NpuWrite32Op,
    NpuWritebdOp,
)
from ironbird.ir.integers import i8, i32
from ironbird.ir.locations import named_location, source_line_of
from ironbird.passes.element_bytes import element_bytes_of
from ironbird.passes.lower_sequence.sequences import insert_after
from ironbird.passes.lower_traces.egress import DESCRIPTOR, Egress
from ironbird.passes.lower_traces.registers import registers_of
from ironbird.passes.lower_traces.unit import TraceUnit

_BURST_BYTES = 64
# Packet id of the shim's tile controller, which tokens carry (mlir-aie's overlay).
_CONTROLLER_ID = 15
_START_EVENT = EVENTS[TracePacket.SHIM]["USER_EVENT_1"]
_STOP_EVENT = EVENTS[TracePacket.SHIM]["USER_EVENT_0"]


def start_traces(
    sequence: RuntimeSequenceOp,
    host: TraceHostConfigOp,
    after: TraceStartConfigOp,
    units: list[TraceUnit],
    egress: Egress,
) -> None:
    """Write the configuration behind `after`, and the end behind the sequence's last operation."""
    writes = _Writes()
    for unit in units:
        for register in registers_of(unit):
            writes.word(unit.tile, register.offset, register.value)
        _reset_timer(writes, unit.packet, unit.tile, unit.start)
    argument, offset_bytes = _trace_buffer(sequence, host, egress)
    _write_descriptor(writes, egress, argument, offset_bytes)
    _start_channel(writes, egress)
    _reset_timer(writes, TracePacket.SHIM, egress.tile, _START_EVENT)
    for channel in _broadcasts(unit.start_broadcast for unit in units):
        _broadcast(writes, egress.tile, channel, _START_EVENT)
    writes.word(egress.tile, EVENT_GENERATE, _START_EVENT)
    insert_after(after, *writes.operations(host))
    ends = _Writes()
    for channel in _broadcasts(unit.stop_broadcast for unit in units):
        _broadcast(ends, egress.tile, channel, _STOP_EVENT)
    ends.word(egress.tile, EVENT_GENERATE, _STOP_EVENT)
    last = sequence.body.block.last_op
    assert last is not None
    insert_after(last, *ends.operations(host))


class _Writes:
    """Operations and the constants before them."""

    def __init__(self) -> None:
        self._made: list[Operation] = []

    def constant(self, value: int) -> SSAValue:
        """A 32-bit number; from 2**31 on it prints negative."""
        signed = value - 2**32 if value >= 2**31 else value
        op = arith.ConstantOp(IntegerAttr(signed, i32))
        self._made.append(op)
        return op.result

    def word(self, tile: Tile, offset: int, value: int) -> None:
        """Write a register."""
        self.add(
            NpuWrite32Op(
                self.constant(offset), self.constant(value), column=tile.column, row=tile.row
            )
        )

    def masked(self, tile: Tile, offset: int, value: int, mask: int) -> None:
        """Write the bits of a register that `mask` has."""
        self.add(
            NpuMaskwrite32Op(
                self.constant(offset),
                self.constant(value),
                self.constant(mask),
                column=tile.column,
                row=tile.row,
            )
        )

    def add(self, op: Operation) -> None:
        """Any other operation."""
        self._made.append(op)

    def operations(self, source: Operation) -> list[Operation]:
        """All of them, at the line of `source`."""
        for op in self._made:
            op.location = named_location("trace", source_line_of(source))
        return self._made


def _reset_timer(writes: _Writes, packet: TracePacket, tile: Tile, event: int) -> None:
    """All timers start from 0 with the event that starts the traces."""
    registers = REGISTERS[packet]
    (word,) = registers.timer_layout.encode({"reset_event": event})
    writes.word(tile, registers.timer, word)


def _trace_buffer(
    sequence: RuntimeSequenceOp, host: TraceHostConfigOp, egress: Egress
) -> tuple[int, int]:
    """The number of the argument that takes the packets, and the byte they start at."""
    block = sequence.body.block
    if not egress.reuses_last_argument:
        block.insert_arg(MemRefType(i8, [egress.byte_count]), len(block.args))
        return len(block.args) - 1, 0
    last = block.args[-1].type if block.args else None
    if not isinstance(last, MemRefType):
        raise DesignError(
            "reuse_output_buffer without a tensor to put the trace behind",
            at=source_line_of(host),
            because="the sequence's last argument is "
            + (str(last) if last is not None else "missing"),
        )
    return len(block.args) - 1, prod(last.get_shape()) * element_bytes_of(last.element_type)


def _write_descriptor(writes: _Writes, egress: Egress, argument: int, offset_bytes: int) -> None:
    """One descriptor for the whole buffer; packets keep their headers."""
    writes.add(
        NpuWritebdOp(
            {
                **dict.fromkeys(NpuWritebdOp.get_irdl_definition().properties, 0),
                "column": egress.tile.column,
                "row": egress.tile.row,
                "bd_id": DESCRIPTOR,
                "buffer_length": egress.byte_count // WORD_BYTES,
                "burst_length": _BURST_BYTES,
                "enable_packet": 1,
                "valid_bd": 1,
            }
        )
    )
    registers = REGISTER_MAPS[NPU1.kind(egress.tile)]
    address = egress.tile.column << COLUMN_SHIFT | registers.descriptor_offset(DESCRIPTOR)
    writes.add(NpuAddressPatchOp(address + WORD_BYTES, argument, writes.constant(offset_bytes)))


def _start_channel(writes: _Writes, egress: Egress) -> None:
    registers = REGISTER_MAPS[NPU1.kind(egress.tile)]
    (control,) = CHANNEL_CONTROL.encode({"controller_id": _CONTROLLER_ID})
    writes.masked(
        egress.tile,
        registers.control_offset(Direction.S2MM, egress.channel),
        control,
        CHANNEL_CONTROL.fields["controller_id"].mask,
    )
    (queued,) = START_QUEUE.encode({"descriptor": DESCRIPTOR, "token": 1})
    writes.word(egress.tile, registers.queue_offset(Direction.S2MM, egress.channel), queued)


def _broadcasts(named: Iterable[int | None]) -> list[int]:
    return sorted({each for each in named if each is not None})


def _broadcast(writes: _Writes, shim: Tile, channel: int, event: int) -> None:
    """`event` of the shim goes out to all tiles on a broadcast channel."""
    writes.word(shim, EVENT_BROADCAST_A + WORD_BYTES * channel, event)
