"""The rules of the hardware, each a function of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from ironbird.base.device import DeviceModel
from ironbird.ir.aie import DeviceOp
from ironbird.passes.module_pass import ModulePass
from ironbird.passes.verify_physical.channel_rules import (
    channels_are_started_once,
    channels_exist,
    channels_pad_with_zeros,
    repeats_fit,
)
from ironbird.passes.verify_physical.core_rules import (
    cores_stand_on_core_tiles,
    cores_touch_memory_in_reach,
    parameters_are_written_inside,
)
from ironbird.passes.verify_physical.descriptor_rules import (
    descriptor_ids_exist_once,
    descriptor_iterations_fit,
    descriptor_layouts_fit,
    descriptor_lengths_match_layouts,
    descriptors_move_memory_in_reach,
    descriptors_stay_in_their_buffer,
    packet_headers_fit,
    padding_only_where_it_exists,
)
from ironbird.passes.verify_physical.lock_rules import (
    cores_use_locks_in_reach,
    descriptors_use_locks_in_reach,
    descriptors_use_one_lock_each_way,
    lock_counts_fit,
    lock_ids_exist_once,
    lock_values_fit,
)
from ironbird.passes.verify_physical.memory_rules import (
    buffers_are_aligned,
    buffers_do_not_overlap,
    buffers_lie_in_tile_memory,
    stacks_fit,
)
from ironbird.passes.verify_physical.switch_rules import (
    arbiters_and_rules_exist,
    connections_exist,
    outputs_are_driven_once,
)

# A rule relies on what the ones before it have made sure of: places, then memory, then use.
RULES: tuple[Callable[[DeviceOp, DeviceModel], None], ...] = (
    cores_stand_on_core_tiles,
    stacks_fit,
    buffers_lie_in_tile_memory,
    buffers_are_aligned,
    buffers_do_not_overlap,
    cores_touch_memory_in_reach,
    lock_ids_exist_once,
    lock_values_fit,
    lock_counts_fit,
    cores_use_locks_in_reach,
    channels_exist,
    channels_are_started_once,
    repeats_fit,
    channels_pad_with_zeros,
    descriptor_ids_exist_once,
    descriptor_lengths_match_layouts,
    descriptor_layouts_fit,
    descriptor_iterations_fit,
    descriptors_stay_in_their_buffer,
    descriptors_move_memory_in_reach,
    descriptors_use_one_lock_each_way,
    descriptors_use_locks_in_reach,
    padding_only_where_it_exists,
    packet_headers_fit,
    connections_exist,
    outputs_are_driven_once,
    arbiters_and_rules_exist,
    parameters_are_written_inside,
)


@dataclass(frozen=True)
class VerifyPhysical(ModulePass):
    """Hold the lowered device against every rule of the hardware.

    Before:  a placed, lowered, routed device, ours or one read from text.
    After:   nothing changed.
    Refuses: what a rule in `RULES` finds, in their order.
    """

    name: ClassVar[str] = "verify-physical"

    def apply(self, device: DeviceOp, model: DeviceModel) -> None:
        for rule in RULES:
            rule(device, model)
