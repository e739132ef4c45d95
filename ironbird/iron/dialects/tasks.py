"""Tasks of the sequence: descriptors configured, started, awaited and freed."""

from collections.abc import Sequence
from typing import Any

from xdsl.dialects.builtin import IntegerAttr
from xdsl.ir import Operation, Region

from ironbird.base.device import Direction
from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aiex
from ironbird.ir.codes import DIRECTIONS
from ironbird.ir.integers import as_bool, as_i32, as_symbol
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.core import EndOp
from ironbird.iron.dialects.descriptors import Mixed, host_layout, packet_header, shim_dma_bd
from ironbird.iron.dialects.dma_programs import bds
from ironbird.iron.dialects.fifos import fifo_name
from ironbird.iron.dialects.region import Built, RegionKind, region_of, value_of
from ironbird.iron.taplib.pattern import TensorAccessPattern


class PlacedTask(Built):
    """A task of the sequence."""


@builder
def dma_configure_task(
    tile: Any,
    direction: Any,
    channel: int,
    *,
    issue_token: bool | None = None,
    repeat_count: int | None = None,
    packet: Any = None,
    loc: Any = None,
    ip: Any = None,
) -> PlacedTask:
    """A task for a channel of a tile; `with bds(task) as bd:` makes its descriptors."""
    trace = region_of("dma_configure_task", RegionKind.SEQUENCE)
    made = aiex.DmaConfigureTaskOp(
        value_of(tile, "the tile of dma_configure_task"),
        Direction(direction),
        channel,
        Region(),
        issue_token=issue_token or None,
        repeat_count=repeat_count or None,
        packet=packet_header(packet),
    )
    return PlacedTask(trace.emit(made))


@builder
def dma_configure_task_for(
    alloc: Any,
    *,
    issue_token: bool | None = None,
    repeat_count: int | None = None,
    loc: Any = None,
    ip: Any = None,
) -> PlacedTask:
    """A task for the shim channel of a fifo or allocation."""
    trace = region_of("dma_configure_task_for", RegionKind.SEQUENCE)
    made = aiex.DmaConfigureTaskForOp(
        fifo_name(alloc, "dma_configure_task_for"),
        Region(),
        issue_token=issue_token or None,
        repeat_count=repeat_count or None,
    )
    return PlacedTask(trace.emit(made))


@builder
def shim_dma_single_bd_task(
    alloc: Any,
    mem: Any,
    tap: TensorAccessPattern | None = None,
    offset: Any = None,
    sizes: Mixed = None,
    strides: Mixed = None,
    transfer_len: Any = None,
    issue_token: bool = False,
    burst_length: int = 0,
    packet: Any = None,
    iteration: Any = None,
) -> PlacedTask:
    """A task of one descriptor, by a pattern or by sizes and strides of four dimensions.

    The outermost dimension becomes the task's repeat count.
    """
    what = "shim_dma_single_bd_task"
    offset, sizes, strides = host_layout(what, mem, tap, offset, sizes, strides)
    outermost = sizes[0] if len(sizes) == 4 else 1
    repeats = int(outermost) - 1 if isinstance(outermost, int) and outermost > 1 else None
    task = dma_configure_task_for(alloc, issue_token=issue_token, repeat_count=repeats)
    with bds(task) as bd, bd[0]:
        shim_dma_bd(
            mem,
            offset=offset,
            sizes=sizes,
            strides=strides,
            transfer_len=transfer_len,
            burst_length=burst_length,
            packet=packet,
            iteration=iteration,
        )
        EndOp()
    return task


@builder
def dma_start_task(*args: Any) -> None:
    """Start tasks, in their order."""
    for each in _tasks("dma_start_task", args):
        region_of("dma_start_task", RegionKind.SEQUENCE).emit(aiex.DmaStartTaskOp(each))


@builder
def dma_await_task(*args: Any) -> None:
    """Wait for tasks with `issue_token=True`; their descriptors are free afterwards."""
    for each in _tasks("dma_await_task", args):
        if not _issues_token(each):
            raise DesignError(
                "dma_await_task of a task without a token",
                at=author_line(),
                because="nothing tells the host that it is done",
                fix="issue_token=True where the task is configured",
            )
        region_of("dma_await_task", RegionKind.SEQUENCE).emit(aiex.DmaAwaitTaskOp(each))


@builder
def dma_free_task(*args: Any) -> None:
    """Give back the descriptors of tasks, on the author's word that they are done."""
    for each in _tasks("dma_free_task", args):
        region_of("dma_free_task", RegionKind.SEQUENCE).emit(aiex.DmaFreeTaskOp(each))


@builder
def dma_start_bd_chain(
    symbol: Any,
    args: Sequence[Any],
    tile: Any,
    direction: Any,
    channel: int,
    *,
    issue_token: bool | None = None,
    repeat_count: int | None = None,
    loc: Any = None,
    ip: Any = None,
) -> PlacedTask:
    """Start a chain made by `@bd_chain` with these buffers on a channel of a tile."""
    trace = region_of("dma_start_bd_chain", RegionKind.SEQUENCE)
    made = aiex.DmaStartBdChainOp(
        operands=[
            [value_of(each, "a buffer of a chain") for each in args],
            value_of(tile, "the tile of dma_start_bd_chain"),
        ],
        properties={
            **_chain_properties(symbol, issue_token, repeat_count),
            "direction": DIRECTIONS.attr(Direction(direction)),
            "channel": as_i32(channel),
        },
        result_types=[aiex.DmaStartBdChainOp.RESULT_TYPES[0]],
    )
    return PlacedTask(trace.emit(made))


@builder
def dma_start_bd_chain_for(
    symbol: Any,
    args: Sequence[Any],
    alloc: Any,
    *,
    issue_token: bool | None = None,
    repeat_count: int | None = None,
    loc: Any = None,
    ip: Any = None,
) -> PlacedTask:
    """Start a chain made by `@bd_chain` with these buffers on a fifo's or allocation's channel."""
    trace = region_of("dma_start_bd_chain_for", RegionKind.SEQUENCE)
    made = aiex.DmaStartBdChainForOp(
        operands=[[value_of(each, "a buffer of a chain") for each in args]],
        properties={
            **_chain_properties(symbol, issue_token, repeat_count),
            "alloc": as_symbol(fifo_name(alloc, "dma_start_bd_chain_for")),
        },
        result_types=[aiex.DmaStartBdChainForOp.RESULT_TYPES[0]],
    )
    return PlacedTask(trace.emit(made))


def _chain_properties(
    symbol: Any, issue_token: bool | None, repeat_count: int | None
) -> dict[str, Any]:
    return {
        "symbol": as_symbol(fifo_name(symbol, "a chain")),
        "issue_token": as_bool(issue_token or None),
        "repeat_count": as_i32(repeat_count or None),
    }


def _tasks(what: str, tasks: Sequence[Any]) -> list[Operation]:
    found: list[Operation] = []
    for each in tasks:
        op = each.op if isinstance(each, Built) else each
        if not isinstance(op, Operation):
            raise DesignError(
                f"{what} of a {type(each).__name__}",
                at=author_line(),
                because="it takes tasks",
                fix="the result of dma_configure_task_for(...) or shim_dma_single_bd_task(...)",
            )
        found.append(op)
    if not found:
        raise DesignError(f"{what}()", at=author_line(), fix=f"{what}(task)")
    return found


def _issues_token(task: Operation) -> bool:
    token = task.properties.get("issue_token")
    return isinstance(token, IntegerAttr) and token.value.data != 0
