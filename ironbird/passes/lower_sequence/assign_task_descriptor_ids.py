"""Descriptor ids of tasks, given back when a task is awaited or freed."""

from dataclasses import dataclass, field
from typing import ClassVar

from xdsl.dialects.builtin import UnknownLoc
from xdsl.ir import SSAValue

from ironbird.base.device import DeviceModel, Tile
from ironbird.base.errors import DesignError
from ironbird.ir.aie import DeviceOp, DmaBdOp, NextBdOp, RuntimeSequenceOp, tile_of
from ironbird.ir.aie.dma import DmaProgram
from ironbird.ir.aiex import (
    DmaAwaitTaskOp,
    DmaConfigureTaskOp,
    DmaFreeTaskOp,
    DmaStartTaskOp,
    NpuWritebdOp,
)
from ironbird.ir.aiex.tasks import TaskUse
from ironbird.ir.integers import as_i32, number_of
from ironbird.ir.locations import name_of_location, source_line_of
from ironbird.passes.lower_sequence.sequences import sequence_ops, sequences
from ironbird.passes.lower_sequence.task_facts import (
    TaskChannel,
    channel_of,
    described,
    task_op,
)
from ironbird.passes.module_pass import ModulePass


@dataclass(frozen=True)
class AssignTaskDescriptorIds(ModulePass):
    """Give every descriptor of a task the lowest id that is free when the task is configured.

    Before:  `bd_id` is absent, or set by the author.
    After:   every `bd_id` is set; no two tasks that may be under way share one on a tile.
    Refuses: a tile without a free id; an author's id that another task or the tile's own DMA
             program holds; anything done to a task after it was freed.
    """

    name: ClassVar[str] = "assign-task-descriptor-ids"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        configured = _ids_of_programs(device)
        for op in sequence_ops(device, NpuWritebdOp):
            tile = Tile(number_of(op.column), number_of(op.row))
            configured.setdefault(tile, set()).add(number_of(op.bd_id))
        for sequence in sequences(device):
            _Ids(model, configured).assign(sequence)


