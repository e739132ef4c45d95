"""Whole transfers in the sequence: `npu_dma_memcpy_nd`, and the waits for them."""

from typing import Any

from ironbird.base.errors import DesignError
from ironbird.base.source_line import author_line
from ironbird.ir import aiex
from ironbird.iron.core_values import is_number, scalar_of
from ironbird.iron.dialects.builder import builder
from ironbird.iron.dialects.descriptors import (
    Mixed,
    host_layout,
    numbers_or_values,
    packet_header,
)
from ironbird.iron.dialects.fifos import fifo_name
from ironbird.iron.dialects.region import Built, RegionKind, region_of, value_of
from ironbird.iron.mlir_types import I32
from ironbird.iron.taplib.pattern import TensorAccessPattern


class NpuDmaMemcpyNd(Built):
    """Move a tensor of the host into or out of the fifo or allocation `metadata`.

    bd_id: the shim descriptor, free again once the transfer is waited for. Offsets, sizes and
    strides are in elements of four dimensions, outermost first; the outermost is repeated.
    issue_token: `dma_wait` can wait for it; always so for a transfer into the host's memory.
    """

    op: aiex.NpuDmaMemcpyNdOp

    def __init__(
        self,
        metadata: Any,
        bd_id: int,
        mem: Any,
        tap: TensorAccessPattern | None = None,
        offsets: Mixed = None,
        sizes: Mixed = None,
        strides: Mixed = None,
        issue_token: bool | None = None,
        burst_length: int = 0,
        packet: Any = None,
        loc: Any = None,
        ip: Any = None,
    ) -> None:
        what = "npu_dma_memcpy_nd"
        trace = region_of(what, RegionKind.SEQUENCE)
        if tap is not None and offsets is not None:
            raise DesignError(
                f"{what} takes either a TensorAccessPattern or offsets, sizes and strides, "
                "not both",
                at=author_line(),
                fix="tap= alone",
            )
        start, sizes, strides = host_layout(what, mem, tap, None, sizes, strides)
        made = aiex.NpuDmaMemcpyNdOp(
            value_of(mem, f"the tensor of {what}"),
            fifo_name(metadata, what),
            bd_id,
            [0, 0, 0, start] if offsets is None else numbers_or_values(offsets) or [],
            numbers_or_values(sizes) or [],
            numbers_or_values(strides) or [],
            issue_token=bool(issue_token),
            burst_length=burst_length,
            packet=packet_header(packet),
        )
        super().__init__(trace.emit(made))


npu_dma_memcpy_nd = NpuDmaMemcpyNd


@builder
def dma_wait(*args: Any) -> None:
    """Wait for a transfer of each fifo or allocation, in their order."""
    trace = region_of("dma_wait", RegionKind.SEQUENCE)
    if not args:
        raise DesignError("dma_wait()", at=author_line(), fix="dma_wait(fifo)")
    for each in args:
        trace.emit(aiex.NpuDmaWaitOp(fifo_name(each, "dma_wait")))


@builder
def npu_dma_wait(symbol: Any, **_place: Any) -> None:
    """Wait for a transfer of a fifo or allocation."""
    dma_wait(symbol)


@builder
def npu_sync(
    column: Any,
    row: Any,
    direction: Any,
    channel: Any,
    column_num: Any = 1,
    row_num: Any = 1,
    loc: Any = None,
    ip: Any = None,
) -> None:
    """Wait for a token of a channel; direction 0 is S2MM, 1 is MM2S."""
    trace = region_of("npu_sync", RegionKind.SEQUENCE)
    given = (column, row, direction, channel, column_num, row_num)
    for each in given:
        if is_number(each) and each < 0:
            raise DesignError(f"npu_sync of {each}", at=author_line(), because="the least is 0")
    values = [scalar_of(each, I32, what="npu_sync").ssa for each in given]
    trace.emit(aiex.NpuSyncOp(*values))
