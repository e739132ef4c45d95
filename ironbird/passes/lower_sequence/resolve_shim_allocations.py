"""Names of fifo ends become the tile and channel they stand for."""

from dataclasses import dataclass
from typing import ClassVar

from ironbird.base.device import DeviceModel
from ironbird.ir.aie import DeviceOp
from ironbird.ir.aiex import DmaConfigureTaskForOp, DmaConfigureTaskOp
from ironbird.ir.integers import number_of
from ironbird.ir.locations import named_location, source_line_of
from ironbird.passes.lower_sequence.sequences import replace_op, sequence_ops
from ironbird.passes.lower_sequence.shim_allocations import find_allocation, shim_allocations
from ironbird.passes.module_pass import ModulePass


@dataclass(frozen=True)
class ResolveShimAllocations(ModulePass):
    """Give every task of a runtime sequence its tile, direction and channel.

    Before:  `aiex.dma_configure_task_for` names a shim allocation.
    After:   `aiex.dma_configure_task` everywhere; its location names the fifo.
    Refuses: a name without an allocation.
    """

    name: ClassVar[str] = "resolve-shim-allocations"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        allocations = shim_allocations(device)
        for op in list(sequence_ops(device, DmaConfigureTaskForOp)):
            line = source_line_of(op)
            found = find_allocation(allocations, op.alloc_name, line)
            resolved = DmaConfigureTaskOp(
                found.tile,
                found.direction,
                found.channel,
                op.detach_region(op.body),
                issue_token=None if op.issue_token is None else number_of(op.issue_token) != 0,
                repeat_count=None if op.repeat_count is None else number_of(op.repeat_count),
                packet=found.packet,
            )
            resolved.location = named_location(found.fifo, line)
            replace_op(op, resolved)
