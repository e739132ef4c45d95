"""Placement and fifo lowering make what mlir-aie makes of the same designs."""

import pytest
from xdsl.dialects.builtin import ModuleOp

from ironbird.ir import print_module
from ironbird.ir.aie import CoreOp, tile_of
from ironbird.passes.assign_buffer_addresses import AssignBufferAddresses
from ironbird.passes.assign_core_link_files import AssignCoreLinkFiles
from ironbird.passes.assign_descriptor_ids import AssignDescriptorIds
from ironbird.passes.assign_lock_ids import AssignLockIds
from ironbird.passes.lower_cascades import LowerCascades
from ironbird.passes.lower_object_fifos import LowerObjectFifos
from ironbird.passes.module_pass import ModulePass
from ironbird.passes.place_tiles import PlaceTiles
from tests.lowering_samples import AUGUST, folders
from tests.lowering_samples import read_sample as read_sample_of
from tests.passes.core_trace import trace_of
from tests.passes.equivalence import devices_in, differences

LOWERING: tuple[ModulePass, ...] = (
    LowerObjectFifos(),
    AssignLockIds(),
    AssignDescriptorIds(),
    LowerCascades(),
    AssignBufferAddresses(),
    AssignCoreLinkFiles(),
)

# What these have beyond fifos is lowered by other passes, or refused by name.
WITHOUT_LOWERING = {"27_trace", "40_scratchpad_parameter", "41_rearm"}
FOLDERS = [folder for folder in folders(AUGUST) if folder not in WITHOUT_LOWERING]
# Locks and buffers without names, which a trace could not tell apart; their fifos are compared.
WITHOUT_TRACE = {"17_rtp_and_barrier"}
TRACED = [folder for folder in FOLDERS if folder not in WITHOUT_TRACE]


def read_sample(folder: str, file: str) -> ModuleOp:
    """A module of August."""
    return read_sample_of(AUGUST, folder, file)


def apply(module: ModuleOp, *passes: ModulePass) -> ModuleOp:
    """`module` after `passes`."""
    for device in devices_in(module):
        for each in passes:
            each.apply(device, device.model)
    module.verify()
    return module


@pytest.mark.parametrize("folder", FOLDERS)
def test_placement(folder: str) -> None:
    found = apply(read_sample(folder, "in.mlir"), PlaceTiles())
    if folder == "24_init_values":
        # mlir-aie folds an addition of zero while it places.
        expected = print_module(read_sample(folder, "placed.mlir")).splitlines()
        lines = print_module(found).splitlines()
        assert [line.strip() for line in lines if line not in expected] == [
            "%5 = arith.addi %4, %c0_i32 : i32"
        ]
    else:
        assert print_module(found) == print_module(read_sample(folder, "placed.mlir"))


@pytest.mark.parametrize("folder", FOLDERS)
def test_memory_locks_and_dma(folder: str) -> None:
    found = apply(read_sample(folder, "placed.mlir"), *LOWERING)
    expected = read_sample(folder, "lowered.mlir")
    for ours, theirs in zip(devices_in(found), devices_in(expected), strict=True):
        assert differences(theirs, ours) == []


@pytest.mark.parametrize("folder", TRACED)
def test_cores_do_the_same(folder: str) -> None:
    found = apply(read_sample(folder, "placed.mlir"), *LOWERING)
    assert _traces(found) == _traces(read_sample(folder, "lowered.mlir"))


@pytest.mark.parametrize("folder", TRACED)
def test_cores_do_what_unrolled_ones_do(folder: str) -> None:
    found = apply(read_sample(folder, "placed.mlir"), *LOWERING)
    assert _traces(found) == _traces(read_sample(folder, "lowered_static.mlir"))


def test_lowering_twice_changes_nothing() -> None:
    once = apply(read_sample("12_split_join_four", "placed.mlir"), *LOWERING)
    text = print_module(once)
    assert print_module(apply(once, PlaceTiles(), *LOWERING)) == text


def _traces(module: ModuleOp) -> dict[str, list[object]]:
    return {
        str(tile_of(op.tile)): list(trace_of(op)) for op in module.walk() if isinstance(op, CoreOp)
    }
