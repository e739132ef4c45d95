# ruff: noqa: E501 - MLIR text keeps its lines
"""The passes in a row: stopping between them, going on from there, leaving the input alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from passes.sequence_modules import forward, task

from ironbird.base.errors import DesignError, UsageError
from ironbird.ir import parse_module, print_module
from ironbird.passes.pipeline import PIPELINE, lower, pass_names
from ironbird.plan import build_plan, fingerprint
from tests.lowering_samples import AUGUST, NO_PLAN, folders, read_sample

NAMES = [
    "lower-affine",
    "place-tiles",
    "lower-multicasts",
    "drop-initial-resets",
    "lower-object-fifos",
    "lower-cascade-flows",
    "lower-traces",
    "assign-lock-ids",
    "assign-descriptor-ids",
    "assign-buffer-addresses",
    "assign-core-link-files",
    "unroll-sequence-loops",
    "resolve-shim-allocations",
    "expand-transfers",
    "split-transfers",
    "check-transfer-sizes",
    "assign-task-descriptor-ids",
    "bound-task-queues",
    "route-flows",
    "verify-physical",
]

DESIGN = """module {
  aie.device(npu1) {
    %core_tile = aie.logical_tile<CoreTile>(?, ?)
    %in = aie.logical_tile<ShimNOCTile>(?, ?)
    %out = aie.logical_tile<ShimNOCTile>(?, ?)
    aie.objectfifo @x(%in, {%core_tile}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    aie.objectfifo @y(%core_tile, {%out}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
    %core = aie.core(%core_tile) {
      %c0 = arith.constant 0 : index
      %c4 = arith.constant 4 : index
      %c1 = arith.constant 1 : index
      scf.for %i = %c0 to %c4 step %c1 {
        %a = aie.objectfifo.acquire @x(Consume, 1) : !aie.objectfifosubview<memref<16xi32>>
        %b = aie.objectfifo.acquire @y(Produce, 1) : !aie.objectfifosubview<memref<16xi32>>
        %from = aie.objectfifo.subview.access %a[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
        %to = aie.objectfifo.subview.access %b[0] : !aie.objectfifosubview<memref<16xi32>> -> memref<16xi32>
        %v = memref.load %from[%c0] : memref<16xi32>
        memref.store %v, %to[%c0] : memref<16xi32>
        aie.objectfifo.release @x(Consume, 1)
        aie.objectfifo.release @y(Produce, 1)
      }
      aie.end
    }
    aie.runtime_sequence(%a: memref<64xi32>, %b: memref<64xi32>) {
      %s = aiex.dma_configure_task_for @x {
        aie.dma_bd(%a : memref<64xi32> offset = 0 len = 64)
        aie.end
      }
      aiex.dma_start_task(%s)
      %t = aiex.dma_configure_task_for @y {
        aie.dma_bd(%b : memref<64xi32> offset = 0 len = 64)
        aie.end
      } {issue_token = true}
      aiex.dma_start_task(%t)
      aiex.dma_await_task(%t)
    }
  }
}
"""


def test_the_passes_have_these_names_in_this_order() -> None:
    assert pass_names() == NAMES
    assert [each.name for each in PIPELINE] == NAMES


def test_lowering_leaves_its_input_alone() -> None:
    module = parse_module(DESIGN, "design.mlir")
    before = print_module(module)
    lower(module)
    assert print_module(module) == before


@pytest.mark.parametrize("name", NAMES)
def test_a_module_stopped_anywhere_goes_on_to_the_same_plan(name: str) -> None:
    """Also through text: what a pass leaves can be printed, read again, and lowered on."""
    whole = build_plan(lower(parse_module(DESIGN, "design.mlir")))
    stopped = lower(parse_module(DESIGN, "design.mlir"), name)
    stopped.verify()
    assert build_plan(lower(stopped)) == whole
    reread = parse_module(print_module(stopped), "stopped.mlir")
    assert fingerprint(build_plan(lower(reread))) == fingerprint(whole)


def test_a_pass_with_nothing_left_to_do_changes_nothing() -> None:
    lowered = print_module(lower(parse_module(DESIGN, "design.mlir")))
    assert print_module(lower(parse_module(lowered, "lowered.mlir"))) == lowered


@pytest.mark.parametrize("file", ["in.mlir", "lowered.mlir", "npu.mlir"])
@pytest.mark.parametrize("folder", [each for each in folders(AUGUST) if each not in NO_PLAN])
def test_lowering_a_lowered_sample_changes_nothing(folder: str, file: str) -> None:
    once = lower(read_sample(AUGUST, folder, file))
    assert print_module(lower(once)) == print_module(once)


def test_stopping_after_an_early_pass_leaves_the_later_work_undone() -> None:
    placed = print_module(lower(parse_module(DESIGN, "design.mlir"), "place-tiles"))
    assert "aie.logical_tile" not in placed
    assert "aie.objectfifo @x" in placed
    fifos = print_module(lower(parse_module(DESIGN, "design.mlir"), "lower-object-fifos"))
    assert "aie.objectfifo" not in fifos
    assert "address =" not in fifos
    assert "aie.flow" in fifos


@pytest.mark.parametrize(
    ("name", "fix"),
    [("place-tile", "place-tiles"), ("route", "route-flows"), ("xyzzy", "one of these")],
)
def test_the_name_of_no_pass_is_refused(name: str, fix: str) -> None:
    with pytest.raises(UsageError) as refusal:
        lower(parse_module(DESIGN, "design.mlir"), name)
    assert str(refusal.value) == (
        f"there is no pass called {name!r}\n"
        f"  because: the passes are {', '.join(NAMES)}\n"
        f"  try: {fix}"
    )


def test_a_device_that_we_do_not_model_is_refused_by_name() -> None:
    with pytest.raises(DesignError) as refusal:
        lower(parse_module("module {\n  aie.device(npu2) {\n  }\n}\n", "design.mlir"))
    assert str(refusal.value) == (
        "design.mlir:2:3: device npu2 is not one that we lower for\n"
        "  because: known are npu1, npu1_1col, npu1_2col, npu1_3col\n"
        "  try: npu1"
    )


@given(st.lists(st.integers(1, 16), min_size=1, max_size=6), st.integers(0, 2**31 - 1))
def test_lowering_is_a_function_of_the_module(objects: list[int], seed: int) -> None:
    """Sequences of any sizes: the same module twice gives the same text, and it lowers to itself."""
    sequence = "".join(
        task(
            f"t{n}", "up", f"%a : memref<65536xi32> offset = {(seed + n) % 1024} len = {64 * count}"
        )
        + f"aiex.dma_start_task(%t{n})\n"
        for n, count in enumerate(objects)
    )
    one, other = (print_module(lower(forward(sequence))) for _ in range(2))
    assert one == other
    assert print_module(lower(parse_module(one, "lowered.mlir"))) == one
