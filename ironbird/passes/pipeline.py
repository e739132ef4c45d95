"""The passes in their order, from what the front end writes to what the hardware holds.

The passes that look at cores know `scf` loops, so `affine` ones are rewritten before all else.
Placement comes next, since everything that follows depends on which tiles touch. Ids and addresses
come after everything that makes buffers, locks and descriptors. The sequence comes before routing
only to fail first: neither needs the other.
"""

import difflib

from xdsl.dialects.builtin import ModuleOp

from ironbird.base.errors import DesignError, UsageError
from ironbird.base.npu1 import DEVICES
from ironbird.ir.aie import DeviceOp
from ironbird.ir.locations import source_line_of
from ironbird.passes.assign_buffer_addresses import AssignBufferAddresses
from ironbird.passes.assign_core_link_files import AssignCoreLinkFiles
from ironbird.passes.assign_descriptor_ids import AssignDescriptorIds
from ironbird.passes.assign_lock_ids import AssignLockIds
from ironbird.passes.lower_affine import LowerAffine
from ironbird.passes.lower_cascades import LowerCascades
from ironbird.passes.lower_multicasts import LowerMulticasts
from ironbird.passes.lower_object_fifos import LowerObjectFifos
from ironbird.passes.lower_sequence import (
    AssignTaskDescriptorIds,
    BoundTaskQueues,
    CheckTransferSizes,
    DropInitialResets,
    ExpandTransfers,
    ResolveShimAllocations,
    SplitTransfers,
    UnrollSequenceLoops,
)
from ironbird.passes.lower_traces import LowerTraces
from ironbird.passes.module_pass import ModulePass
from ironbird.passes.place_tiles import PlaceTiles
from ironbird.passes.route_flows import RouteFlows
from ironbird.passes.verify_physical import VerifyPhysical

PIPELINE: tuple[ModulePass, ...] = (
    LowerAffine(),
    PlaceTiles(),
    LowerMulticasts(),
    DropInitialResets(),
    LowerObjectFifos(),
    LowerCascades(),
    LowerTraces(),
    AssignLockIds(),
    AssignDescriptorIds(),
    AssignBufferAddresses(),
    AssignCoreLinkFiles(),
    UnrollSequenceLoops(),
    ResolveShimAllocations(),
    ExpandTransfers(),
    SplitTransfers(),
    CheckTransferSizes(),
    AssignTaskDescriptorIds(),
    BoundTaskQueues(),
    RouteFlows(),
    VerifyPhysical(),
)


def lower(module: ModuleOp, stop_after: str | None = None) -> ModuleOp:
    """`module` as the pass `stop_after` leaves it, or the last one. `module` is not changed.

    A module that is placed, lowered or routed already passes through the steps it has behind it.
    Raises UsageError for the name of no pass; DesignError for what the device cannot do.
    """
    last = len(PIPELINE) - 1 if stop_after is None else _position(stop_after)
    lowered = module.clone()
    for device in [op for op in lowered.body.block.ops if isinstance(op, DeviceOp)]:
        _refuse_unknown_device(device)
        for each in PIPELINE[: last + 1]:
            each.apply(device, device.model)
    return lowered


def pass_names() -> list[str]:
    """The names that `stop_after` takes, in the order of the passes."""
    return [each.name for each in PIPELINE]


def _position(stop_after: str) -> int:
    names = pass_names()
    if stop_after in names:
        return names.index(stop_after)
    near = difflib.get_close_matches(stop_after, names, n=1)
    raise UsageError(
        f"there is no pass called {stop_after!r}",
        because=f"the passes are {', '.join(names)}",
        fix=near[0] if near else "one of these",
    )


def _refuse_unknown_device(device: DeviceOp) -> None:
    if device.device_name not in DEVICES:
        raise DesignError(
            f"device {device.device_name} is not one that we lower for",
            at=source_line_of(device),
            because=f"known are {', '.join(DEVICES)}",
            fix="npu1",
        )
