"""Transfers that one descriptor cannot hold become several tasks."""

import itertools
from dataclasses import dataclass
from typing import ClassVar

from xdsl.dialects.builtin import MemRefType
from xdsl.ir import Block, Region

from ironbird.base.access_pattern import AccessPattern, why_not_one_descriptor
from ironbird.base.device import DeviceModel, TileModel
from ironbird.base.errors import DesignError
from ironbird.ir.aie import BdIterationAttr, DeviceOp, DmaBdOp, EndOp, UseLockOp, tile_of
from ironbird.ir.aiex import (
    DmaAwaitTaskOp,
    DmaConfigureTaskOp,
    DmaFreeTaskOp,
    DmaStartTaskOp,
)
from ironbird.ir.aiex.tasks import TaskUse
from ironbird.ir.integers import Integer, as_i32, number_of
from ironbird.ir.locations import name_of_location, source_line_of
from ironbird.passes.element_bytes import element_bytes_of
from ironbird.passes.lower_sequence.sequences import erase, insert_before, sequence_ops
from ironbird.passes.lower_sequence.split_transfer import Run, Splitter
from ironbird.passes.module_pass import ModulePass

_ITERATION_DIMENSIONS = 4


@dataclass(frozen=True)
class SplitTransfers(ModulePass):
    """Give every task descriptors that its tile can hold.

    Before:  a descriptor has up to four dimensions, of any size; the outermost of four is the step
             between the runs that `repeat_count` asks for.
    After:   that step is `iteration`; every layout fits the fields of a descriptor; what does not
             fit one task is several, started one after the other, and the last issues the token.
    Refuses: a layout that no number of descriptors makes up, or that takes more than `max_tasks`;
             a length that differs from its layout; a chain of which one descriptor does not fit.
    """

    name: ClassVar[str] = "split-transfers"
    max_tasks: int = 64

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        for task in list(sequence_ops(device, DmaConfigureTaskOp)):
            place = tile_of(task.tile)
            assert place is not None
            descriptors = [op for op in task.body.walk() if isinstance(op, DmaBdOp)]
            for bd in descriptors:
                self._check_length(bd, task)
            if len(descriptors) == 1 and _is_plain(task, descriptors[0]):
                self._split(task, descriptors[0], model.model(place))
            else:
                for bd in descriptors:
                    self._check_fits(bd, task, model.model(place))

    def _split(self, task: DmaConfigureTaskOp, bd: DmaBdOp, tile: TileModel) -> None:
        written = _as_written(bd, task)
        splitter = Splitter(_element_bytes(bd), tile.descriptor, tile.max_repeat)
        if _fits(written, splitter):
            _set_run(task, bd, written)
            return
        try:
            runs = list(itertools.islice(splitter.runs(_whole(written)), self.max_tasks + 1))
        except ValueError as reason:
            raise _refusal(task, bd, str(reason)) from None
        if len(runs) > self.max_tasks:
            reason_whole = why_not_one_descriptor(
                _whole(written), splitter.element_bytes, splitter.limits
            )
            raise _refusal(
                task, bd, f"{reason_whole}; split up, it takes more than {self.max_tasks} tasks"
            )
        _replace_by_runs(task, bd, runs)

    def _check_length(self, bd: DmaBdOp, task: DmaConfigureTaskOp) -> None:
        """Without padding the length is what the layout visits in one run."""
        if not bd.dimensions or bd.static_len is None or bd.pad_dimensions is not None:
            return
        inner = bd.dimensions[-(_ITERATION_DIMENSIONS - 1) :]
        visited = 1
        for size, _ in inner:
            visited *= size
        if bd.length_elements != visited:
            sizes = [size for size, _ in bd.dimensions]
            raise _refusal(
                task,
                bd,
                f"its length is {bd.length_elements} elements, its layout {sizes} visits {visited} "
                "in one run",
                fix=f"a length of {visited}",
            )

    def _check_fits(self, bd: DmaBdOp, task: DmaConfigureTaskOp, tile: TileModel) -> None:
        run = _as_written(bd, task)
        reason = why_not_one_descriptor(run.pattern, _element_bytes(bd), tile.descriptor)
        if reason is not None:
            raise _refusal(task, bd, f"{reason}; a descriptor of a chain is not split")
        _set_run(task, bd, run)


def _is_plain(task: DmaConfigureTaskOp, bd: DmaBdOp) -> bool:
    """Whether several descriptors may do what `bd` does: no locks round it, no padding in it."""
    return bd.pad_dimensions is None and not any(isinstance(op, UseLockOp) for op in task.walk())


def _as_written(bd: DmaBdOp, task: DmaConfigureTaskOp) -> Run:
    """The task as its author wrote it: the outermost of four dimensions is the iteration."""
    runs = 1 + (number_of(task.repeat_count) if task.repeat_count is not None else 0)
    iteration = None
    if bd.iteration is not None:
        iteration = (bd.iteration.size.data, bd.iteration.stride.data)
    dimensions = bd.dimensions
    if not dimensions:
        return Run(AccessPattern.linear(bd.length_elements, bd.offset_elements), runs, iteration)
    if len(dimensions) >= _ITERATION_DIMENSIONS:
        outer, dimensions = dimensions[:-3], dimensions[-3:]
        moving = [(size, stride) for size, stride in outer if size > 1]
        if len(moving) > 1:
            raise _refusal(task, bd, f"{len(bd.dimensions)} dimensions; a task has 4 at most")
        # An outermost stride of 0 is a repeat: every run is the same.
        iteration = next(((size, stride) for size, stride in moving if stride != 0), iteration)
    sizes, strides = zip(*dimensions, strict=True)
    pattern = AccessPattern(bd.offset_elements, sizes, strides)
    return Run(pattern, runs, iteration)