@dataclass
class _Ids:
    """Walks one sequence and keeps who holds which id.

    done: tasks whose end is known from an await of a later task on their channel. They keep their
          ids, as mlir-aie gives them, until no other id is left.
    freed: the operation that freed each task, on the author's word that it is done.
    """

    model: DeviceModel
    configured: dict[Tile, set[int]]
    holders: dict[tuple[Tile, int], SSAValue] = field(default_factory=dict)
    started: dict[TaskChannel, list[SSAValue]] = field(default_factory=dict)
    done: set[SSAValue] = field(default_factory=set)
    freed: dict[SSAValue, DmaFreeTaskOp] = field(default_factory=dict)

    def assign(self, sequence: RuntimeSequenceOp) -> None:
        for op in sequence.body.block.ops:
            match op:
                case DmaConfigureTaskOp():
                    self._configure(op)
                case DmaStartTaskOp():
                    self._refuse_freed(op, "starts")
                    self.started.setdefault(channel_of(op.task), []).append(op.task)
                    self.done.discard(op.task)
                case DmaAwaitTaskOp():
                    self._refuse_freed(op, "awaits")
                    queue = self.started.get(channel_of(op.task), [])
                    if op.task in queue:
                        self.done.update(queue[: queue.index(op.task)])
                        del queue[: queue.index(op.task) + 1]
                    self._release(op.task)
                case DmaFreeTaskOp():
                    self._refuse_freed(op, "frees")
                    # Without a line it is not the author's: a memcpy took over the id.
                    if not isinstance(op.location, UnknownLoc):
                        self.freed[op.task] = op
                    self._release(op.task)

    def _refuse_freed(self, op: TaskUse, verb: str) -> None:
        freeing = self.freed.get(op.task)
        if freeing is not None:
            raise DesignError(
                f"the sequence {verb} {described(op.task)} after it was freed",
                at=source_line_of(op),
                because=f"its descriptors are free for others since {source_line_of(freeing)}",
                fix="one free of each task, behind its last use",
            )

    def _configure(self, op: DmaConfigureTaskOp) -> None:
        descriptors = [each for each in op.body.walk() if isinstance(each, DmaBdOp)]
        for bd in descriptors:
            if bd.bd_id is not None:
                self._hold(op, number_of(bd.bd_id), bd)
        for bd in descriptors:
            if bd.bd_id is None:
                bd_id = self._free_id(op)
                bd.bd_id = as_i32(bd_id)
                self._hold(op, bd_id, bd)
        for bd in descriptors:
            _set_next_id(bd)

    def _hold(self, op: DmaConfigureTaskOp, bd_id: int, bd: DmaBdOp) -> None:
        tile = channel_of(op.result).tile
        allowed = self._allowed(op)
        at = source_line_of(bd)
        if bd_id not in allowed:
            raise DesignError(
                f"{described(op.result)} asks for descriptor {bd_id}",
                at=at,
                because=f"{channel_of(op.result)} may use {allowed.start}..{allowed.stop - 1}",
            )
        if bd_id in self.configured.get(tile, ()):
            raise DesignError(
                f"{described(op.result)} asks for descriptor {bd_id} of tile {tile}",
                at=at,
                because="the DMA program of that tile uses it",
                fix="no bd_id: a free one is found",
            )
        holder = self.holders.get((tile, bd_id))
        if holder is not None and holder not in self.done:
            raise DesignError(
                f"{described(op.result)} asks for descriptor {bd_id} of tile {tile}",
                at=at,
                because=f"{described(holder)} holds it and was neither awaited nor freed",
                fix="an await or a free of that one first, or no bd_id: a free one is found",
            )
        self.holders[tile, bd_id] = op.result

    def _free_id(self, op: DmaConfigureTaskOp) -> int:
        tile = channel_of(op.result).tile
        allowed = self._allowed(op)
        usable = [bd_id for bd_id in allowed if bd_id not in self.configured.get(tile, ())]
        for bd_id in usable:
            if (tile, bd_id) not in self.holders:
                return bd_id
        for bd_id in usable:
            if self.holders[tile, bd_id] in self.done:
                return bd_id
        holders = _counted([self.holders[tile, bd_id] for bd_id in usable])
        raise DesignError(
            f"no descriptor is left on tile {tile} for {described(op.result)}",
            at=source_line_of(op),
            because=f"{channel_of(op.result)} has {len(usable)}, held by tasks that were neither "
            f"awaited nor freed: {holders}",
            fix="an await or a free of one of them before this line",
        )

    def _allowed(self, op: DmaConfigureTaskOp) -> range:
        channel = channel_of(op.result)
        return self.model.model(channel.tile).descriptors_of_channel(channel.channel)

    def _release(self, task: SSAValue) -> None:
        self.holders = {key: holder for key, holder in self.holders.items() if holder is not task}


def _counted(tasks: list[SSAValue]) -> str:
    """How many descriptors the tasks of each fifo hold, with the first and the last line."""
    by_fifo: dict[str, list[SSAValue]] = {}
    for task in tasks:
        by_fifo.setdefault(str(name_of_location(task_op(task))), []).append(task)
    parts = []
    for fifo, held in by_fifo.items():
        first, last = (source_line_of(task_op(each)) for each in (held[0], held[-1]))
        parts.append(f"{len(held)} by {fifo!r} ({first} to {last})")
    return ", ".join(parts)


def _ids_of_programs(device: DeviceOp) -> dict[Tile, set[int]]:
    """The ids that the DMA programs of the tiles use from configuration on."""
    used: dict[Tile, set[int]] = {}
    for program in device.body.block.ops:
        if not isinstance(program, DmaProgram):
            continue
        tile = tile_of(program.tile)
        assert tile is not None
        used[tile] = {
            number_of(op.bd_id)
            for op in program.walk()
            if isinstance(op, DmaBdOp) and op.bd_id is not None
        }
    return used


def _set_next_id(bd: DmaBdOp) -> None:
    block = bd.parent_block()
    assert block is not None
    last = block.last_op
    if isinstance(last, NextBdOp):
        following = next((op for op in last.dest.ops if isinstance(op, DmaBdOp)), None)
        bd.next_bd_id = following.bd_id if following is not None else None
