"""Links that do not fit together are refused by the names of their fifos."""

# ruff: noqa: E501  (the lines are messages and MLIR, shown as they are)

import pytest

from ironbird.passes.lower_object_fifos import LowerObjectFifos
from tests.passes.refusals import TILES, refusal

CASES = {
    "unknown fifo in a link": (
        TILES
        + """\
aie.objectfifo @a(%shim, {%memory}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@a] -> [@zz]([] [])""",
        """\
design.mlir:8:1: The link [a] -> [zz] names an ObjectFifo 'zz' that does not exist
  try: one of [a]""",
    ),
    "join and split at once": (
        TILES
        + """\
aie.objectfifo @a(%core, {%memory}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @b(%north, {%memory}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @c(%memory, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @d(%memory, {%north}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@a, @b] -> [@c, @d]([0, 16] [0, 16])""",
        """\
design.mlir:11:1: The link [a, b] -> [c, d] joins and distributes at once
  because: 2 inputs and 2 outputs; one side must have one
  try: a join into one fifo that a second link distributes""",
    ),
    "no shared tile": (
        TILES
        + """\
aie.objectfifo @a(%shim, {%memory}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @b(%core, {%far}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@a] -> [@b]([] [])""",
        """\
design.mlir:9:1: The link [a] -> [b] has no tile that all its fifos share
  because: 'a' arrives at (0, 1); 'b' is sent from (0, 2)
  try: inputs whose consumer is the tile that produces the outputs""",
    ),
    "split on a core tile": (
        TILES
        + """\
aie.objectfifo @a(%shim, {%core}, 2 : i32) : !aie.objectfifo<memref<32xi32>>
aie.objectfifo @b(%core, {%far}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @c(%core, {%memory}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@a] -> [@b, @c]([] [0, 16])""",
        """\
design.mlir:10:1: The link [a] -> [b, c] splits or joins on tile (0, 2)
  because: tile (0, 2) is a core tile; only a memory tile can
  try: place the link on a memory tile""",
    ),
    "different repeat counts": (
        TILES
        + """\
aie.objectfifo @a(%shim, {%memory}, 2 : i32) : !aie.objectfifo<memref<32xi32>>
aie.objectfifo @b(%memory, {%core}, 2 : i32) {repeat_count = 2 : i32} : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @c(%memory, {%far}, 2 : i32) {repeat_count = 3 : i32} : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@a] -> [@b, @c]([] [0, 16])""",
        """\
design.mlir:10:1: The link [a] -> [b, c] has outputs with different repeat counts
  because: 'b' sends each object 2 times, 'c' 3 times
  try: the same repeat_count for all outputs""",
    ),
    "too few offsets": (
        TILES
        + """\
aie.objectfifo @a(%shim, {%memory}, 2 : i32) : !aie.objectfifo<memref<32xi32>>
aie.objectfifo @b(%memory, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @c(%memory, {%far}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@a] -> [@b, @c]([] [0])""",
        """\
design.mlir:10:1: The link [a] -> [b, c] needs one offset per part
  because: it gives 1; it has 2 parts""",
    ),
    "offset past the object": (
        TILES
        + """\
aie.objectfifo @a(%shim, {%memory}, 2 : i32) : !aie.objectfifo<memref<32xi32>>
aie.objectfifo @b(%memory, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @c(%memory, {%far}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@a] -> [@b, @c]([] [0, 40])""",
        """\
design.mlir:10:1: The link [a] -> [b, c] gives ObjectFifo 'b' a part of another size than its objects
  because: offsets [0, 40] make the part 160 bytes; an object of 'b' has 64
  try: offsets whose distances are the sizes of the parts""",
    ),
    "parts of another size": (
        TILES
        + """\
aie.objectfifo @a(%shim, {%memory}, 2 : i32) : !aie.objectfifo<memref<40xi32>>
aie.objectfifo @b(%memory, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @c(%memory, {%far}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@a] -> [@b, @c]([] [0, 20])""",
        """\
design.mlir:10:1: The link [a] -> [b, c] gives ObjectFifo 'b' a part of another size than its objects
  because: offsets [0, 20] make the part 80 bytes; an object of 'b' has 64
  try: offsets whose distances are the sizes of the parts""",
    ),
    "layout across parts": (
        TILES
        + """\
aie.objectfifo @a(%core, {%memory}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @b(%far, {%memory}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @c(%memory dimensionsToStream [<size = 2, stride = 16>, <size = 16, stride = 1>], {%shim}, 2 : i32) : !aie.objectfifo<memref<32xi32>>
aie.objectfifo.link [@a, @b] -> [@c]([0, 16] [])""",
        """\
design.mlir:10:1: The link [a, b] -> [c] has a layout on 'c' that reaches past one part
  because: the layout is applied to each part; it reaches element 31 of a part of 16
  try: a layout of one part""",
    ),
    "two links": (
        TILES
        + """\
aie.objectfifo @a(%shim, {%memory}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @b(%memory, {%core}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo @c(%memory, {%far}, 2 : i32) : !aie.objectfifo<memref<16xi32>>
aie.objectfifo.link [@a] -> [@b]([] [])
aie.objectfifo.link [@a] -> [@c]([] [])""",
        """\
design.mlir:11:1: ObjectFifo 'a' is in two links on the same side
  because: it was linked before at design.mlir:10:1
  try: one link with several outputs, or a second fifo""",
    ),
}


@pytest.mark.parametrize(("text", "message"), CASES.values(), ids=CASES.keys())
def test_refusals(text: str, message: str) -> None:
    assert refusal(text, LowerObjectFifos()) == message