def _fits(run: Run, splitter: Splitter) -> bool:
    limits = splitter.limits
    if why_not_one_descriptor(run.pattern, splitter.element_bytes, limits) is not None:
        return False
    if run.runs > splitter.max_runs:
        return False
    if run.iteration is None:
        return True
    return splitter.can_iterate(*run.iteration)


def _whole(run: Run) -> AccessPattern:
    """All visits of all runs, as one pattern."""
    outer: list[tuple[int, int]] = []
    if run.iteration is None:
        outer = [(run.runs, 0)]
    elif run.runs <= run.iteration[0]:
        outer = [(run.runs, run.iteration[1])]
    else:
        turns, rest = divmod(run.runs, run.iteration[0])
        if rest:
            raise ValueError(
                f"{run.runs} runs are not whole turns of an iteration of {run.iteration[0]}"
            )
        outer = [(turns, 0), run.iteration]
    sizes, strides = zip(*outer, strict=True)
    return AccessPattern(
        run.pattern.offset, (*sizes, *run.pattern.sizes), (*strides, *run.pattern.strides)
    )


def _set_run(task: DmaConfigureTaskOp, bd: DmaBdOp, run: Run) -> None:
    task.repeat_count = _new_repeat(run)
    written = _descriptor(bd, run)
    written.location = bd.location
    parent = bd.parent_block()
    assert parent is not None
    insert_before(bd, written)
    erase(bd)


def _replace_by_runs(task: DmaConfigureTaskOp, bd: DmaBdOp, runs: list[Run]) -> None:
    """Tasks in place of `task`; each use of it becomes a use of all, an await one of the last."""
    parts = []
    for run in runs:
        part_bd = _descriptor(bd, run)
        part_bd.location = bd.location
        if run is not runs[0]:
            part_bd.bd_id = None
        part = DmaConfigureTaskOp(
            task.tile,
            task.dma_direction,
            number_of(task.channel),
            Region(Block([part_bd, EndOp()])),
            packet=task.packet,
        )
        part.location = task.location
        part.repeat_count = _new_repeat(run)
        parts.append(part)
    parts[-1].issue_token = task.issue_token
    insert_before(task, *parts)
    uses = [use.operation for use in task.result.uses]
    is_freed = any(isinstance(use, DmaFreeTaskOp) for use in uses)
    for use in uses:
        assert isinstance(use, DmaAwaitTaskOp | DmaStartTaskOp | DmaFreeTaskOp)
        if isinstance(use, DmaAwaitTaskOp):
            # A channel runs its tasks in order: with the last one the others are done.
            others = [] if is_freed else [DmaFreeTaskOp(part) for part in parts[:-1]]
            again: list[TaskUse] = [DmaAwaitTaskOp(parts[-1]), *others]
        else:
            again = [type(use)(part) for part in parts]
        for each in again:
            each.location = use.location
        insert_before(use, *again)
        erase(use)
    erase(task)


def _descriptor(bd: DmaBdOp, run: Run) -> DmaBdOp:
    """A descriptor like `bd` that visits what `run` visits."""
    pattern = run.pattern if bd.pad_dimensions is not None else run.pattern.simplified()
    linear = pattern.strides in ((), (1,))
    fresh = DmaBdOp(
        bd.buffer,
        pattern.offset,
        bd.length_elements if bd.pad_dimensions is not None else pattern.element_count,
        None if linear else pattern.sizes,
        None if linear else pattern.strides,
        bd_id=None if bd.bd_id is None else number_of(bd.bd_id),
        packet=bd.packet,
        burst_length=None if bd.burst_length is None else number_of(bd.burst_length),
        iteration=None if run.iteration is None else BdIterationAttr.of(*run.iteration),
    )
    fresh.pad_dimensions = bd.pad_dimensions
    return fresh


def _new_repeat(run: Run) -> Integer | None:
    """MLIR counts the runs after the first, and leaves out none."""
    return as_i32(run.runs - 1) if run.runs > 1 else None


def _element_bytes(bd: DmaBdOp) -> int:
    assert isinstance(bd.buffer.type, MemRefType)
    return element_bytes_of(bd.buffer.type.element_type)


def _refusal(
    task: DmaConfigureTaskOp,
    bd: DmaBdOp,
    reason: str,
    fix: str = "a tap of at most 3 dimensions and a repeat, with whole 32-bit words innermost",
) -> DesignError:
    fifo = name_of_location(task)
    subject = f"the transfer on {fifo!r}" if fifo is not None else "a transfer"
    return DesignError(
        f"{subject} is not one that the DMA of tile {tile_of(task.tile)} can make",
        at=source_line_of(bd),
        because=reason,
        fix=fix,
    )
