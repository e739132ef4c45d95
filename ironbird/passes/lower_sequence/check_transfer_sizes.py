"""Transfers of the sequence against the objects at the other end of their channel.

What a channel of the shim moves in the whole sequence has to end where a descriptor at the other
end of its flow ends; otherwise the last object is never complete.
"""

import itertools
import math
from dataclasses import dataclass
from typing import ClassVar

from xdsl.dialects.builtin import MemRefType
from xdsl.ir import SSAValue

from ironbird.base.device import Bundle, DeviceModel, Direction, Tile, TileKind
from ironbird.base.errors import DesignError
from ironbird.ir.aie import (
    DeviceOp,
    DmaBdOp,
    DmaProgram,
    DmaStartOp,
    FlowOp,
    NextBdOp,
    RuntimeSequenceOp,
    tile_of,
)
from ironbird.ir.aiex import DmaConfigureTaskOp, DmaStartTaskOp
from ironbird.ir.integers import number_of
from ironbird.ir.locations import name_of_location, source_line_of
from ironbird.passes.element_bytes import element_bytes_of
from ironbird.passes.lower_sequence.sequences import sequences
from ironbird.passes.lower_sequence.task_facts import (
    TaskChannel,
    channel_of,
    described,
    task_op,
)
from ironbird.passes.module_pass import ModulePass


@dataclass(frozen=True)
class CheckTransferSizes(ModulePass):
    """Refuse a sequence that leaves an object half filled or half drained.

    Before:  tasks name their channel; flows are not routed yet.
    After:   nothing changed.
    Refuses: a channel whose transfers end inside an object of the fifo.
    """

    name: ClassVar[str] = "check-transfer-sizes"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        cycles = _descriptor_cycles(device)
        partners = _partners(device, model)
        for sequence in sequences(device):
            for channel, starts in _starts(sequence).items():
                for partner in partners.get(channel, []):
                    if partner in cycles:
                        _check(starts, cycles[partner])


def _check(starts: list[DmaStartTaskOp], lengths: list[int]) -> None:
    moved = sum(_bytes_of_task(start.task) for start in starts)
    if moved % sum(lengths) in (0, *itertools.accumulate(lengths)):
        return
    first = starts[0]
    fifo = name_of_location(task_op(first.task))
    subject = f"the transfers on {fifo!r}" if fifo is not None else described(first.task)
    object_bytes = _common(lengths)
    raise DesignError(
        f"{subject} end inside an object",
        at=source_line_of(first),
        because=f"they move {moved} bytes; an object has {object_bytes}, so that "
        f"{moved % object_bytes} bytes are left over",
        fix=f"transfers of {_whole_objects(moved, object_bytes)} bytes",
    )


def _whole_objects(moved: int, object_bytes: int) -> str:
    """The nearest sizes that are whole objects."""
    fewer = moved - moved % object_bytes
    return f"{fewer} or {fewer + object_bytes}" if fewer else f"{object_bytes}"


def _common(lengths: list[int]) -> int:
    """The bytes of one object: of one descriptor, or of all parts where they differ."""
    return lengths[0] if len(set(lengths)) == 1 else sum(lengths)


def _starts(sequence: RuntimeSequenceOp) -> dict[TaskChannel, list[DmaStartTaskOp]]:
    starts: dict[TaskChannel, list[DmaStartTaskOp]] = {}
    for op in sequence.body.block.ops:
        if isinstance(op, DmaStartTaskOp):
            starts.setdefault(channel_of(op.task), []).append(op)
    return starts


def _bytes_of_task(task: SSAValue) -> int:
    """Bytes that cross the stream in all runs of a task."""
    op: DmaConfigureTaskOp = task_op(task)
    runs = 1 + (number_of(op.repeat_count) if op.repeat_count is not None else 0)
    return runs * sum(_bytes_of(bd) for bd in op.body.walk() if isinstance(bd, DmaBdOp))


def _bytes_of(bd: DmaBdOp) -> int:
    assert isinstance(bd.buffer.type, MemRefType)
    elements = bd.length_elements
    if bd.static_len is None and bd.dimensions:
        elements = math.prod(size for size, _ in bd.dimensions)
    return elements * element_bytes_of(bd.buffer.type.element_type)


def _partners(device: DeviceOp, model: DeviceModel) -> dict[TaskChannel, list[TaskChannel]]:
    """For each channel of a shim the channels at the other end of its circuits."""
    found: dict[TaskChannel, list[TaskChannel]] = {}
    for op in device.body.block.ops:
        if not isinstance(op, FlowOp):
            continue
        source, dest = tile_of(op.source), tile_of(op.dest)
        if source is None or dest is None:
            continue
        if op.source_port[0] is not Bundle.DMA or op.dest_port[0] is not Bundle.DMA:
            continue
        sender = TaskChannel(source, Direction.MM2S, op.source_port[1])
        receiver = TaskChannel(dest, Direction.S2MM, op.dest_port[1])
        for one, other in ((sender, receiver), (receiver, sender)):
            if model.kind(one.tile) is TileKind.SHIM:
                found.setdefault(one, []).append(other)
    return found


def _descriptor_cycles(device: DeviceOp) -> dict[TaskChannel, list[int]]:
    """Bytes of each descriptor in the endless chain of each channel; ending chains are left out."""
    cycles: dict[TaskChannel, list[int]] = {}
    for program in device.body.block.ops:
        if not isinstance(program, DmaProgram):
            continue
        tile: Tile | None = tile_of(program.tile)
        for op in program.walk():
            if isinstance(op, DmaStartOp) and tile is not None:
                channel = TaskChannel(tile, op.direction, number_of(op.channel_index))
                lengths = _endless_chain(op)
                if lengths is not None:
                    cycles[channel] = lengths
    return cycles


def _endless_chain(start: DmaStartOp) -> list[int] | None:
    lengths: list[int] = []
    block, visited = start.dest, []
    while block not in visited:
        bd = next((op for op in block.ops if isinstance(op, DmaBdOp)), None)
        if bd is None:
            return None
        visited.append(block)
        lengths.append(_bytes_of(bd))
        if not isinstance(block.last_op, NextBdOp):
            return None
        block = block.last_op.dest
    return lengths if block is start.dest else None
