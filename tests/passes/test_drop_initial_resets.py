"""Resets of the whole array before the first transfer change nothing; others are refused."""

import pytest

from ironbird.base.errors import DesignError
from ironbird.ir import parse_module, print_module
from ironbird.ir.aie import DeviceOp
from ironbird.passes.lower_sequence import DropInitialResets
from ironbird.passes.pipeline import lower
from tests.lowering_samples import AUGUST, sample_text

FIRST_RESETS = """\
      aiex.core_reset(%tile_0_2)
      aiex.dma_channel_reset_for(@feed)
      aiex.dma_channel_reset_for(@feed_on)
      aiex.dma_channel_reset_for(@drain)
      aiex.dma_channel_reset(%mem_tile_0_1, S2MM, 4)
"""
DESIGN = sample_text(AUGUST, "41_rearm", "in.mlir")
FIX = "\n  try: resets of every core and every fifo at the start of the sequence, or none"


def with_resets(resets: str) -> str:
    """The sample, its sequence beginning with `resets`."""
    assert FIRST_RESETS in DESIGN
    return DESIGN.replace(FIRST_RESETS, resets)


def test_resets_of_everything_are_dropped() -> None:
    module = parse_module(DESIGN, "reset.mlir")
    (device,) = [op for op in module.body.block.ops if isinstance(op, DeviceOp)]
    DropInitialResets().apply(device, device.model)
    without = parse_module(with_resets(""), "reset.mlir")
    assert print_module(module) == print_module(without)


REFUSED = {
    "no core": (
        "aiex.dma_channel_reset_for(@feed)\n",
        "reset.mlir:28:1: aiex.dma_channel_reset_for cannot be simulated here\n"
        "  because: the resets before the first transfer leave ObjectFifo 'feed_on' as it is",
    ),
    "the core alone": (
        "aiex.core_reset(%tile_0_2)\n",
        "reset.mlir:28:1: aiex.core_reset cannot be simulated here\n"
        "  because: the resets before the first transfer leave ObjectFifo 'feed' as it is",
    ),
    "the fifos alone": (
        "".join(f"aiex.dma_channel_reset_for(@{name})\n" for name in ("feed", "feed_on", "drain")),
        "reset.mlir:28:1: aiex.dma_channel_reset_for cannot be simulated here\n"
        "  because: the resets before the first transfer leave the core of tile (0, 2) as it is",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_resets_of_a_part_are_refused(case: str) -> None:
    resets, message = REFUSED[case]
    with pytest.raises(DesignError) as refusal:
        lower(parse_module(with_resets(resets), "reset.mlir"))
    assert str(refusal.value) == message + FIX


def test_a_reset_behind_a_transfer_is_refused() -> None:
    text = DESIGN.replace(
        "aiex.dma_await_task(%1)\n", "aiex.dma_await_task(%1)\naiex.core_reset(%tile_0_2)\n"
    )
    with pytest.raises(DesignError) as refusal:
        lower(parse_module(text, "reset.mlir"))
    assert str(refusal.value) == (
        "reset.mlir:44:1: aiex.core_reset cannot be simulated here\n"
        "  because: it stands behind other work of the sequence" + FIX
    )


def test_a_channel_that_nothing_starts_again_is_refused() -> None:
    """After lowering, a plain reset of a channel stops its chain."""
    text = sample_text(AUGUST, "41_rearm", "lowered.mlir").replace(
        "aiex.dma_channel_reset_for(@feed_rearm)", "aiex.dma_channel_reset(%mem_tile_0_1, S2MM, 0)"
    )
    with pytest.raises(DesignError) as refusal:
        lower(parse_module(text, "reset.mlir"))
    assert str(refusal.value) == (
        "reset.mlir:73:7: aiex.core_reset cannot be simulated here\n"
        "  because: the resets before the first transfer leave lock 'feed_cons_prod_lock_0' as it "
        "is" + FIX
    )
