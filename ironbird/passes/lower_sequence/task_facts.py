"""What a task value stands for: its operation, its channel, its name in messages."""

from dataclasses import dataclass

from xdsl.ir import Operation, OpResult, SSAValue

from ironbird.base.device import Direction, Tile
from ironbird.base.errors import DesignError
from ironbird.ir.aie import tile_of
from ironbird.ir.aiex import DmaConfigureTaskOp
from ironbird.ir.integers import number_of
from ironbird.ir.locations import name_of_location, source_line_of


@dataclass(frozen=True, order=True)
class TaskChannel:
    """The DMA channel that a task runs on."""

    tile: Tile
    direction: Direction
    channel: int

    def __str__(self) -> str:
        return f"channel {self.direction} {self.channel} of tile {self.tile}"


def task_op(task: SSAValue) -> DmaConfigureTaskOp:
    """The operation that configures `task`."""
    if isinstance(task, OpResult) and isinstance(task.op, DmaConfigureTaskOp):
        return task.op
    owner = task.owner if isinstance(task.owner, Operation) else task.owner.parent_op()
    raise DesignError(
        "a task whose tile and channel are not known is used",
        at=None if owner is None else source_line_of(owner),
        because="it comes from a loop or from a condition",
    )


def channel_of(task: SSAValue) -> TaskChannel:
    """The channel of `task`."""
    op = task_op(task)
    tile = tile_of(op.tile)
    if tile is None:
        raise DesignError("a task is configured on a tile without a place", at=source_line_of(op))
    return TaskChannel(tile, op.dma_direction, number_of(op.channel))


def issues_token(task: SSAValue) -> bool:
    """Whether the end of `task` can be awaited."""
    token = task_op(task).issue_token
    return token is not None and number_of(token) != 0


def described(task: SSAValue) -> str:
    """`the transfer on 'x' (design.py:12)`."""
    op = task_op(task)
    fifo = name_of_location(op)
    subject = f"the transfer on {fifo!r}" if fifo is not None else f"a task of {channel_of(task)}"
    line = source_line_of(op)
    return f"{subject} ({line})" if line is not None else subject
