"""The runtime sequence, from what the front end writes to tasks with ids on channels of tiles."""

from ironbird.passes.lower_sequence.assign_task_descriptor_ids import AssignTaskDescriptorIds
from ironbird.passes.lower_sequence.bound_task_queues import BoundTaskQueues
from ironbird.passes.lower_sequence.check_transfer_sizes import CheckTransferSizes
from ironbird.passes.lower_sequence.drop_initial_resets import DropInitialResets
from ironbird.passes.lower_sequence.expand_transfers import ExpandTransfers
from ironbird.passes.lower_sequence.resolve_shim_allocations import ResolveShimAllocations
from ironbird.passes.lower_sequence.split_transfers import SplitTransfers
from ironbird.passes.lower_sequence.unroll_sequence_loops import UnrollSequenceLoops

__all__ = [
    "AssignTaskDescriptorIds",
    "BoundTaskQueues",
    "CheckTransferSizes",
    "DropInitialResets",
    "ExpandTransfers",
    "ResolveShimAllocations",
    "SplitTransfers",
    "UnrollSequenceLoops",
]
