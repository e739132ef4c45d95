"""Tiles with more fifos than DMA channels are refused by the names of all users."""

# ruff: noqa: E501  (the lines are messages and MLIR, shown as they are)

import pytest

from ironbird.passes.lower_object_fifos import LowerObjectFifos
from tests.passes.refusals import TILES, refusal

CASES = {
    "three fifos into a core": (
        TILES
        + """\
%shim1 = aie.tile(1, 0)
aie.objectfifo @f0(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @f1(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @f2(%shim1, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:10:1: Too many fifos arrive at tile (0, 2)
  because: 3 S2MM channels are needed (ObjectFifo 'f0', ObjectFifo 'f1', ObjectFifo 'f2'); the tile has 2
  try: join them on a memory tile, or place the other core beside this one""",
    ),
    "three fifos out of a shim": (
        TILES
        + """\
aie.objectfifo @f0(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @f1(%shim, {%north}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @f2(%shim, {%far}, 2 : i32) : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:9:1: Too many fifos leave tile (0, 0)
  because: 3 MM2S channels are needed (ObjectFifo 'f0', ObjectFifo 'f1', ObjectFifo 'f2'); the tile has 2
  try: spread them over two shim tiles""",
    ),
    "a channel that does not exist": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 2 : i32) {prod_dma_channel = 2 : i32} : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:7:1: ObjectFifo 'f' asks for MM2S channel 2 of tile (0, 0)
  because: the tile has channels 0..1""",
    ),
    "a channel taken twice": (
        TILES
        + """\
aie.objectfifo @f(%shim, {%core}, 2 : i32) {prod_dma_channel = 1 : i32} : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @g(%shim, {%north}, 2 : i32) {prod_dma_channel = 1 : i32} : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:8:1: ObjectFifo 'g' asks for MM2S channel 1 of tile (0, 0), which is taken
  because: ObjectFifo 'f' uses it
  try: another channel, or none to have one chosen""",
    ),
    "a channel of a flow by hand": (
        TILES
        + """\
aie.flow(%shim, DMA : 0, %north, DMA : 0)
aie.flow(%shim, DMA : 1, %north, DMA : 1)
aie.objectfifo @f(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>""",
        """\
design.mlir:9:1: Too many fifos leave tile (0, 0)
  because: 3 MM2S channels are needed (the flow at design.mlir:7:1, the flow at design.mlir:8:1, ObjectFifo 'f'); the tile has 2
  try: spread them over two shim tiles""",
    ),
}


@pytest.mark.parametrize(("text", "message"), CASES.values(), ids=CASES.keys())
def test_refusals(text: str, message: str) -> None:
    assert refusal(text, LowerObjectFifos()) == message
